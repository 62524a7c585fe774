"""The room in browsers: every viewer sees the same, also after a break, also without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.pages import PATIENCE_MS, awake, hearing
from e2e.room import PHONE, open_room, talk

pytestmark = pytest.mark.browser


def test_everybody_reads_what_is_said_and_nobody_twice(
    newcomer: Callable[..., Page], signed_in: Callable[..., Page]
) -> None:
    watcher, fan, creator = newcomer(), signed_in("june", **PHONE), signed_in("mira")
    for page in (watcher, fan, creator):
        open_room(page, "A vase for the new house")
    expect(watcher.locator("[data-viewers]")).to_have_text("3")

    talk(fan, "What glaze is that?")
    line = watcher.locator(".line", has_text="What glaze is that?")
    expect(line).to_have_count(1)
    expect(fan.get_by_placeholder("Say something", exact=True)).to_have_value("")
    talk(fan, "And the <b>clay</b>?")  # sooner than a second later: it waits, nothing is refused
    expect(watcher.locator(".line", has_text="And the <b>clay</b>?")).to_have_count(1)
    expect(fan.locator(".toast.is-error")).to_have_count(0)

    talk(creator, "Ash from last winter.")
    answer = fan.locator(".line.is-host", has_text="Ash from last winter.")
    expect(answer).to_be_visible()

    with hearing(watcher):
        watcher.reload()
    talk(creator, "And a little salt.")  # after anything that would come twice
    expect(watcher.locator(".line", has_text="And a little salt.")).to_have_count(1)
    expect(line).to_have_count(1)


def test_page_that_was_away_has_everything_once(
    newcomer: Callable[..., Page], signed_in: Callable[..., Page]
) -> None:
    watcher, fan = newcomer(), signed_in("sam")
    open_room(watcher, "Harbour radio, side B")
    open_room(fan, "Harbour radio, side B")
    talk(fan, "Before")
    expect(watcher.locator(".line", has_text="Before")).to_have_count(1)

    # As a laptop that was shut: the connection is gone, and every try to come back fails.
    watcher.route("**/live/events/**", lambda route: route.abort())
    watcher.route("**/token/", lambda route: route.abort())
    watcher.evaluate("dispatchEvent(new Event('online'))")  # joins again, into the void
    expect(watcher.locator("[data-cut]")).to_be_visible()
    talk(fan, "Meanwhile")
    expect(fan.locator(".line", has_text="Meanwhile")).to_have_count(1)
    expect(watcher.locator(".line", has_text="Meanwhile")).to_have_count(0)

    watcher.unroute("**/live/events/**")
    watcher.unroute("**/token/")
    expect(watcher.locator(".line", has_text="Meanwhile")).to_have_count(1, timeout=5 * PATIENCE_MS)
    expect(watcher.locator("[data-cut]")).to_be_hidden()
    expect(watcher.locator(".line", has_text="Before")).to_have_count(1)


def test_room_works_as_plain_pages(plain: Callable[..., Page]) -> None:
    page = plain("noor")
    open_room(page, "A vase for the new house", scripts=False)
    page.locator("#id_text").fill("Said without scripts")
    page.get_by_role("button", name="Send message").click()
    expect(page.locator(".line", has_text="Said without scripts")).to_be_in_viewport(ratio=1)
    expect(page.locator(".host__title")).to_be_visible()
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("button", name=re.compile("^Follow"))).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Close", exact=True).click()
    expect(page.locator("#id_text")).to_be_in_viewport(ratio=1)


def test_end_is_seen_by_everybody(
    newcomer: Callable[..., Page], signed_in: Callable[..., Page]
) -> None:
    watcher, creator = newcomer(), signed_in("ines")
    open_room(watcher, "Midnight baking")
    expect(creator.locator(".header .balance")).to_be_visible()
    creator.goto("/studio/go-live/")
    creator.get_by_text("End the stream").click()
    creator.get_by_role("button", name="Yes, end it").click()
    expect(watcher.get_by_text("This stream has ended.")).to_be_visible()
    watcher.goto("/")
    expect(watcher.get_by_role("link", name="Midnight baking")).to_have_count(0)


def test_a_page_whose_session_ended_says_so_once_and_leads_back(
    signed_in: Callable[..., Page],
) -> None:
    page = signed_in("sam")
    page.goto("/coins/")
    awake(page)
    page.context.clear_cookies()
    for _ in range(3):
        with page.expect_response("**/balance/"):
            page.evaluate("document.body.dispatchEvent(new CustomEvent('balance:changed'))")
    said = page.locator(".toast", has_text="You are signed out")
    expect(said).to_have_count(1)
    expect(page.locator(".header .balance :is(form, input)")).to_have_count(0)
    said.get_by_role("link", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/account/login/\?next=/coins/"))
