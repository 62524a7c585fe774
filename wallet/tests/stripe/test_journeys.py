"""An order's whole way through Stripe: paid, declined, challenged, late, expired, over HTTP."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from conftest import person
from stripe_standin.faults import Kind
from stripe_standin.server import Exchange, Standin
from testing.browsers import signed_in
from wallet.models import Purchase
from wallet.providers import registry
from wallet.providers.stripe.provider import provider
from wallet.purchases import buying, settlement
from wallet.tests.stripe.stage import coins_of, make_due, order, paid

pytestmark = pytest.mark.django_db
State = Purchase.State


def test_a_paid_order_is_credited_once(standin: Standin, carol: User) -> None:
    purchase = order(carol)
    assert purchase.pay_url.startswith(f"{standin.url}/pay/cs_test_")
    standin.account.pay(purchase.provider_reference, country="FR")
    for _ in range(2):
        assert settlement.inspect(purchase).state == State.PAID
        purchase.refresh_from_db()
    assert (coins_of(carol), purchase.paid_from) == (1_000, "FR")


def test_the_session_says_what_the_fan_saw(standin: Standin, carol: User) -> None:
    purchase = order(carol)
    session = standin.account.session(purchase.provider_reference)
    assert (session["amount_total"], session["currency"]) == (
        purchase.total_minor,
        purchase.currency.lower(),
    )
    assert session["client_reference_id"] == session["metadata"]["order"]
    assert session["client_reference_id"] == str(purchase.public_id)
    assert session["adaptive_pricing"] == {"enabled": False}
    assert session["success_url"].endswith(f"/orders/{purchase.public_id}/")
    assert session["expires_at"] - session["created"] <= timedelta(hours=24).total_seconds()


def test_starting_again_finds_the_same_session(standin: Standin, carol: User) -> None:
    purchase = buying.buy(user=carol, key=uuid.uuid4(), method="card", coins=100)
    first = provider.start(purchase)
    again = provider.start(purchase)  # the answer was lost: the key finds it
    assert first == again
    buying.start(purchase)
    assert buying.start(purchase) == first
    assert len(standin.store.all("checkout.session")) == 1


def test_a_declined_card_leaves_the_order_open_for_another_one(
    standin: Standin, carol: User
) -> None:
    purchase = order(carol)
    standin.account.decline(purchase.provider_reference)
    assert settlement.inspect(purchase).state == State.STARTED
    standin.account.pay(purchase.provider_reference)
    assert settlement.inspect(purchase).state == State.PAID
    assert coins_of(carol) == 1_000


def test_a_bank_that_asks_back_is_waited_for(standin: Standin, carol: User) -> None:
    purchase = order(carol)
    standin.account.challenge(purchase.provider_reference)
    assert settlement.inspect(purchase).state == State.AUTHENTICATING
    standin.account.pay(purchase.provider_reference)
    assert settlement.inspect(purchase).state == State.PAID


def test_money_that_comes_later_is_credited_then(standin: Standin, carol: User) -> None:
    purchase = order(carol, method="sepa_debit")
    standin.account.pay_later(purchase.provider_reference)
    assert settlement.inspect(purchase).state == State.PENDING
    assert coins_of(carol) == 0
    standin.account.arrive(purchase.provider_reference)
    assert settlement.inspect(purchase).state == State.PAID
    assert coins_of(carol) == 1_000


def test_money_that_never_comes_is_declined(standin: Standin, carol: User) -> None:
    purchase = order(carol, method="sepa_debit")
    standin.account.pay_later(purchase.provider_reference)
    settlement.inspect(purchase)
    standin.account.fail_later(purchase.provider_reference)
    assert settlement.inspect(purchase).state == State.DECLINED
    assert coins_of(carol) == 0


def test_a_session_that_expired_ends_the_order(standin: Standin, carol: User) -> None:
    purchase = order(carol)
    standin.account.expire(purchase.provider_reference)
    assert settlement.inspect(purchase).state == State.EXPIRED
    assert buying.start is not None and provider.start(purchase).url.endswith(
        reverse("wallet:order", args=[purchase.public_id])
    )


@pytest.mark.parametrize(
    ("country", "currency", "theirs"),
    [("JP", "JPY", 1), ("ID", "IDR", 100), ("DE", "EUR", 1), ("US", "USD", 1), ("BR", "BRL", 1)],
)
def test_every_currency_is_asked_for_in_stripes_units(
    standin: Standin, db: None, country: str, currency: str, theirs: int
) -> None:
    fan = person("hana", country=country)
    purchase = order(fan, 1_000)
    session = standin.account.session(purchase.provider_reference)
    assert purchase.currency == currency
    assert session["amount_total"] == purchase.total_minor * theirs
    standin.account.pay(purchase.provider_reference)
    assert settlement.inspect(purchase).state == State.PAID
    assert coins_of(fan) == 1_000


@pytest.mark.parametrize(
    "tampered",
    [
        {"amount": 1, "amount_received": 1},
        {"currency": "usd"},
        {"currency": "idr"},  # and then there are parts of a rupiah
        {"metadata": {"order": str(uuid.uuid4())}},
        {"metadata": {}},
    ],
)
def test_another_amount_currency_or_order_credits_nothing(
    standin: Standin, carol: User, tampered: dict[str, Any]
) -> None:
    purchase = order(carol)
    standin.account.pay(purchase.provider_reference)
    intent = standin.account.intent_of(standin.account.session(purchase.provider_reference))
    standin.account.change(intent, **tampered)
    assert settlement.inspect(purchase).state == State.REVIEW
    assert coins_of(carol) == 0


def test_a_method_that_the_account_has_not_switched_on_leads_to_the_others(
    standin: Standin, carol: User
) -> None:
    told: list[Exchange] = []
    standin.told = told.append
    standin.account.methods.remove("sepa_debit")
    purchase = order(carol, method="sepa_debit")
    session = standin.account.session(purchase.provider_reference)
    assert session["payment_method_types"] == standin.account.methods
    assert [one.status for one in told] == [400, 200]


def test_the_coins_page_names_the_methods_of_the_country(standin: Standin, db: None) -> None:
    for country, name in (("NL", "iDEAL"), ("BR", "Pix"), ("JP", "Konbini"), ("DE", "SEPA")):
        page = signed_in(person(f"fan{country.lower()}", country=country)).get("/coins/")
        assert name in page.content.decode(), country
        assert "Card, Apple Pay or Google Pay" in page.content.decode()


def test_what_is_too_little_for_stripe_is_not_offered(standin: Standin, db: None) -> None:
    country = person("sari", country="ID").country
    assert country is not None
    assert registry.methods(country=country, amount_minor=9_999) == []
    assert registry.methods(country=country, amount_minor=10_000)


def test_a_way_to_pay_that_two_providers_offer_is_shown_once(
    standin: Standin, carol: User, settings: Any
) -> None:
    settings.PAYMENT_PROVIDERS = ["wallet.providers.stripe", "wallet.providers.sandbox"]
    assert signed_in(carol).get("/coins/").content.decode().count('value="card"') == 1
    assert carol.country is not None
    assert registry.taking("card", country=carol.country, amount_minor=500).name == "stripe"
    settings.PAYMENT_PROVIDERS = ["wallet.providers.sandbox", "wallet.providers.stripe"]
    assert registry.taking("card", country=carol.country, amount_minor=500).name == "sandbox"


def test_checkout_leads_to_stripes_page(standin: Standin, carol: User, settings: Any) -> None:
    browser = signed_in(carol)
    purchase = paid(standin, carol, 100)
    chosen = {"pack": "custom", "coins": "1000", "key": str(uuid.uuid4()), "method": "card"}
    first = browser.post("/coins/checkout/", chosen, follow=True)
    total = first.context["offer"].total_minor
    seen = {"seen": "custom:1000", "total": total}
    left = browser.post("/coins/checkout/", chosen | seen)
    assert left.status_code == 302
    assert left["Location"].startswith(f"{standin.url}/pay/cs_test_")
    assert purchase.state == State.PAID


def test_an_unpaid_order_is_due_again(standin: Standin, carol: User) -> None:
    purchase = order(carol)
    make_due(purchase)
    assert settlement.sweep() == 1
    purchase.refresh_from_db()
    assert purchase.state == State.STARTED and purchase.due_at is not None


def test_a_page_does_not_wait_for_a_stripe_that_says_nothing(
    standin: Standin, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = order(carol)
    standin.account.pay(purchase.provider_reference)
    monkeypatch.setattr(settlement, "PATIENCE_S", 0.2)
    standin.faults.order(Kind.PAUSED, method="GET")
    try:
        assert settlement.known(purchase) is None
    finally:
        standin.faults.resume()
    monkeypatch.setattr(settlement, "PATIENCE_S", 60)
    assert settlement.known(purchase) == State.PAID
