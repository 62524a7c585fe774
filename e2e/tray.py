"""The tray as a fan uses it: what tests of sending have in common."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from e2e.room import choose, open_bobs_room
from e2e.site import Site

PHONE = {"width": 390, "height": 844}
GIVE = """
from accounts.models import User
from conftest import give_coins
give_coins(User.objects.get(handle="{handle}"), {coins})
"""


def balance(page: Page) -> int:
    figure = page.locator(".tray__balance [data-balance]")
    expect(figure).to_be_attached()
    return int(figure.get_attribute("data-balance") or "0")


def expect_balance(page: Page, coins: int) -> None:
    figure = page.locator(".tray__balance [data-balance]")
    expect(figure).to_have_attribute("data-balance", str(coins))


def at_bobs(
    signed_in: Callable[..., Page], gift: str = "pebble", who: str = "alice", **size: Any
) -> tuple[Page, int]:
    """Open Bob's room and choose a gift; return the page and the coins in it."""
    page = signed_in(who, **size)
    open_bobs_room(page)
    expect(page.locator("[data-tray][data-dressed]")).to_be_attached()
    if "width" in size:
        page.locator("[data-open=gift-tray]").click()
    # What the same fan sent in the test before can be taken back for some seconds, on any page.
    expect(undo_item(page)).to_have_count(0)
    before = balance(page)
    choose(page, gift)
    return page, before


def button(page: Page, gift: str) -> Locator:
    """Return the button that sends this gift."""
    return page.locator(f"[data-slug={gift}] .tile__send")


def undo_item(page: Page) -> Locator:
    """Return the undo button."""
    return page.locator("form[data-undo]")


def undone(page: Page, words: str) -> Locator:
    """Return the line of gifts taken back that says so; screen readers hear it elsewhere."""
    return page.locator(".undo__what", has_text=words)


def question(page: Page) -> Locator:
    """Return the question before a large gift."""
    return page.locator("dialog[data-ask]")


def show_name(page: Page, where: str) -> None:
    """Choose under which name gifts go out."""
    page.locator("[data-names-button]").click()
    page.get_by_role("radio", name=where).check()
    page.keyboard.press("Escape")


def give(site: Site, handle: str, coins: int) -> None:
    """Give a fan coins."""
    site.shell(GIVE.format(handle=handle, coins=coins))
