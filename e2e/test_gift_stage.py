"""The stage over the video and the creator's console: what is shown, and what must not move."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from e2e.pages import hearing, violations
from e2e.room import choose, open_bobs_room, press
from e2e.stage import PUBLISH, gift, open_stage
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.browser


def test_a_full_gift_can_be_skipped_and_leaves_nothing(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    open_stage(page)
    gift(page, "a", "great-lighthouse", "full", message="For the ferry")
    show = page.locator(".play-full")
    expect(show).to_contain_text("Noor")
    expect(show).to_contain_text("For the ferry")
    show.get_by_role("button", name="Skip").click()
    expect(show).to_have_count(0)


def test_large_gifts_wait_their_turn_and_an_undo_takes_them_out(
    newcomer: Callable[..., Page],
) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "great-lighthouse", "full")
    gift(page, "b", "sky-orchard", "full")
    expect(page.locator(".play-full")).to_have_count(1)
    page.evaluate(PUBLISH, ["undo", {"id": "b"}])
    page.evaluate(PUBLISH, ["undo", {"id": "a"}])
    expect(page.locator(".play-full")).to_have_count(0)
    gift(page, "c", "leviathan-parade", "full", message="After all that")
    expect(page.locator(".play-full")).to_contain_text("After all that")


def test_a_combo_counts_up_in_place_and_down_again(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    for key in "abc":
        gift(page, key, "pebble", "sticker", combo="one")
    expect(page.locator(".combo-line")).to_have_count(1)
    expect(page.locator(".combo-line__count")).to_have_text("×3")
    page.evaluate(PUBLISH, ["undo", {"id": "c"}])
    expect(page.locator(".combo-line__count")).to_have_text("×2")


def test_who_listens_hears_who_sent_what(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "moss-frog", "small")
    announced = page.locator("[data-stage] [role=status]")
    expect(announced).to_have_text(re.compile(r"Noor sent a Moss Frog, \S+ \(25 coins\)"))


def test_who_wants_less_motion_sees_stills(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "clockwork-fox", "large")
    scene = page.locator(".play-large .play__scene > *").first
    expect(scene).to_be_attached()
    page.wait_for_function(
        "() => document.getAnimations().every((one) => one.playState !== 'running')"
    )


def test_what_is_old_is_not_played_again(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "great-lighthouse", "full", at="2026-01-01T00:00:00Z")
    gift(page, "b", "pebble", "sticker", duration_ms=60_000)
    expect(page.locator(".play-sticker")).to_have_count(1)
    expect(page.locator(".play-full")).to_have_count(0)


def shown(page: Page) -> int:
    """Return how many gifts the lines of the stage count."""
    texts = page.locator(".combo-line:not(.combo-line-next) .combo-line__count").all_text_contents()
    return sum(int(re.sub(r"[^0-9]", "", text) or 1) for text in texts)


def test_a_rain_of_gifts_is_counted_to_the_last_one(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    page.evaluate(
        """() => { for (let turn = 0; turn < 90; turn += 1) {
          document.dispatchEvent(new CustomEvent("live:gift", { detail: {
            id: `r${turn}`, gift: "pebble", name: "Pebble", kind: "sticker", motion: "",
            art: "gifts/art/pebble.svg", duration_ms: 800, coins: 1, quantity: turn % 3 + 1,
            message: "", combo: null, from: `Fan ${turn % 30}`, handle: `fan${turn % 30}`,
            at: new Date().toISOString() } }));
        } }"""
    )
    expect(page.locator(".combo-line-more .combo-line__count")).to_contain_text("+")
    assert shown(page) == 180
    assert page.locator(".combo-line:not(.combo-line-next)").count() == 4
    assert page.locator(".play-sticker").count() <= 6
    page.evaluate(PUBLISH, ["undo", {"id": "r89"}])
    expect(page.locator(".combo-line-more")).to_have_count(1)
    wait_until(lambda: shown(page) == 177, "not counted down")


def test_who_sends_the_same_large_gift_shares_a_scene(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "tide-hello", "large")
    for number in range(9):
        gift(page, f"b{number}", "night-market", "large", handle="mira", **{"from": "Mira"})
    waits = page.locator(".combo-line-next")
    expect(waits).to_have_text("+9 next")
    page.evaluate(PUBLISH, ["undo", {"id": "b8"}])
    expect(waits).to_have_text("+8 next")
    page.evaluate(PUBLISH, ["undo", {"id": "a"}])
    together = page.locator(".play-large .play__caption")
    expect(together).to_contain_text("Mira")
    expect(together).to_contain_text("8 × Night Market")
    page.evaluate(PUBLISH, ["undo", {"id": "b0"}])  # the first of them: the others' scene goes on
    expect(together).to_contain_text("7 × Night Market")


def test_what_stays_in_the_room_goes_when_it_is_taken_back(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    open_stage(page)
    gift(page, "a", "drift-lamp", "small", duration_ms=2_500)
    lamp = page.locator(".stage__stay-sky > *")
    expect(lamp).not_to_have_count(0)
    expect(page.locator(".play-small")).to_have_count(0)
    page.evaluate(PUBLISH, ["undo", {"id": "a"}])
    expect(lamp).to_have_count(0)


def test_a_playing_gift_that_is_taken_back_fades(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    open_stage(page)
    for key, slug, kind in (
        ("a", "pebble", "sticker"),
        ("b", "encore-ticket", "medium"),
        ("c", "clockwork-fox", "large"),
    ):
        gift(page, key, slug, kind)
        expect(page.locator(f".play-{kind}")).to_have_count(1)
        page.evaluate(PUBLISH, ["undo", {"id": key}])
        expect(page.locator(f".play-{kind}")).to_have_count(0)
    expect(page.locator(".combo-line")).to_have_count(0)


def test_a_full_gift_leaves_the_keyboard_where_it_is(signed_in: Callable[..., Page]) -> None:
    page = signed_in("alice", moving=True)
    open_stage(page)
    field = page.locator("[data-say] input[type=text]")
    field.focus()
    gift(page, "a", "great-lighthouse", "full")
    show = page.locator(".play-full")
    expect(show).to_be_visible()
    page.keyboard.type("good night")
    expect(field).to_have_value("good night")
    under = "document.elementFromPoint(innerWidth / 2, innerHeight - 130)"
    assert page.evaluate(f"!{under}.closest('.play-full')")
    page.keyboard.press("Escape")
    expect(show).to_have_count(0)
    expect(field).to_be_focused()
    gift(page, "b", "great-lighthouse", "full")
    show.get_by_role("button", name="Skip").focus()
    page.keyboard.press("Enter")
    expect(show).to_have_count(0)


def test_stills_are_asked_for_while_the_page_is_open(newcomer: Callable[..., Page]) -> None:
    page = newcomer(moving=True)
    open_stage(page)
    gift(page, "a", "clockwork-fox", "large", duration_ms=15_000)
    moving = """() => document.querySelector(".play-large .play__scene").getAnimations(
      { subtree: true }).filter((one) => one.playState === "running").length"""
    wait_until(lambda: page.evaluate(moving) > 0, "nothing moves")
    page.emulate_media(reduced_motion="reduce")
    wait_until(lambda: page.evaluate(moving) == 0, "something moves on")
    expect(page.locator(".play-large .play__scene > *").first).to_be_attached()


def test_nothing_piles_up_while_nobody_looks(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange")); }"""
    page.evaluate(hide, True)
    for number in range(4):
        gift(page, f"f{number}", "great-lighthouse", "full")
    gift(page, "p", "pebble", "sticker", quantity=3)
    expect(page.locator(".play")).to_have_count(0)
    page.evaluate(hide, False)
    expect(page.locator(".combo-line-more")).to_have_text("7 gifts while you were away")
    expect(page.locator(".play")).to_have_count(0)


def test_a_rain_is_announced_in_few_sentences(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    page.clock.install()
    open_stage(page)
    announced = page.locator("[data-stage] [role=status]")
    page.evaluate(
        """() => { window.announced = []; new MutationObserver(() => window.announced.push(
          [performance.now(), document.querySelector("[data-stage] [role=status]").textContent]))
          .observe(document.querySelector("[data-stage] [role=status]"), { childList: true }); }"""
    )
    gift(page, "a", "encore-ticket", "medium", coins=120)
    expect(announced).to_have_text(re.compile(r"Noor sent an Encore Ticket, \S+ \(120 coins\)"))
    for number in range(5):
        gift(page, f"p{number}", "pebble", "sticker", coins=1)
    expect(announced).to_have_text(re.compile(r"Noor sent 5 × Pebble, \S+ \(5 coins\)"))
    gift(page, "m", "moss-frog", "small", **{"from": "Ana", "handle": "ana"})
    gift(page, "p", "pebble", "sticker", coins=1)
    expect(announced).to_have_text(re.compile(r"2 gifts, \S+ \(26 coins\)"))
    page.evaluate(PUBLISH, ["undo", {"id": "m"}])
    expect(announced).to_have_text("Ana undid a Moss Frog")
    gift(page, "x", "rowing-dragons", "large", coins=1)
    page.evaluate(PUBLISH, ["undo", {"id": "x"}])  # before it was announced
    page.clock.run_for(2_300)
    expect(announced).to_have_text("Ana undid a Moss Frog")
    times = [when for when, _ in page.evaluate("window.announced")]
    assert all(later - sooner > 1_900 for sooner, later in pairwise(times))


def test_the_stage_is_readable_by_machines(newcomer: Callable[..., Page]) -> None:
    page = newcomer()
    open_stage(page)
    gift(page, "a", "pebble", "sticker", combo="one", quantity=3)
    gift(page, "b", "encore-ticket", "medium", message="Once more")
    gift(page, "c", "great-lighthouse", "full", duration_ms=15_000)
    page.wait_for_function(
        """() => [...document.querySelectorAll(".play, .combo-line, .play__caption, .play__skip")]
          .every((one) => one.getAnimations().every(({ playState }) => playState !== "running"))"""
    )
    assert violations(page, ".play-full") + violations(page, "[data-stage]") == []


def test_lines_of_the_console_do_not_move_under_the_pointer(
    signed_in: Callable[..., Page],
) -> None:
    bob, alice = signed_in("bob"), signed_in("alice")
    with hearing(bob):
        bob.goto("/studio/live/")
    open_bobs_room(alice)
    choose(alice, "good-bean")
    press(alice, "good-bean")
    first = bob.locator("[data-line]").first
    expect(first).to_contain_text("Good Bean")
    first.hover()
    choose(alice, "matchlight")
    press(alice, "matchlight")
    sign = bob.locator("[data-new]")
    expect(sign).to_contain_text("1 new")
    expect(bob.locator("[data-line]").first).to_contain_text("Good Bean")
    sign.click()
    expect(bob.locator("[data-line]").first).to_contain_text("Matchlight")
    bob.locator(".line__press").first.click()
    expect(bob.locator("[data-line]").first).to_have_class(re.compile("is-thanked"))
    expect(alice.locator(".stage__note")).to_contain_text("thanks Alice for Matchlight")
