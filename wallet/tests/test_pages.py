"""The wallet's pages: who sees what, what a press does, what a fragment says."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import ledger
from accounts.models import SpendingLimit, User
from conftest import give_coins
from wallet.limits.spending import OverOwnLimit, set_limit
from wallet.models import BundlePrice, Purchase, SandboxPayment
from wallet.purchases import settlement
from wallet.tests.stage import order, pack, paid, press, spend

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
OnCommit = Callable[..., Any]


def checkout(client: Client, user: User, **more: Any) -> Any:
    bundle = pack(user)
    form = {"key": str(uuid.uuid4()), "method": "card", "pack": str(bundle.pk)}
    form |= {"seen": str(bundle.pk), "total": "1159"} | more
    return client.post("/coins/checkout/", form)


def test_visitors_see_prices_of_the_default_region_and_may_choose_another(client: Client) -> None:
    assert "$10.69" in client.get("/coins/").content.decode()
    page = client.get("/coins/?country=DE").content.decode()
    assert "€11.59" in page and "with 19% VAT" in page and "A creator gets up to €6.82." in page
    assert "Join to buy" in page
    assert client.get("/coins/?country=nowhere").status_code == 200


def test_a_fan_sees_prices_of_their_own_country(carol: User, client: Client) -> None:
    client.force_login(carol)
    page = client.get("/coins/?country=US").content.decode()
    assert "€11.59" in page
    assert "$" not in page.split("</main>")[0].split("<main")[1]


def test_the_total_follows_the_choice(carol: User, client: Client) -> None:
    client.force_login(carol)
    live = client.get("/coins/quote/?pack=custom&coins=750", headers=HTMX).content.decode()
    assert "custom:750" in live and 'hx-swap-oob="true"' in live
    refused = client.get("/coins/quote/?pack=custom&coins=7", headers=HTMX)
    assert refused.status_code == 422
    assert "You can buy 50 to 100,000 coins at once." in refused.content.decode()
    for nonsense in ("pack=x", "pack=999999999999", "pack=custom&coins=1e9", "", "pack=²"):
        assert client.get(f"/coins/quote/?{nonsense}", headers=HTMX).status_code in (410, 422)


def test_a_choice_over_the_fans_own_limit_is_told_before_the_press(
    carol: User, client: Client
) -> None:
    set_limit(user=carol, span="day", coins=500)
    client.force_login(carol)
    refused = client.get("/coins/quote/?pack=custom&coins=750", headers=HTMX)
    assert (
        refused.status_code,
        "Your spending limit is 500 coins" in refused.content.decode(),
    ) == (
        OverOwnLimit.status,
        True,
    )
    assert client.get("/coins/quote/?pack=custom&coins=400", headers=HTMX).status_code == 200
    assert "Your spending limit is 500 coins" in client.get("/coins/").content.decode()


def test_one_press_places_the_order_and_leads_to_the_pay_page(carol: User, client: Client) -> None:
    client.force_login(carol)
    answer = checkout(client, carol)
    purchase = Purchase.objects.get()
    assert answer["Location"] == f"/sandbox/pay/{purchase.provider_reference}/"
    assert client.get(answer["Location"]).status_code == 200


def test_pressing_twice_is_one_order(carol: User, client: Client) -> None:
    client.force_login(carol)
    key = str(uuid.uuid4())
    assert (
        checkout(client, carol, key=key)["Location"] == checkout(client, carol, key=key)["Location"]
    )
    assert Purchase.objects.count() == 1


def test_a_choice_whose_total_was_not_seen_is_shown_first(carol: User, client: Client) -> None:
    client.force_login(carol)
    answer = checkout(client, carol, pack="custom", coins="750")
    assert answer.status_code == 200
    assert "Your order" in answer.content.decode() and "custom:750" in answer.content.decode()
    assert not Purchase.objects.exists()


def test_a_price_that_changed_meanwhile_is_refused(carol: User, client: Client) -> None:
    client.force_login(carol)
    BundlePrice.objects.create(bundle=pack(carol), price_minor=1_259)
    answer = checkout(client, carol)
    assert (answer.status_code, answer["X-Error-Code"]) == (409, "price_changed")
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("page", ["order", "order_progress", "receipt"])
def test_others_do_not_find_my_order(alice: User, carol: User, client: Client, page: str) -> None:
    address = reverse(f"wallet:{page}", args=[order(alice).public_id])
    client.force_login(carol)
    assert client.get(address).status_code == 404
    client.force_login(alice)
    assert client.get(address).status_code in (200, 302)


@pytest.mark.parametrize(
    "path", ["/wallet/", "/wallet/history/", "/wallet/balance/", "/orders/", "/coins/checkout/"]
)
def test_visitors_are_asked_to_sign_in(client: Client, path: str) -> None:
    answer = client.post(path) if "checkout" in path else client.get(path)
    assert answer.status_code == 302 and "/login/" in answer["Location"]


def test_the_success_page_credits_nothing(carol: User, client: Client) -> None:
    purchase = order(carol)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    client.force_login(carol)
    for _ in range(3):
        assert client.get(f"/orders/{purchase.public_id}/?status=paid").status_code == 200
    assert ledger.balance("coins", "COIN", carol.pk) == 0


def test_the_order_page_follows_while_open_and_stops_when_done(carol: User, client: Client) -> None:
    purchase = order(carol)
    client.force_login(carol)
    address = f"/orders/{purchase.public_id}/progress/"
    waiting = client.get(address)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert "HX-Trigger" not in waiting.headers
    press(purchase, SandboxPayment.State.SUCCEEDED)
    settlement.inspect(purchase)
    done = client.get(address)
    assert "every 2s" not in done.content.decode()
    assert "1,000 coins added to your wallet" in done.content.decode()
    assert done["HX-Trigger"] == "balance:changed"


@pytest.mark.parametrize(
    ("pressed", "title", "action"),
    [
        (SandboxPayment.State.DECLINED, "Payment declined", "Try again"),
        (SandboxPayment.State.PROCESSING, "Your payment is on its way", ""),
        (SandboxPayment.State.NEEDS_AUTHENTICATION, "Confirm with your bank", "Continue to pay"),
    ],
)
def test_the_order_page_says_what_happens(
    carol: User, client: Client, pressed: SandboxPayment.State, title: str, action: str
) -> None:
    purchase = order(carol)
    press(purchase, pressed)
    settlement.inspect(purchase)
    client.force_login(carol)
    page = client.get(f"/orders/{purchase.public_id}/").content.decode()
    assert title in page and action in page


@pytest.mark.parametrize(
    ("presses", "state"),
    [
        (["approve"], "succeeded"),
        (["approve", "decline"], "succeeded"),
        (["decline"], "declined"),
        (["decline", "approve"], "declined"),
        (["later"], "processing"),
        (["authenticate", "confirm"], "succeeded"),
        (["authenticate", "deny"], "declined"),
        (["something"], "open"),
    ],
)
def test_the_sandboxs_pay_page(carol: User, client: Client, presses: list[str], state: str) -> None:
    reference = order(carol).provider_reference
    for button in presses:
        page = "bank" if button in ("confirm", "deny") else "pay"
        client.post(f"/sandbox/{page}/{reference}/", {"pressed": button})
    assert SandboxPayment.objects.get().state == state


def test_the_receipt_states_numbers_tax_and_sandbox(carol: User, client: Client) -> None:
    client.force_login(carol)
    assert client.get(f"/orders/{order(carol, 100).public_id}/receipt/").status_code == 302
    page = client.get(f"/orders/{paid(carol).public_id}/receipt/").content.decode()
    for part in ("SANDBOX-", "1,000", "€9.74", "VAT 19%", "€1.85", "€11.59", "Germany", "SANDBOX"):
        assert part in page


def test_the_wallet_shows_balance_and_history(carol: User, client: Client) -> None:
    paid(carol)
    spend(carol, 250, kind="gift")
    client.force_login(carol)
    page = client.get("/wallet/").content.decode()
    for part in ("Bought 1,000 coins", "Gift sent", "-250", "750", "worth", "€8.69"):
        assert part in page
    assert "750" in client.get("/wallet/balance/").content.decode()


def test_the_history_is_paged_by_key(carol: User, client: Client) -> None:
    for _ in range(45):
        give_coins(carol, 10)
    client.force_login(carol)
    first = client.get("/wallet/").content.decode()
    assert first.count('<details class="entry"') == 12
    before = first.split("?before=")[1].split('"')[0]
    older = client.get(f"/wallet/history/?before={before}", headers=HTMX).content.decode()
    assert older.count('<details class="entry"') == 30
    assert "<html" not in older
    assert "<html" in client.get(f"/wallet/history/?before={before}").content.decode()
    assert client.get("/wallet/history/?before=nonsense").status_code == 200


def test_a_slider_sets_a_limit(carol: User, client: Client) -> None:
    client.force_login(carol)
    answer = client.post("/wallet/limits/", {"span": "day", "step": "3"}, headers=HTMX)
    assert answer.status_code == 200
    assert SpendingLimit.objects.get().coins == 500
    assert client.post("/wallet/limits/", {"span": "day", "step": "5"})["Location"] == "/wallet/"
    assert SpendingLimit.objects.get().in_force == 500
    assert (
        client.post("/wallet/limits/", {"span": "hour", "step": "1"}, headers=HTMX).status_code
        == 422
    )


def test_the_rates_are_public_and_add_up(client: Client) -> None:
    page = client.get("/rates/?country=DE").content.decode()
    for part in ("€10", "€5.88", "€2.05", "€0.47", "€1.60", "$0.0075", "75%", "2026-default"):
        assert part in page


def test_without_a_provider_prices_are_shown_and_nothing_is_sold(
    carol: User, client: Client, settings: Any
) -> None:
    settings.PAYMENT_PROVIDERS = []
    client.force_login(carol)
    page = client.get("/coins/").content.decode()
    assert "€11.59" in page and "Coins aren't on sale here right now." in page
    assert "disabled" in page.split('id="pay"')[1].split(">")[0]
    answer = checkout(client, carol)
    assert (answer.status_code, answer["X-Error-Code"]) == (422, "method_unavailable")
