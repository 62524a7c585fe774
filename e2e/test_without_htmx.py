"""Where htmx is blocked, or what it asks for does not come, every placeholder has a way on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.room import open_bobs_room, room_address

pytestmark = pytest.mark.browser
HTMX = "**/vendor/htmx*"
TRAY = re.compile(r"/live/[\w-]+/tray/")


def test_pages_lead_on_where_htmx_is_blocked(signed_in: Callable[..., Page]) -> None:
    page = signed_in("bob")
    page.route(HTMX, lambda route: route.abort())
    there = room_address(page, "A vase for the new house")
    page.goto(there)
    page.locator(".room__tray").get_by_role("link", name="Send a gift").click()
    expect(page).to_have_url(TRAY)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(there)
    page.locator(".bar-say").get_by_role("link", name="Send a gift").click()
    expect(page).to_have_url(TRAY)
    page.goto("/coins/")
    expect(page.get_by_role("button", name="Continue to pay")).to_be_visible()
    page.goto("/studio/")
    page.get_by_role("link", name="Your payouts").click()
    expect(page.get_by_role("heading", name="Payouts", exact=True)).to_be_visible()


def test_a_part_that_does_not_come_says_so_and_is_asked_for_again(
    newcomer: Callable[..., Page],
) -> None:
    page = newcomer()
    page.route(TRAY, lambda route: route.fulfill(status=502))
    open_bobs_room(page)
    tray = page.locator(".room__tray")
    expect(tray.locator(".waiting.is-lost")).to_contain_text("This part isn't here yet.")
    page.unroute(TRAY)
    tray.get_by_role("link", name="Send a gift").click()
    expect(tray.locator("[data-tray][data-dressed]")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/live/[\w-]+/$"))
