"""The journey: from a fan's money to a creator's bank file, in one running site.

Read it from top to bottom; it is the story that the product promises.
"""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.pages import hearing
from e2e.room import choose, choose_by_label, open_bobs_room, press
from e2e.site import Site
from giftplatform.demo.people import PASSWORD
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.browser


ANA = "ana@example.com"


def test_the_whole_way(
    site: Site, newcomer: Callable[..., Page], signed_in: Callable[..., Page], tmp_path: Path
) -> None:
    the_site_greets_its_operator(site)
    ana = newcomer()
    a_visitor_looks_around(ana)
    somebody_too_young_is_refused_kindly(newcomer())
    ana_joins(ana, site)
    ana_buys_coins_exactly_once(ana)
    bob = signed_in("bob")
    a_gift_reaches_everybody(ana, bob, newcomer(width=390, height=844))
    ana_takes_a_gift_back(ana)
    bob_reads_what_he_earned(bob)
    bob_asks_for_his_money(bob)
    staff_send_the_money(signed_in("dana"), signed_in("erin"), tmp_path)
    bob_sees_it_arrive(bob)
    staff_keep_the_catalogue_and_the_books(signed_in("dana"))
    the_ledger_balances(site)


# --- 1. The operator ---------------------------------------------------------------------------


def the_site_greets_its_operator(site: Site) -> None:
    # The site may answer a moment before the one that started it has seen so, and says so.
    wait_until(lambda: "Press Ctrl-C to stop." in "".join(site.printed), "no greeting")
    greeting = "".join(site.printed)
    assert f"Giftplatform is running at {site.url}" in greeting
    for person in ("alice@example.com", "bob@example.com", "dana@example.com", PASSWORD):
        assert person in greeting


# --- 2. The visitor ----------------------------------------------------------------------------


def a_visitor_looks_around(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("Sandbox: no real money moves here.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Night guitar"))).to_be_visible()
    page.get_by_role("link", name="Rates").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("2026-default").first).to_be_visible()


def fill_in_the_form(page: Page, *, handle: str, born: str) -> None:
    page.goto("/account/signup/")
    page.get_by_label("Email").fill(f"{handle}@example.com")
    page.get_by_label("Password", exact=True).fill("a-lantern-in-the-fog-9")
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Country").select_option(label="Germany")
    page.get_by_label("Date of birth").fill(born)
    page.get_by_role("button", name="Join").click()


def somebody_too_young_is_refused_kindly(page: Page) -> None:
    fill_in_the_form(page, handle="tim", born="2014-03-01")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).not_to_have_url(re.compile("confirm"))
    expect(page.get_by_text("18").first).to_be_visible()


def ana_joins(page: Page, site: Site) -> None:
    fill_in_the_form(page, handle="ana", born="1994-07-30")
    page.goto(site.link_mailed_to(ANA, "confirm-email"))
    page.get_by_role("button", name="Yes, that's me").click()
    expect(page.locator("[data-balance], .balance").first).to_be_visible()


# --- 3. Coins ----------------------------------------------------------------------------------


def ana_buys_coins_exactly_once(page: Page) -> None:
    page.goto("/coins/")
    choose_by_label(page, r"^500\b|\b500\b")
    expect(page.locator("#summary")).to_contain_text("€5.99")
    page.get_by_role("button", name="Pay €5.99").click()
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("link", name="Try again")).to_be_visible()

    page.get_by_role("link", name="Try again").click()
    choose_by_label(page, r"\b500\b")
    page.get_by_role("button", name="Pay €5.99").click()
    page.get_by_role("button", name="Needs authentication").click()
    page.get_by_role("button", name="Yes, pay").click()
    expect(page.locator("#order[data-state=paid]")).to_be_visible()
    for _ in range(3):
        page.reload()
    page.goto("/wallet/")
    expect(page.get_by_role("main")).to_contain_text("500")
    expect(page.get_by_text("Bought 500 coins")).to_have_count(1)


# --- 4. The room -------------------------------------------------------------------------------


def a_gift_reaches_everybody(ana: Page, bob: Page, somebody: Page) -> None:
    with hearing(bob):
        bob.goto("/studio/live/")
    open_bobs_room(somebody)
    open_bobs_room(ana)
    expect(ana.locator("[data-tile]")).to_have_count(24)
    ana.get_by_label("Gift message").fill("For the fog horn")
    choose(ana, "moss-frog")
    press(ana, "moss-frog")

    line = bob.locator("[data-line]", has_text="For the fog horn")
    expect(line).to_be_visible()
    expect(somebody.get_by_text("For the fog horn").first).to_be_attached()

    line.locator(".line__press").click()
    expect(line).to_have_class(re.compile("is-thanked"))
    expect(ana.get_by_text(re.compile("thank", re.IGNORECASE)).first).to_be_attached()

    # A combo: press again, and again.
    choose(ana, "pebble")
    for _ in range(3):
        press(ana, "pebble")
    # Bob's pointer is on the list, so it does not jump under his hand; it says what is new.
    bob.locator("[data-new]").click()
    combo = bob.locator("[data-line]", has_text="Ana").filter(has_text="Pebble")
    expect(combo).to_have_count(1)
    expect(combo).to_have_attribute("data-quantity", "3")

    # This one is more than she has.
    choose(ana, "tide-hello")
    expect(ana.get_by_role("link", name="Get 228 coins")).to_be_visible()


def ana_takes_a_gift_back(page: Page) -> None:
    balance = page.locator(".tray__balance [data-balance]")
    choose(page, "neon-umbrella")
    press(page, "neon-umbrella")
    expect(balance).to_have_text("222")
    page.locator("[data-undo]", has_text="Neon Umbrella").get_by_role("button").click()
    expect(balance).to_have_text("472")


# --- 5. The studio -----------------------------------------------------------------------------


def save(page: Page, click: Callable[[], None]) -> bytes:
    with page.expect_download() as waiting:
        click()
    return Path(waiting.value.path()).read_bytes()


def bob_reads_what_he_earned(page: Page) -> None:
    page.goto("/studio/")
    for words in ("Available", "On hold", "Paid this year", "Release calendar"):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()
    page.goto("/studio/earnings/")
    expect(page.get_by_role("table").first).to_contain_text("Moss Frog")
    text = save(page, page.get_by_role("link", name=re.compile("CSV")).first.click).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert any("Moss Frog" in row.values() for row in rows)


def bob_asks_for_his_money(page: Page) -> None:
    page.goto("/studio/payouts/")
    expect(page.locator("main")).not_to_contain_text("1203 0000 0000 2020")
    expect(page.locator("main")).to_contain_text("2051")
    page.get_by_role("button", name="Request payout").click()
    expect(page.get_by_text("Requested").first).to_be_visible()


# --- 6. The bank -------------------------------------------------------------------------------


def staff_send_the_money(dana: Page, erin: Page, folder: Path) -> None:
    the_worker_has_checked_it(dana)
    dana.get_by_role("button", name="Create a bank file from all ready payouts").click()
    expect(
        dana.get_by_text("You created this bank file, so another person must approve it.")
    ).to_be_visible()
    expect(dana.get_by_role("button", name=re.compile("Approve"))).to_have_count(0)

    erin.goto(dana.url)
    erin.get_by_role("button", name=re.compile("Approve")).click()
    order = save(erin, erin.get_by_role("button", name=re.compile("Download pain")).click)
    again = save(erin, erin.get_by_role("button", name=re.compile("Download pain")).click)
    assert order == again
    assert b"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09" in order
    assert b"DE02120300000000202051" in order

    answer = folder / "camt053.xml"
    answer.write_bytes(save(erin, erin.get_by_role("button", name="Sample bank statement").click))
    erin.get_by_role("link", name="Upload a statement").click()
    erin.locator("input[type=file]").set_input_files(answer)
    erin.get_by_role("button", name="Upload and book").click()
    expect(erin.get_by_role("table").first).to_contain_text("paid")


def the_worker_has_checked_it(page: Page) -> None:
    """Wait until the payout, which no person touches, stands in the queue."""
    page.goto("/admin/payouts/payout/")
    button = page.get_by_role("button", name="Create a bank file from all ready payouts")

    def ready() -> bool:
        page.reload()
        return button.is_visible()

    wait_until(ready, "no payout became ready")


def bob_sees_it_arrive(page: Page) -> None:
    page.goto("/studio/payouts/")
    page.get_by_role("link", name=re.compile("Paid")).first.click()
    for step in ("Requested", "Sent", "Paid"):
        expect(page.get_by_text(re.compile(step)).first).to_be_visible()


# --- 7. The house ------------------------------------------------------------------------------


def staff_keep_the_catalogue_and_the_books(page: Page) -> None:
    for name in (
        "gifts/gift",
        "wallet/bundle",
        "accounts/region",
        "accounts/taxrate",
        "wallet/ratecard",
    ):
        page.goto(f"/admin/{name}/")
        expect(page.get_by_role("table").first).to_be_visible()
    page.goto("/admin/ledger/account/")
    page.get_by_role("link", name=re.compile("unearned")).first.click()
    page.get_by_role("link", name="Statement", exact=True).click()
    expect(page.get_by_role("table").first).to_contain_text("purchase")
    for name in ("posting", "transfer"):
        page.goto(f"/admin/ledger/{name}/")
        expect(page.get_by_role("link", name=re.compile("^Add"))).to_have_count(0)
        page.goto(f"/admin/ledger/{name}/add/")
        expect(page.get_by_text("this page belongs to another")).to_be_attached()


def the_ledger_balances(site: Site) -> None:
    proof = site.manage("check_ledger")
    assert proof.returncode == 0, proof.stderr
    assert "The ledger balances." in proof.stdout
    for unit in ("COIN", "DIAMOND", "EUR"):
        assert unit in proof.stdout
