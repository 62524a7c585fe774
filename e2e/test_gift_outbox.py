"""Presses on bad lines: no network, a slow one, lost answers. Each is sent once, or reported."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from e2e.room import press
from e2e.tray import at_bobs, button, expect_balance, undo_item, undone

pytestmark = pytest.mark.browser


def on_a_bad_line(signed_in: Callable[..., Page], gift: str = "pebble") -> tuple[Page, int]:
    """Open Bob's room on a page whose requests the test can hold or lose at any time.

    The first route of a page that is open already takes hold some time after it was set, and what
    is sent until then gets through: this one is set before the page loads.
    """
    page = signed_in("alice")
    page.route("**/no-such-page/", lambda route: route.abort())
    return at_bobs(lambda *_, **__: page, gift)


def test_a_press_without_a_network_is_kept_and_sent_once(signed_in: Callable[..., Page]) -> None:
    page, before = at_bobs(signed_in)
    page.context.set_offline(True)
    press(page, "pebble")
    expect(page.get_by_text("No connection. Your gift is saved")).to_be_visible()
    page.context.set_offline(False)
    expect_balance(page, before - 1)


def test_a_press_whose_answer_is_lost_is_sent_once(signed_in: Callable[..., Page]) -> None:
    page, before = on_a_bad_line(signed_in)
    seen: list[str] = []

    def lose_the_first(route: Route) -> None:
        seen.append(route.request.post_data or "")
        if len(seen) == 1:
            route.fetch()  # the server has it, the browser never hears
            route.abort()
        else:
            route.continue_()

    page.route("**/send/", lose_the_first)
    press(page, "pebble")
    expect(undo_item(page)).to_be_visible()
    expect_balance(page, before - 1)
    page.reload()
    expect_balance(page, before - 1)
    assert len(seen) == 2


@pytest.mark.usefixtures("long_undo")
def test_a_combo_comes_back_whole(signed_in: Callable[..., Page]) -> None:
    page, before = at_bobs(signed_in)
    for _ in range(4):
        press(page, "pebble")
    expect_balance(page, before - 4)
    undo_item(page).get_by_role("button").click()
    expect(undone(page, "Gifts undone. 4 coins are back in your balance.")).to_be_visible()
    expect_balance(page, before)


def slow_down(page: Page, milliseconds: int) -> CDPSession:
    """Let every answer take as long as in a train, until what this returns is detached."""
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
    return network


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
    page, before = at_bobs(signed_in)
    page.get_by_label("Gift message").fill("Twenty for the fog")
    train = slow_down(page, 1_000)
    bodies = sends_of(page)
    send = button(page, "pebble")
    send.focus()
    for _ in range(20):
        page.keyboard.press("Enter")
    expect(send).to_contain_text("×20")
    expect(undo_item(page)).to_contain_text("20 × Pebble sent")
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
    train.detach()
    page.reload()
    expect_balance(page, before - 20)


def test_a_combo_whose_answer_is_lost_is_sent_once(signed_in: Callable[..., Page]) -> None:
    page, before = on_a_bad_line(signed_in)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.post_data or "")
        route.fetch()  # the server has them, the browser never hears
        route.abort()

    page.route("**/sends/", lose_the_first)
    train = slow_down(page, 200)
    send = button(page, "pebble")
    send.focus()
    for _ in range(6):
        page.keyboard.press("Enter")
    expect(undo_item(page)).to_contain_text("6 × Pebble sent")
    assert lost
    expect_balance(page, before - 6)
    train.detach()
    page.reload()
    expect_balance(page, before - 6)


def test_presses_without_a_network_wait_together_over_a_reload(
    signed_in: Callable[..., Page],
) -> None:
    page, before = on_a_bad_line(signed_in)
    page.route("**/send*/", lambda route: route.abort())
    for _ in range(4):
        press(page, "pebble")
    expect(page.get_by_text("No connection. 4 gifts are saved")).to_be_visible()
    expect(page.get_by_text("Sending 4 × Pebble")).to_be_visible()
    expect_balance(page, before)
    page.reload()
    expect(page.get_by_text("No connection. 4 gifts are saved")).to_be_visible()
    page.unroute("**/send*/")
    expect(page.get_by_text("Back online. 4 gifts were sent.")).to_be_visible()
    expect_balance(page, before - 4)


@pytest.mark.usefixtures("long_undo")
def test_undo_takes_along_what_has_not_left_yet(signed_in: Callable[..., Page]) -> None:
    page, before = on_a_bad_line(signed_in)
    press(page, "pebble")
    expect(undo_item(page)).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/send/", hold)
    for _ in range(3):
        press(page, "pebble")
    expect(undo_item(page)).to_contain_text("Sending 3")
    # The first of the three has left, how far is unknown; the other two stay here.
    undo_item(page).get_by_role("button").click()
    expect(undone(page, "Gifts undone. 1 coin is back in your balance.")).to_be_visible()
    expect(page.get_by_text("Sending 1 × Pebble")).to_be_visible()
    held.pop().continue_()
    expect(undo_item(page)).to_contain_text("Pebble sent")
    expect_balance(page, before - 1)
    page.reload()
    expect_balance(page, before - 1)


@pytest.mark.parametrize(
    ("arrives", "said"),
    [
        (True, "arrived before the connection was lost"),
        (False, "waited over a minute, so it was not sent"),
    ],
)
def test_an_old_press_does_not_go_off_by_itself_and_the_page_says_what_became_of_it(
    signed_in: Callable[..., Page], arrives: bool, said: str
) -> None:
    page = signed_in("alice")
    page.clock.install()
    page, before = on_a_bad_line(lambda *_: page)
    tries: list[str] = []

    def lose(route: Route) -> None:
        tries.append(route.request.url)
        if arrives:
            route.fetch()  # the server has it, the browser never hears
        route.abort()

    page.route("**/send/", lose)
    page.route("**/known/*", lambda route: route.abort())
    press(page, "pebble")
    expect(page.get_by_text("No connection. Your gift is saved")).to_be_visible()
    page.clock.fast_forward(61_000)
    expect(page.get_by_text("We've been offline for a minute")).to_be_visible()
    tried = len(tries)
    page.unroute("**/known/*")
    page.clock.fast_forward(9_000)
    expect(page.get_by_text(said)).to_be_visible()
    expect_balance(page, before - arrives)
    assert len(tries) == tried
    page.unroute("**/send/")
    page.reload()
    expect_balance(page, before - arrives)


def test_a_press_after_the_session_ended_is_not_sent_and_leads_to_sign_in(
    signed_in: Callable[..., Page],
) -> None:
    page, _before = at_bobs(signed_in)
    page.context.clear_cookies(name="sessionid")
    press(page, "pebble")
    expect(
        page.get_by_text("You've been signed out, so no more gifts will be sent.")
    ).to_be_visible()
    page.locator(".tray__lost").get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()


def test_two_tabs_show_the_same_coins(signed_in: Callable[..., Page]) -> None:
    page, before = at_bobs(signed_in)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("[data-tray][data-dressed]")).to_be_attached()
    expect_balance(other, before)
    press(page, "pebble")
    expect_balance(page, before - 1)
    expect_balance(other, before - 1)


@pytest.mark.usefixtures("long_undo")
def test_undo_is_there_after_a_reload_and_waits_for_the_network(
    signed_in: Callable[..., Page],
) -> None:
    page, before = on_a_bad_line(signed_in, "neon-umbrella")
    press(page, "neon-umbrella")
    expect_balance(page, before - 250)
    page.reload()
    page.route("**/undo/", lambda route: route.abort())
    undo_item(page).get_by_role("button").click()
    expect(page.get_by_text("No connection. We'll undo it if we reach")).to_be_visible()
    page.unroute("**/undo/")
    expect(undone(page, "Gifts undone. 250 coins are back in your balance.")).to_be_visible()
    expect_balance(page, before)
