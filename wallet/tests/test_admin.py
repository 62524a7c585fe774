"""Staff pages: prices go forward only and are seen first; money is read and never edited."""

import re
from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

import ledger
from accounts.models import User
from ledger.models import Account, LedgerCheck, Posting, Rule, Transfer
from wallet.models import (
    Bundle,
    BundlePrice,
    FxRate,
    Purchase,
    RateCard,
    SpendingPolicy,
    WebhookEvent,
)
from wallet.prices import impact
from wallet.tests.stage import moment, order, pack, paid, spend

pytestmark = pytest.mark.django_db
READ_ONLY = (Account, Posting, Transfer, Rule, Purchase, WebhookEvent, LedgerCheck)


def staff(client: Client, dana: User) -> Client:
    client.force_login(dana)
    return client


@pytest.mark.parametrize("model", READ_ONLY)
def test_nobody_adds_changes_or_deletes_money_superusers_neither(
    model: type, client: Client, dana: User, carol: User
) -> None:
    paid(carol)
    LedgerCheck.objects.create(ok=True, report="All invariants hold.")
    WebhookEvent.objects.create(provider="sandbox", event_id="e", body=b"{}")
    staff(client, dana)
    name = f"{model._meta.label_lower.replace('.', '_')}"  # type: ignore[attr-defined]  # a model
    row = model.objects.first()  # type: ignore[attr-defined]  # every model has a manager
    before = list(model.objects.values())  # type: ignore[attr-defined]
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200
    detail = reverse(f"admin:{name}_change", args=[row.pk])
    assert client.get(detail).status_code == 200
    assert client.post(detail, {"balance": 1, "state": "paid"}).status_code == 403
    assert client.get(reverse(f"admin:{name}_add")).status_code == 403
    assert client.post(reverse(f"admin:{name}_delete", args=[row.pk])).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(reverse(f"admin:{name}_changelist"), bulk)
    assert list(model.objects.values()) == before  # type: ignore[attr-defined]


def test_every_page_of_the_prices_opens(client: Client, dana: User) -> None:
    staff(client, dana)
    for model in (Bundle, BundlePrice, RateCard, FxRate, SpendingPolicy):
        name = f"wallet_{model.__name__.lower()}"
        assert client.get(reverse(f"admin:{name}_changelist"), follow=True).status_code == 200
        row = model.objects.first()
        assert row is not None
        assert client.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200


def test_the_list_of_packs_asks_once_for_each_regions_terms(
    client: Client, dana: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page = reverse("admin:wallet_bundle_changelist")
    staff(client, dana).get(page)
    with django_assert_max_num_queries(60):
        client.get(page)


def test_people_without_the_right_see_nothing(client: Client, carol: User) -> None:
    client.force_login(carol)
    for model in admin.site._registry:
        if model._meta.app_label in {"ledger", "wallet"}:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            assert client.get(reverse(name)).status_code == 302


def test_the_posting_rules_say_which_accounts_a_kind_may_touch(client: Client, dana: User) -> None:
    page = staff(client, dana).get(reverse("admin:ledger_rule_changelist"), {"q": "undo"})
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))
    for rule in Rule.objects.filter(kind="undo"):
        assert rule.reverses in words
        for kind, party in ((rule.from_kind, rule.from_party), (rule.to_kind, rule.to_party)):
            assert f"{kind} ({party or 'site'})" in words
    assert "coins (fan), never below zero COIN" in words
    purchase = Rule.objects.filter(unit="").first()
    assert purchase is not None
    row = client.get(reverse("admin:ledger_rule_change", args=[purchase.pk])).content.decode()
    assert "any currency" in row


def test_a_statement_has_a_running_balance_on_the_normal_side(
    client: Client, dana: User, carol: User
) -> None:
    paid(carol, 100)
    paid(carol, 300)
    spend(carol, 150)
    staff(client, dana)
    account = ledger.account_id("coins", "COIN", carol.pk)
    page = client.get(reverse("admin:ledger_account_statement", args=[account])).content.decode()
    for part in ("250", "400", "100", "150", "coins_issued", "coins_spent"):
        assert part in page
    clearing = ledger.account_id("clearing:sandbox", "EUR")
    page = client.get(reverse("admin:ledger_account_statement", args=[clearing])).content.decode()
    assert "€5.18" in page and "-€5.18" not in page


def test_a_new_price_is_previewed_then_saved(client: Client, dana: User, carol: User) -> None:
    staff(client, dana)
    address = reverse("admin:wallet_bundleprice_add")
    form = {"bundle": pack(carol).pk, "price_minor": "1259", **moment(3)}
    seen = client.post(address, form)
    assert seen.status_code == 200
    page = seen.content.decode()
    assert "€11.59 → €12.59" in page and "Germany" in page and "_confirmed" in page
    assert BundlePrice.objects.filter(bundle=pack(carol)).count() == 1
    assert client.post(address, form | {"_confirmed": "1"}).status_code == 302
    assert BundlePrice.objects.filter(bundle=pack(carol)).count() == 2
    assert pack(carol).price.price_minor == 1_159  # not before its day


def test_a_price_that_pays_out_more_than_it_brings_is_refused(
    client: Client, dana: User, carol: User
) -> None:
    staff(client, dana)
    form = {"bundle": pack(carol).pk, "price_minor": "800", "_confirmed": "1", **moment(1)}
    page = client.post(reverse("admin:wallet_bundleprice_add"), form).content.decode()
    assert "Nothing was saved" in page and "Finland" in page
    assert BundlePrice.objects.filter(bundle=pack(carol)).count() == 1


@pytest.mark.parametrize("model", ["bundleprice", "ratecard", "fxrate"])
def test_the_past_stays_as_it_was(client: Client, dana: User, carol: User, model: str) -> None:
    staff(client, dana)
    forms: dict[str, dict[str, object]] = {
        "bundleprice": {"bundle": pack(carol).pk, "price_minor": "1259"},
        "ratecard": {
            "code": "past",
            "coin_value_micro_usd": "10000",
            "diamonds_per_coin": "1",
            "diamond_payout_micro_usd": "7000",
        },
        "fxrate": {"currency": "EUR", "per_usd": "0.9", "source": "bank"},
    }
    counts = (BundlePrice.objects.count(), RateCard.objects.count(), FxRate.objects.count())
    form = forms[model] | moment(-1) | {"_confirmed": "1"}
    page = client.post(reverse(f"admin:wallet_{model}_add"), form).content.decode()
    assert "Prices and rates can&#x27;t be changed in the past" in page
    assert counts == (
        BundlePrice.objects.count(),
        RateCard.objects.count(),
        FxRate.objects.count(),
    )
    for row in (BundlePrice, RateCard, FxRate):
        first = row.objects.first()
        assert first is not None
        change = reverse(f"admin:wallet_{row.__name__.lower()}_change", args=[first.pk])
        assert client.post(change, {"price_minor": 1}).status_code == 403


def test_a_rate_card_is_previewed_and_may_not_lose_money(client: Client, dana: User) -> None:
    staff(client, dana)
    address = reverse("admin:wallet_ratecard_add")
    good = {
        "code": "2027",
        "coin_value_micro_usd": "10000",
        "diamonds_per_coin": "1",
        "diamond_payout_micro_usd": "7800",
        **moment(30),
    }
    page = client.post(address, good).content.decode()
    assert "€6.82 → €7.09" in page and "_confirmed" in page
    client.post(address, good | {"_confirmed": "1"})
    assert RateCard.objects.get(code="2027").creator_share_percent == 78
    for worth, payout in (("10000", "9500"), ("20000", "15000")):
        bad = good | {"code": "greedy", "_confirmed": "1", **moment(40)}
        bad |= {"coin_value_micro_usd": worth, "diamond_payout_micro_usd": payout}
        assert client.post(address, bad).status_code == 200
    assert not RateCard.objects.filter(code="greedy").exists()


def test_an_exchange_rate_that_makes_packs_lose_is_refused() -> None:
    fine = FxRate(currency="EUR", per_usd=Decimal("0.92"))
    impact.refuse_losses(impact.of_rate(fine))
    with pytest.raises(impact.PaysOutMore):
        impact.refuse_losses(impact.of_rate(FxRate(currency="EUR", per_usd=Decimal("1.4"))))


def test_the_preview_flags_packs_below_their_coins_worth() -> None:
    """Finland's 25.5 % is above the 20 % that the euro list was made for."""
    effects = impact.of_card(RateCard.objects.current())
    flagged = {effect.after.country.code for effect in effects if effect.below_worth}
    assert "FI" in flagged
    assert not any(effect.loses for effect in effects)


def test_staff_may_ask_for_another_look(client: Client, dana: User, carol: User) -> None:
    purchase = order(carol)
    Purchase.objects.update(due_at=None, state=Purchase.State.REVIEW)
    staff(client, dana)
    form = {"action": "inspect", "_selected_action": [purchase.pk]}
    assert client.post(reverse("admin:wallet_purchase_changelist"), form).status_code == 302
    assert Purchase.objects.get().due_at is not None
