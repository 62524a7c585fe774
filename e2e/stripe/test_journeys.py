"""The journeys of paying through Stripe's pages, here the stand-in's.

Approved, declined, challenged, paid later, expired, refunded in part, disputed and won or lost.
"""

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.journeys import FAN
from e2e.room import choose_by_label
from e2e.site import Site
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.browser
BALANCES = """
import ledger
from accounts.models import User
print(ledger.balance("coins", "COIN", User.objects.get(handle="{handle}").pk))
"""
AGREES = """
import ledger
from ledger.checks import run
from wallet import tasks
from wallet.providers.stripe.client import client
tasks.reconcile()
held = {one.currency: one.amount for one in client().v1.balance.retrieve().pending}
print(run(), held["eur"] - ledger.balance("clearing:stripe", "EUR"))
"""


class Shop:
    """A fan at the shop, with Stripe's dashboard in another tab."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.main = page.locator("main")
        self.stripe = f"http://localhost:{site.port + 100}"
        self.order = ""

    def choose(self, coins: int, price: str, method: str = "Card") -> None:
        """Order so many coins; the pay page shows the same price."""
        self.page.goto(f"/coins/?pack=custom:{coins}&coins={coins}")
        choose_by_label(self.page, method)
        self.page.get_by_role("button", name=f"Pay €{price}").click()
        self.page.wait_for_url(f"{self.stripe}/pay/cs_test_*")
        expect(self.page.get_by_text("No real money moves here.")).to_be_visible()
        expect(self.page.locator(".amount")).to_have_text(f"{price} EUR")
        back = self.page.get_by_role("link", name="Back without paying").get_attribute("href") or ""
        self.order = back.rstrip("/").rpartition("/")[2]
        self.look("pay")

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button).click()

    def is_at_the_order(self, state: str, *words: str) -> None:
        """Expect the order's page, which comes to this state by itself."""
        expect(self.page).to_have_url(f"{self.site.url}/orders/{self.order}/")
        expect(self.page.locator(f"#order[data-state={state}]")).to_be_visible()
        for each in words:
            expect(self.main).to_contain_text(each)
        self.look(f"order-{state}")

    def comes_to_say(self, *words: str) -> None:
        """Open the order's page until it has heard what happened elsewhere."""

        def said() -> bool:
            self.page.goto(f"/orders/{self.order}/")
            return all(each in self.main.inner_text() for each in words)

        wait_until(said, f"the order does not say {words}")
        self.look("order-" + words[0].lower().replace(" ", "-"))

    def at_stripe(self, button: str) -> None:
        """Press what happens to this order on Stripe's dashboard."""
        tab = self.page.context.new_page()
        tab.goto(self.stripe)
        row = tab.locator("tr", has_text=self.order[:8])
        row.get_by_role("button", name=button, exact=True).click()
        expect(row).to_be_visible()
        tab.close()

    def coins(self) -> int:
        return int(self.site.shell(BALANCES.format(handle=self.handle)))

    handle = ""

    def look(self, name: str) -> None:
        """Keep a picture at both sizes, light and dark, where `LOOK` names a folder."""
        if folder := os.environ.get("LOOK"):
            size = self.page.viewport_size
            for width, height in ((390, 844), (1440, 900)):
                for scheme in ("light", "dark"):
                    self.page.set_viewport_size({"width": width, "height": height})
                    self.page.emulate_media(color_scheme=scheme)
                    path = f"{folder}/{self.handle}-{name}-{width}-{scheme}.png"
                    self.page.screenshot(path=path, full_page=True)
            self.page.emulate_media(color_scheme=None)
            self.page.set_viewport_size(size or {"width": 1440, "height": 900})


@pytest.fixture
def shop(site: Site, signed_in: Callable[..., Page]) -> Callable[[str, int, int], Shop]:
    """Return a function that lets a new fan arrive."""

    def arrive(handle: str, width: int, height: int) -> Shop:
        site.shell(FAN.format(handle=handle))
        shop = Shop(signed_in(handle, width=width, height=height), site)
        shop.handle = handle
        return shop

    return arrive


def test_the_ways_to_pay_on_a_phone(shop: Callable[..., Shop], site: Site) -> None:
    paula = shop("paula", 390, 844)
    page = paula.page
    page.goto("/coins/")
    for method in ("Card, Apple Pay or Google Pay", "SEPA Direct Debit", "Other ways to pay"):
        expect(page.get_by_role("radio", name=re.compile(method))).to_be_attached()
    expect(page.get_by_role("radio", name=re.compile("Pix|iDEAL|Konbini"))).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    paula.look("coins")

    # Declined, then challenged, then approved: one order, one payment.
    paula.choose(500, "5.99")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    paula.press("Bank declines")
    expect(page.get_by_role("alert")).to_have_text("Your card was declined. Try another way.")
    paula.look("declined")
    paula.press("Bank asks for confirmation")
    expect(page.get_by_text("asks whether it's you who pays")).to_be_visible()
    paula.look("challenge")
    paula.press("It's me, pay 5.99 EUR")
    paula.is_at_the_order("paid", "Your coins are here", "€5.99", "They never expire.")
    assert paula.coins() == 500

    # Paid by bank: the money is on its way, and the page hears of it by itself.
    paula.choose(300, "3.69", "SEPA Direct Debit")
    paula.press("Money arrives in 15 seconds")
    paula.is_at_the_order("pending", "Your payment is on its way")
    assert paula.coins() == 500
    paula.at_stripe("Money arrives")
    paula.is_at_the_order("paid", "Your coins are here")
    assert paula.coins() == 800

    # Money that never comes.
    paula.choose(300, "3.69", "SEPA Direct Debit")
    paula.press("Money never arrives")
    paula.is_at_the_order("pending")
    paula.at_stripe("Money never arrives")
    paula.is_at_the_order("declined", "Payment declined", "You were not charged")
    assert paula.coins() == 800

    # Left, found again, and over.
    paula.choose(300, "3.69")
    page.get_by_role("link", name="Back without paying").click()
    paula.is_at_the_order("started", "Waiting for your payment", "Continue to pay €3.69")
    page.get_by_role("button", name="Continue to pay").click()
    page.wait_for_url(f"{paula.stripe}/pay/cs_test_*")
    paula.at_stripe("Page expires")
    page.reload()
    expect(page.get_by_role("heading", name="This page has expired")).to_be_visible()
    page.get_by_role("link", name="Back to the order").click()
    paula.is_at_the_order("expired", "This order wasn't paid", "You were not charged.")
    page.get_by_role("link", name="Try again").click()
    expect(page).to_have_url(re.compile(r"/coins/\?coins=300"))
    assert site.shell(AGREES).strip() == "[] 0"


def test_money_that_goes_back(
    shop: Callable[..., Shop], signed_in: Callable[..., Page], site: Site
) -> None:
    rita = shop("rita", 1440, 900)
    page = rita.page

    # Half by the dashboard, a part of the rest by the fan.
    rita.choose(1_000, "11.59")
    rita.press("Pay 11.59 EUR")
    rita.is_at_the_order("paid", "Your coins are here")
    rita.at_stripe("Refund half")
    rita.comes_to_say("Partly refunded", "The other coins are yours.")
    left = rita.coins()
    assert 500 <= left < 510  # rounded in the fan's favour
    page.get_by_role("link", name="Refund unused coins").click()
    expect(rita.main).to_contain_text("Refunded or on their way back")
    page.get_by_label("Coins to return").fill("100")
    expect(page.get_by_role("button", name="Refund €1.1")).to_be_visible()
    rita.look("refund")
    page.get_by_role("button", name="Refund €1.1").click()
    expect(page).to_have_url(f"{site.url}/orders/{rita.order}/")
    assert rita.coins() == left - 100
    rita.comes_to_say("Partly refunded")

    # An inquiry freezes; decided for us it is as if nothing had been.
    rita.choose(300, "3.69")
    rita.press("Pay 3.69 EUR")
    rita.is_at_the_order("paid", "Your coins are here")
    rita.at_stripe("Dispute")
    rita.comes_to_say("Your bank is deciding", "on hold")
    assert rita.coins() == left - 100
    page.goto("/coins/")
    expect(rita.main).to_contain_text("You asked your bank to take back a payment of €3.69.")
    staff_see_it(signed_in("dana", width=1440, height=900), rita, "€3.69")
    rita.at_stripe("Won or withdrawn")
    rita.comes_to_say("Your coins are here")
    assert rita.coins() == left + 200

    rita.at_stripe("Dispute")
    rita.comes_to_say("Your bank is deciding")
    rita.at_stripe("Lost")
    rita.comes_to_say("Your bank took the payment back", "are gone")
    assert rita.coins() == left - 100
    assert site.shell(AGREES).strip() == "[] 0"


def staff_see_it(page: Page, fan: Shop, amount: str) -> None:
    """Staff find the dispute from their first page, and hand evidence in."""
    page.goto("/admin/wallet/dispute/")
    page.locator("#result_list .field-due a").first.click()
    page.wait_for_url(re.compile("/change/"))
    dispute = page.locator("section.dispute")
    expect(dispute).to_contain_text(amount)
    expect(dispute).to_contain_text("300 of 300")
    if os.environ.get("LOOK"):
        Shop.look(StaffLook(page, fan.site), "dispute")
    page.get_by_label("In your words").fill("She has bought here before, from the same address.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("section.dispute")).to_contain_text("Evidence")

    def handed_in() -> bool:
        page.reload()
        return "was handed in" in page.locator("section.dispute").inner_text()

    wait_until(handed_in, "the evidence is not handed in")


class StaffLook(Shop):
    """The staff's pages, to look at."""

    handle = "dana"
