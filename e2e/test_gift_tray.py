"""The tray when things go wrong: no network, a lost answer, a second thought."""

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
