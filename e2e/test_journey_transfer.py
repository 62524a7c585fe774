"""The journey of a fan who pays by bank transfer: exactly, in two parts, and too much."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.journeys import FAN, SIZES, Sizes
from e2e.site import Site

pytestmark = pytest.mark.browser


def order(page: Page, coins: int) -> None:
    """Order coins by bank transfer."""
    page.goto(f"/coins/?coins={coins}")
    page.get_by_role("radio", name="Bank transfer").check()
    page.locator("#pay").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waiting for your transfer")


def send(page: Page, amount: str = "") -> None:
    """Send money at the fan's own bank: what is asked for, or another amount."""
    page.get_by_role("link", name="Sandbox: play your bank").click()
    if amount:
        page.get_by_label("Amount").fill(amount)
    page.get_by_role("button", name="Send the transfer").click()


@SIZES
def test_a_fan_pays_by_bank_transfer(
    signed_in: Callable[..., Page], site: Site, size: Sizes
) -> None:
    handle = f"sender_{size[0]}"
    site.shell(FAN.format(handle=handle))
    page = signed_in(handle, width=size[0], height=size[1])
    main, title = page.locator("main"), page.get_by_role("heading", level=1)

    order(page, 500)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the reference").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("RF")
    assert len(copied) == 16
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    send(page)
    expect(title).to_have_text("Your coins are here")  # by itself: nobody reloads
    expect(main).to_contain_text("came in")

    order(page, 300)
    send(page, "1.00")
    expect(title).to_have_text("Part of your money came in")
    expect(main).to_contain_text("Send the missing")
    send(page)  # the test bank offers what is missing
    expect(title).to_have_text("Your coins are here")

    order(page, 100)
    send(page, "20.00")
    expect(title).to_have_text("Your coins are here")
    expect(main).to_contain_text("goes back to you")
    page.goto("/wallet/")
    expect(main).to_contain_text("900")
