"""The tray: holding, confirming, the message with a gift, and the sender's name."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e.pages import violations
from e2e.room import choose, open_bobs_room, press
from e2e.site import Site
from e2e.tray import (
    PHONE,
    at_bobs,
    button,
    expect_balance,
    give,
    question,
    show_name,
    undo_item,
    undone,
)

pytestmark = pytest.mark.browser

LOCKED = "toast-parachute"
LEVEL = """
from gifts.models import Gift
Gift.objects.filter(slug="{slug}").update(from_level={level})
"""


@pytest.fixture(scope="module")
def noor(site: Site) -> str:
    """A fan who can afford the large ones."""
    give(site, "noor", 60_000)
    return "noor"


@pytest.fixture
def a_locked_gift(site: Site) -> Iterator[str]:
    """A gift for the highest level only."""
    site.shell(LEVEL.format(slug=LOCKED, level=10))
    yield LOCKED
    site.shell(LEVEL.format(slug=LOCKED, level=0))


HELD = re.compile(r"\bis-held\b")


def hold(page: Page, gift: str) -> None:
    """Press the button of a gift with the mouse until its ring has closed."""
    button(page, gift).hover()
    page.mouse.down()
    expect(button(page, gift)).not_to_have_class(HELD)
    page.mouse.up()


def test_a_big_gift_is_held_and_let_go_early_it_is_not_sent(
    signed_in: Callable[..., Page], noor: str
) -> None:
    page, before = at_bobs(signed_in, "storm-choir", noor, **PHONE, moving=True)
    button(page, "storm-choir").click()
    expect(page.get_by_text("Hold the button for a second to send.")).to_be_visible()
    expect_balance(page, before)
    # A press without holding is asked about instead.
    page.get_by_role("button", name="Ask me first").click()
    expect(question(page)).to_contain_text(
        re.compile(r"Send Storm Choir for €[\d.]+ \(2,500 coins\)")
    )
    question(page).get_by_role("button", name="Not now").click()
    expect_balance(page, before)
    hold(page, "storm-choir")
    expect(undo_item(page)).to_contain_text("Storm Choir sent")
    expect_balance(page, before - 2_500)


def test_by_keyboard_it_is_held_too_or_asked(signed_in: Callable[..., Page], noor: str) -> None:
    page, before = at_bobs(signed_in, "storm-choir", noor, moving=True)
    button(page, "storm-choir").focus()
    page.keyboard.press("Enter")
    expect(question(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(button(page, "storm-choir")).to_be_focused()
    page.keyboard.down(" ")
    expect(button(page, "storm-choir")).not_to_have_class(HELD)
    page.keyboard.up(" ")
    expect_balance(page, before - 2_500)
    expect(question(page)).to_be_hidden()


def test_the_largest_gift_is_held_and_then_asked_about(
    signed_in: Callable[..., Page], noor: str
) -> None:
    page, before = at_bobs(signed_in, "new-horizon", noor, moving=True)
    hold(page, "new-horizon")
    expect(question(page)).to_contain_text(
        re.compile(r"This is a large gift, so please check again: €[\d.]+ \(25,000 coins\)")
    )
    question(page).get_by_role("button", name="Not now").click()
    expect_balance(page, before)
    # Without holding it takes two answers, and a double press is one.
    button(page, "new-horizon").focus()
    page.keyboard.press("Enter")
    expect(question(page)).to_contain_text(
        re.compile(r"Send New Horizon for €[\d.]+ \(25,000 coins\)")
    )
    question(page).get_by_role("button", name="Send").dblclick()
    expect(question(page)).to_contain_text("This is a large gift, so please check again")
    expect_balance(page, before)


def test_less_motion_means_a_question_instead_of_a_ring(
    signed_in: Callable[..., Page], noor: str
) -> None:
    page, before = at_bobs(signed_in, "storm-choir", noor)
    press(page, "storm-choir")
    question(page).get_by_role("button", name="Send").click()
    expect_balance(page, before - 2_500)


def test_a_fan_chooses_from_when_to_be_asked(signed_in: Callable[..., Page]) -> None:
    page, before = at_bobs(signed_in, "tide-hello")
    press(page, "tide-hello")
    expect(question(page)).to_contain_text(re.compile(r"Send Tide Hello for €[\d.]+ \(700 coins\)"))
    page.get_by_label("Ask me from").fill("25")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. We'll ask you from 25 coins.")).to_be_visible()
    assert not violations(page)
    question(page).get_by_role("button", name="Not now").click()
    choose(page, "moss-frog")
    press(page, "moss-frog")
    expect(question(page)).to_contain_text(re.compile(r"Send Moss Frog for €[\d.]+ \(25 coins\)"))
    question(page).get_by_role("button", name="Send").click()
    expect_balance(page, before - 25)
    page.goto("/account/settings/")
    field = page.get_by_label("Ask before gifts of")
    expect(field).to_have_value("25")
    field.fill("")
    page.locator("[action$='/settings/sending/']").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Gift settings saved.")).to_be_visible()
    expect(field).to_have_value("")


def test_words_are_counted_refused_and_kept_never_cut(signed_in: Callable[..., Page]) -> None:
    page, before = at_bobs(signed_in)
    field = page.get_by_label("Gift message")
    field.fill("x" * 41)
    expect(page.locator(".tray__left")).to_have_text("-1")
    press(page, "pebble")
    expect(page.get_by_text("Your message is 41 characters long.")).to_be_visible()
    expect(field).to_be_focused()
    choose(page, "moss-frog")  # carries more
    expect(page.locator(".tray__left")).to_have_text("")
    choose(page, "pebble")
    field.fill("see www.example.com")
    press(page, "pebble")
    expect(page.get_by_text("Links aren't allowed in messages.")).to_be_visible()
    expect(field).to_have_value("see www.example.com")
    expect_balance(page, before)
    field.fill("see the harbour")
    press(page, "pebble")
    expect_balance(page, before - 1)
    expect(field).to_have_value("")
    page.keyboard.press("Control+z")
    expect(undone(page, "Gifts undone. 1 coin is back in your balance.")).to_be_visible()
    expect_balance(page, before)


def test_the_name_is_shown_where_the_fan_wants_it(
    signed_in: Callable[..., Page], newcomer: Callable[..., Page]
) -> None:
    page, before = at_bobs(signed_in, "tiny-kettle", "june")
    room = newcomer()
    open_bobs_room(room)
    shown = page.locator("[data-names-button]")
    show_name(page, "Nowhere")
    expect(shown).to_contain_text("Anonymous")
    press(page, "tiny-kettle")
    expect_balance(page, before - 5)
    page.reload()  # remembered
    expect(shown).to_contain_text("Anonymous")
    expect(room.locator(".line-gift").last).to_contain_text("Anonymous sent Tiny Kettle")
    show_name(page, "In the room only")
    expect(shown).to_contain_text("June")
    expect(shown).to_contain_text("not on lists")
    choose(page, "clap-crab")
    sums = room.locator(".supporter[data-handle=june]")
    coins = sums.get_attribute("data-coins") if sums.count() else None
    press(page, "clap-crab")
    expect(room.locator(".line-gift").last).to_contain_text("June sent Clap Crab")
    assert (sums.get_attribute("data-coins") if sums.count() else None) == coins
    show_name(page, "Everywhere")
    expect(page.get_by_text("not on lists", exact=True)).to_be_hidden()
    page.reload()
    expect(page.get_by_text("not on lists", exact=True)).to_be_hidden()


def test_a_locked_gift_says_what_opens_it(
    signed_in: Callable[..., Page], a_locked_gift: str
) -> None:
    page, before = at_bobs(signed_in, a_locked_gift)
    expect(page.locator("[data-notice]")).to_contain_text("Toast Parachute")
    expect(page.locator("[data-notice]")).to_contain_text("level 10")
    expect(button(page, a_locked_gift)).to_have_count(0)
    assert not violations(page)
    page.get_by_label("Gift message").press("Enter")
    expect_balance(page, before)


def test_a_combo_ends_where_everybody_sees_it(signed_in: Callable[..., Page]) -> None:
    page, before = at_bobs(signed_in)
    for _ in range(3):
        press(page, "pebble")
    expect(button(page, "pebble")).to_contain_text("×3")
    expect(button(page, "pebble")).to_contain_text(re.compile(r"×3 · €0\.0\d"))
    expect(button(page, "pebble").locator(".tile__word")).to_be_visible()
    expect_balance(page, before - 3)


def test_what_one_cannot_pay_sells_the_missing_coins(signed_in: Callable[..., Page]) -> None:
    page, before = at_bobs(signed_in, "rowing-dragons", "alice", **PHONE)
    expect(page.locator("[data-slug=rowing-dragons] .tile__hold")).to_be_hidden()
    expect(page.get_by_role("link", name=f"Get {4_000 - before:,} coins")).to_be_visible()
    page.get_by_placeholder("Add a message").press("Enter")
    expect(page.get_by_text(f"You have {before:,} coins. This gift needs 4,000.")).to_be_visible()
    expect(page.get_by_role("link", name="Get coins")).to_be_visible()
    choose(page, "moss-frog")
    expect(button(page, "moss-frog")).to_be_visible()


def test_a_gift_is_chosen_and_sent_by_keyboard_alone(signed_in: Callable[..., Page]) -> None:
    """The kinds are one stop; Enter leads into a kind, arrows through its gifts."""
    page, before = at_bobs(signed_in, "pebble")
    kinds = page.locator("[data-kind]")
    kinds.first.focus()
    page.keyboard.press("ArrowRight")
    expect(kinds.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(kinds.last).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(page.locator(".tray__balance")).to_be_focused()
    kinds.first.focus()
    page.keyboard.press("Enter")
    first = page.locator("[data-shelf]").first.locator("[data-tile]")
    expect(first.first.locator("[name=gift]")).to_be_focused()
    expect(first.first.locator("[name=gift]")).to_be_checked()
    page.keyboard.press("ArrowRight")
    chosen = first.nth(1)
    expect(chosen.locator("[name=gift]")).to_be_checked()
    page.keyboard.press("Tab")
    expect(chosen.locator(".tile__send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(undo_item(page)).to_have_count(1)
    expect_balance(page, before - int(chosen.get_attribute("data-coins") or 0))
    expect(chosen.locator(".tile__send")).to_be_focused()
