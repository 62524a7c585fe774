"""The tray when things go wrong: no network, a lost answer, a second thought."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.test_whole_way import choose, open_bobs_room, press

pytestmark = pytest.mark.browser


def balance(page: Page) -> int:
    figure = page.locator(".tray__balance [data-balance]")
    expect(figure).to_be_attached()
    return int(figure.get_attribute("data-balance") or "0")


def expect_balance(page: Page, coins: int) -> None:
    figure = page.locator(".tray__balance [data-balance]")
    expect(figure).to_have_attribute("data-balance", str(coins), timeout=15_000)


def test_a_press_without_a_network_is_kept_and_sent_once(signed_in: Callable[..., Page]) -> None:
    page = signed_in("alice")
    open_bobs_room(page)
    before = balance(page)
    choose(page, "pebble")
    page.context.set_offline(True)
    press(page, "pebble")
    expect(page.get_by_text("No connection. Your gift is kept")).to_be_visible()
    page.context.set_offline(False)
    expect_balance(page, before - 1)


def test_a_press_whose_answer_is_lost_is_sent_once(signed_in: Callable[..., Page]) -> None:
    page = signed_in("alice")
    open_bobs_room(page)
    before = balance(page)
    seen: list[str] = []

    def lose_the_first(route: Route) -> None:
        seen.append(route.request.post_data or "")
        if len(seen) == 1:
            route.fetch()  # the server has it, the browser never hears
            route.abort()
        else:
            route.continue_()

    page.route("**/send/", lose_the_first)
    choose(page, "pebble")
    press(page, "pebble")
    expect(page.locator("[data-undo]")).to_be_visible(timeout=15_000)
    expect_balance(page, before - 1)
    page.reload()
    expect_balance(page, before - 1)
    assert len(seen) == 2


def test_a_combo_comes_back_whole(signed_in: Callable[..., Page]) -> None:
    page = signed_in("alice")
    open_bobs_room(page)
    before = balance(page)
    choose(page, "pebble")
    for _ in range(4):
        press(page, "pebble")
    expect_balance(page, before - 4)
    page.locator("[data-undo]").get_by_role("button").click()
    expect(page.get_by_text("Taken back: 4 coins are yours again.")).to_be_visible()
    expect_balance(page, before)


def slow_down(page: Page, milliseconds: int) -> None:
    """Let every answer take as long as on a bad day in a train."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": milliseconds,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        },
    )


def sends_of(page: Page) -> list[str]:
    """Return the bodies of the requests that send, as they leave."""
    bodies: list[str] = []
    page.on(
        "request",
        lambda request: (
            bodies.append(request.post_data or "")
            if request.url.endswith(("/send/", "/sends/"))
            else None
        ),
    )
    return bodies


def test_a_quick_combo_goes_in_few_requests_and_is_sent_once(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("alice")
    open_bobs_room(page)
    before = balance(page)
    choose(page, "pebble")
    page.get_by_label("Message with the gift").fill("Twenty for the fog")
    slow_down(page, 1_000)
    bodies = sends_of(page)
    button = page.locator("[data-slug=pebble] .tile__send")
    button.focus()
    for _ in range(20):
        page.keyboard.press("Enter")
    expect(button).to_contain_text("×20")
    chip = page.locator("form[data-undo]")
    expect(chip).to_contain_text("20 × Pebble sent", timeout=15_000)
    expect(page.get_by_text("on the way")).to_have_count(0)
    expect_balance(page, before - 20)
    assert 2 <= len(bodies) < 20
    # Each press had a key of its own; the sentence went along once.
    keys = re.findall(r'name="(?:\d+-)?key"\s+([0-9a-f-]{36})', "".join(bodies))
    assert len(keys) == len(set(keys)) == 20
    assert "".join(bodies).count("Twenty for the fog") == 1
    line = page.locator(".line-gift", has_text="Twenty for the fog")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("×20")
    page.reload()
    expect_balance(page, before - 20)


def test_a_combo_whose_answer_is_lost_is_sent_once(signed_in: Callable[..., Page]) -> None:
    page = signed_in("alice")
    open_bobs_room(page)
    before = balance(page)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.post_data or "")
        route.fetch()  # the server has them, the browser never hears
        route.abort()

    page.route("**/sends/", lose_the_first)
    choose(page, "pebble")
    slow_down(page, 200)
    button = page.locator("[data-slug=pebble] .tile__send")
    button.focus()
    for _ in range(6):
        page.keyboard.press("Enter")
    expect(page.locator("form[data-undo]")).to_contain_text("6 × Pebble sent", timeout=15_000)
    assert lost
    expect_balance(page, before - 6)
    page.reload()
    expect_balance(page, before - 6)


def test_presses_without_a_network_wait_together_over_a_reload(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("alice")
    open_bobs_room(page)
    before = balance(page)
    choose(page, "pebble")
    page.route("**/send*/", lambda route: route.abort())
    for _ in range(4):
        press(page, "pebble")
    expect(page.get_by_text("No connection. 4 gifts are kept")).to_be_visible()
    expect(page.get_by_text("4 × Pebble on the way")).to_be_visible()
    expect_balance(page, before)
    page.unroute("**/send*/")
    page.reload()
    expect(page.get_by_text("Connected again. 4 gifts went through.")).to_be_visible()
    expect_balance(page, before - 4)


def test_undo_takes_along_what_has_not_left_yet(signed_in: Callable[..., Page]) -> None:
    page = signed_in("alice")
    open_bobs_room(page)
    before = balance(page)
    choose(page, "pebble")
    press(page, "pebble")
    chip = page.locator("form[data-undo]")
    expect(chip).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/send/", hold)
    for _ in range(3):
        press(page, "pebble")
    expect(chip).to_contain_text("3 on the way")
    # The first of the three has left, nobody knows how far it came; the other two stay here.
    chip.get_by_role("button").click()
    expect(page.get_by_text("Taken back: 1 coin is yours again.")).to_be_visible()
    expect(page.get_by_text("1 × Pebble on the way")).to_be_visible()
    held.pop().continue_()
    expect(chip).to_contain_text("Pebble sent")
    expect_balance(page, before - 1)
    page.reload()
    expect_balance(page, before - 1)


def test_a_large_gift_asks_and_no_means_no(signed_in: Callable[..., Page]) -> None:
    page = signed_in("alice")
    open_bobs_room(page)
    before = balance(page)
    choose(page, "tide-hello")
    press(page, "tide-hello")
    question = page.locator("[data-ask]")
    expect(question).to_contain_text("Send Tide Hello for 700 coins")
    question.get_by_role("button", name="Not now").click()
    expect(question).to_be_hidden()
    expect_balance(page, before)


def test_what_one_cannot_pay_is_said_at_once(signed_in: Callable[..., Page]) -> None:
    page = signed_in("alice", width=390, height=844)
    open_bobs_room(page)
    page.locator("[data-open=gift-tray]").click()
    before = balance(page)
    choose(page, "new-horizon")
    press(page, "new-horizon")
    expect(page.get_by_text(f"You have {before:,} coins. This gift needs 25,000.")).to_be_visible()
    expect(page.get_by_role("link", name="Get coins")).to_be_visible()
