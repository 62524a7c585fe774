"""Journeys of fans: each goes from where they are to what they came for, and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.journeys import FAN, SIZES, Sizes
from e2e.room import choose, choose_by_label, open_bobs_room, open_room, press, room_address
from e2e.site import Site
from e2e.tray import balance, give
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.browser


def opened_tray(page: Page) -> None:
    expect(page.locator("[data-tray][data-dressed]")).to_be_attached()
    phone = page.viewport_size and page.viewport_size["width"] < 700
    if phone and "gift=" not in page.url:  # who comes back finds it open
        page.locator("[data-open=gift-tray]").click()


def chosen(page: Page) -> str:
    """Return the value of the pack that is chosen on the coins page."""
    return page.locator("[name=pack]:checked").input_value()


def join(page: Page, site: Site, handle: str) -> None:
    """Fill in the form of who joins and follow the link in the email, back to the coins page."""
    page.get_by_label("Email").fill(f"{handle}@example.com")
    page.get_by_label("Password", exact=True).fill("a harbour at night")
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Date of birth").fill("1990-05-17")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    page.goto(site.link_mailed_to(f"{handle}@example.com", "confirm-email"))
    page.get_by_role("button", name="Yes, that's me").click()
    expect(page).to_have_url(re.compile(r"/coins/\?"))


def looks_again(link: Locator) -> bool:
    link.click()
    return False


def bring_coins(page: Page) -> None:
    """Pay on the sandbox's page and look at the order, without scripts, until the coins are there.

    Then go back to where the coins ran out.
    """
    page.get_by_role("button", name="Approve").click()
    here = page.get_by_role("heading", name="Your coins are here")
    again = page.get_by_role("link", name="Check again")
    expect(here.or_(again)).to_be_visible()
    wait_until(lambda: here.is_visible() or looks_again(again), "no coins came")
    page.get_by_role("link", name="Back to where you were").click()


@SIZES
def test_a_fan_with_391_coins_who_wants_a_gift_of_2500(
    signed_in: Callable[..., Page], site: Site, size: Sizes
) -> None:
    gift, handle = "storm-choir", f"short_{size[0]}"
    site.shell(FAN.format(handle=handle))
    give(site, handle, 391)
    page = signed_in(handle, width=size[0], height=size[1])
    open_bobs_room(page)
    opened_tray(page)
    choose(page, gift)
    page.get_by_placeholder("Add a message").fill("For the harbour & you")
    page.get_by_role("link", name="Get 2,109 coins").click()
    expect(page.get_by_role("heading", name="Coins")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Coins")).to_have_value("2109")
    page.locator("#pay").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Your coins are here")).to_be_visible()
    expect(page).to_have_title(re.compile("Your coins are here"))
    page.get_by_role("link", name="Back to where you were").click()
    opened_tray(page)
    expect(page.locator(f"#gift-{gift}")).to_be_checked()
    expect(page.locator(f"[data-slug={gift}] .tile__hold")).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-kind=full]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"[data-slug={gift}] .tile__hold")).to_be_visible()
    expect(page.locator("[name=message]").last).to_have_value("For the harbour & you")
    assert balance(page) == 2_500  # nothing was sent


@SIZES
def test_a_fan_becomes_a_creator_and_is_back_where_they_were(
    signed_in: Callable[..., Page], site: Site, size: Sizes
) -> None:
    handle = f"joiner_{size[0]}"
    site.shell(FAN.format(handle=handle))
    page = signed_in(handle, width=size[0], height=size[1])
    page.goto("/rates/?country=FR")
    page.get_by_label("Your account").click()
    page.locator(".menu__sheet").get_by_role("link", name="Become a creator").click()
    expect(page.get_by_text("What you earn")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Become a creator").click()
    expect(page).to_have_url(re.compile(r"/rates/\?country=FR$"))
    page.get_by_label("Your account").click()
    page.locator(".menu__sheet").get_by_role("link", name="Studio").click()
    page.get_by_role("link", name="Go live").first.click()
    page.get_by_label("Title").fill("First light")
    page.get_by_role("button", name="Go live").click()
    expect(page).to_have_url(re.compile("/studio/live/"))


@SIZES
def test_a_visitor_who_chose_a_pack_still_has_it_after_joining(
    newcomer: Callable[..., Page], site: Site, size: Sizes
) -> None:
    page = newcomer(width=size[0], height=size[1])
    there = room_address(page, "Night guitar")
    page.goto(f"/coins/?country=FR&next={there}")
    choose_by_label(page, r"\b300\b")
    expect(page.locator("#summary [name=seen]")).to_have_value(chosen(page))
    page.get_by_role("button", name="Join to buy for").click()
    expect(page.get_by_label("Country")).to_have_value("FR")
    join(page, site, f"packed_{size[0]}")
    expect(page.get_by_role("radio", name=re.compile(r"\b300\b")).first).to_be_checked()
    page.locator("#pay").click()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("link", name="Back to where you were").click()
    expect(page).to_have_url(re.compile(there))


def test_a_fan_who_lacks_coins_buys_them_and_sends_the_gift_without_scripts(
    plain: Callable[..., Page], site: Site
) -> None:
    gift, handle = "storm-choir", "short_plain"
    site.shell(FAN.format(handle=handle))
    give(site, handle, 391)
    page = plain(handle)
    open_room(page, "Night guitar", scripts=False, said=False)
    expect(page.locator(".bar-say__balance")).to_contain_text("391")
    page.get_by_role("link", name="Send a gift").click()
    choose(page, gift)
    page.get_by_role("link", name="Get 2,109 coins").click()
    pay = page.get_by_role("button", name="Continue to pay")
    expect(pay).not_to_contain_text(re.compile(r"\d"), use_inner_text=True)
    choose_by_label(page, r"\b5,000\b")
    pay.click()  # a total that was not seen is shown first
    expect(page.get_by_role("heading", name="Your order")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Pay .\d")).click()
    bring_coins(page)
    expect(page.locator(".bar-say__balance")).to_contain_text("5,391")
    page.get_by_role("link", name="Send a gift").click()
    expect(page.locator(f"#gift-{gift}")).to_be_checked()
    press(page, gift)
    expect(
        page.get_by_role(
            "heading", name=re.compile(r"Send Storm Choir for €[\d.]+ \(2,500 coins\)")
        )
    ).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(
        page.get_by_text(re.compile(r"Storm Choir sent for €[\d.]+ \(2,500 coins\)\."))
    ).to_be_visible()
    expect(page.locator(".header .balance")).to_contain_text("2,891")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Gift undone. You have 5,391 coins.")).to_be_in_viewport()
    expect(page.locator(".bar-say__balance")).to_contain_text("5,391")


def test_a_fan_becomes_a_creator_without_scripts(plain: Callable[..., Page], site: Site) -> None:
    handle = "joiner_plain"
    site.shell(FAN.format(handle=handle))
    page = plain(handle)
    page.goto("/rates/?country=FR")
    page.get_by_label("Your account").click()
    page.locator(".menu__sheet").get_by_role("link", name="Become a creator").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Become a creator").click()
    expect(page).to_have_url(re.compile(r"/rates/\?country=FR$"))
    page.get_by_label("Your account").click()
    page.locator(".menu__sheet").get_by_role("link", name="Studio").click()
    expect(page.get_by_role("link", name="Your payouts")).to_be_visible()
    page.get_by_role("link", name="Go live").first.click()
    page.get_by_label("Title").fill("First light")
    page.get_by_role("button", name="Go live").click()
    expect(page).to_have_url(re.compile("/studio/live/"))
    page.get_by_placeholder("Say something").fill("Good evening")
    page.get_by_role("button", name="Send message").click()
    expect(page.locator(".line", has_text="Good evening")).to_be_in_viewport()


def test_a_visitor_who_chose_a_pack_still_has_it_without_scripts(
    plain: Callable[..., Page], site: Site
) -> None:
    page = plain()
    there = room_address(page, "Night guitar")
    page.goto(f"/coins/?country=FR&next={there}")
    choose_by_label(page, r"\b300\b")
    page.get_by_role("button", name="Join to buy", exact=True).click()
    expect(page.get_by_label("Country")).to_have_value("FR")
    join(page, site, "packed_plain")
    expect(page.get_by_role("radio", name=re.compile(r"\b300\b")).first).to_be_checked()
    page.get_by_role("button", name="Continue to pay").click()
    bring_coins(page)
    expect(page).to_have_url(re.compile(there))
    expect(page.locator(".bar-say__balance")).to_contain_text("300")
