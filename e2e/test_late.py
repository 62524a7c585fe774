"""Scripts come after the first paint, and nobody's press is lost until they have."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from e2e.pages import PATIENCE_MS, awake
from e2e.room import room_address
from e2e.site import Site

pytestmark = pytest.mark.browser
BASE = "**/static/js/base*.js"
# When each script was asked for, and when something was first seen; in ms since the page began.
TIMES = """() => ({
  painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  asked: performance.getEntriesByType("resource")
    .filter(({ name }) => /\\.js$/.test(name))
    .map(({ name, startTime }) => [name.split("/").at(-1), startTime]),
})"""


@pytest.fixture
def quick(browser: Browser, site: Site) -> Iterator[Page]:
    """A visitor who presses as soon as they see something, before the scripts listen."""
    context = browser.new_context(base_url=site.url, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def hold(page: Page) -> Callable[[], None]:
    """Hold a script of every page back; return what lets it come."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(BASE, keep)

    def let_go() -> None:
        for route in held:
            route.continue_()

    return let_go


def test_scripts_are_asked_for_after_the_first_paint(signed_in: Callable[..., Page]) -> None:
    for handle, address, least in (
        ("alice", "", 20),
        ("bob", "/studio/live/", 10),
        ("dana", "/admin/", 8),
    ):
        page = signed_in(handle)
        page.goto(address or room_address(page, "Night guitar"))
        awake(page)
        times = page.evaluate(TIMES)
        first = re.compile(r"(late|first)\.")
        later = [[name, at] for name, at in times["asked"] if not first.match(name)]
        assert len(later) >= least
        assert [name for name, at in later if at < times["painted"]] == []


def test_a_link_pressed_before_the_scripts_leads_on(quick: Page) -> None:
    hold(quick)
    quick.goto("/", wait_until="commit")
    quick.goto(room_address(quick, "Night guitar"), wait_until="commit")
    quick.locator(".room__tray").get_by_role("link", name="Send a gift").click()
    expect(quick).to_have_url(re.compile(r"/live/[\w-]+/tray/"))


def test_a_button_pressed_before_the_scripts_is_answered_by_them(quick: Page) -> None:
    let_go = hold(quick)
    quick.goto("/account/login/", wait_until="commit")
    field = quick.get_by_label("Password", exact=True)
    field.fill("harbour")
    quick.locator("[data-peek]").first.click()
    quick.locator("[data-peek]").first.click()  # out of patience
    expect(field).to_have_attribute("type", "password")
    let_go()
    expect(field).to_have_attribute("type", "text")


def test_a_staff_page_wears_its_theme_before_the_scripts(signed_in: Callable[..., Page]) -> None:
    page = signed_in("dana", changed=True)
    page.goto("/admin/")
    page.evaluate("localStorage.setItem('adminTheme', JSON.stringify('dark'))")
    page.route("**/alpine*.js", lambda route: route.abort())
    page.goto("/admin/")
    expect(page.locator("html")).to_have_class("dark")
    expect(page.locator("#queues")).to_be_visible()
    page.unroute("**/alpine*.js")
    page.goto("/admin/")
    page.wait_for_selector("html[data-alpine]", state="attached")
    expect(page.locator("html")).to_have_class("dark")
    page.keyboard.press("Control+e")
    expect(page.locator("html")).to_have_class("light")


def test_what_was_chosen_before_the_scripts_is_what_the_button_says(quick: Page) -> None:
    let_go = hold(quick)
    quick.goto("/coins/", wait_until="commit")
    price = "US$3.49"
    expect(quick.locator("#summary")).not_to_contain_text(price)
    quick.get_by_text(price).click()
    expect(quick.get_by_role("radio", name=price)).to_be_checked()
    expect(quick.locator("#summary")).not_to_contain_text(price)
    let_go()
    expect(quick.locator("#summary")).to_contain_text(price)


def test_an_amount_that_was_left_for_a_pack_is_not_chosen(quick: Page) -> None:
    let_go = hold(quick)
    quick.goto("/coins/", wait_until="commit")
    price = "US$3.49"
    quick.get_by_label("Coins", exact=True).fill("5000")
    quick.get_by_text(price).click()
    let_go()
    expect(quick.locator("#summary")).to_contain_text(price)
    expect(quick.get_by_role("radio", name=price)).to_be_checked()
