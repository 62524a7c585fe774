"""One open order per fan and basket; and how an unpaid one is called off."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

import ledger
from accounts.models import User
from foundation.errors import WrongState
from wallet.models import BundlePrice, Purchase, SandboxPayment
from wallet.purchases import buying, settlement
from wallet.purchases.cancelling import PaidMeanwhile, cancel
from wallet.tests.stage import order, pack, paid, press

pytestmark = pytest.mark.django_db
State = Purchase.State
Theirs = SandboxPayment.State


def buy(user: User, coins: int = 1_000, **more: Any) -> Purchase:
    return buying.buy(
        user=user, key=uuid.uuid4(), method=more.pop("method", "card"), coins=coins, **more
    )


def checkout(client: Client, user: User, **more: Any) -> Any:
    bundle = str(pack(user).pk)
    form = {"key": str(uuid.uuid4()), "method": "card", "pack": bundle, "seen": bundle}
    return client.post("/coins/checkout/", form | {"total": "1159"} | more)


@pytest.mark.parametrize("pressed", [None, Theirs.NEEDS_AUTHENTICATION, Theirs.PROCESSING])
def test_the_same_basket_is_ordered_once_while_it_is_open(
    carol: User, pressed: Theirs | None
) -> None:
    first = order(carol)
    if pressed:
        press(first, pressed)
        settlement.inspect(first)
    for method in ("card", "bank"):
        with pytest.raises(buying.OrderOpen) as refusal:
            buy(carol, method=method)
        assert refusal.value.purchase == first
    assert refusal.value.detail == (
        "You have an open order already: €11.59 for 1,000 coins. Open it to pay or to cancel it, "
        "or choose another amount."
    )
    assert Purchase.objects.count() == 1


def test_another_basket_another_price_and_another_fan_are_other_orders(
    alice: User, carol: User
) -> None:
    order(carol)
    order(carol, 999)
    order(alice)
    BundlePrice.objects.create(bundle=pack(carol), price_minor=1_259)
    order(carol)
    assert Purchase.objects.count() == 4


@pytest.mark.parametrize("pressed", [Theirs.SUCCEEDED, Theirs.DECLINED, Theirs.EXPIRED])
def test_an_order_that_is_over_leaves_the_basket_free(carol: User, pressed: Theirs) -> None:
    first = order(carol)
    press(first, pressed)
    settlement.inspect(first)
    assert order(carol).pk != first.pk


def test_the_database_refuses_a_second_open_order_too(carol: User) -> None:
    """Whatever the service thinks: superusers and commands are held as well."""
    first = order(carol)
    second = Purchase.objects.get(pk=first.pk)
    second.pk, second.public_id, second.key = None, uuid.uuid4(), uuid.uuid4()
    second.provider_reference = ""
    with (
        pytest.raises(IntegrityError, match="one_open_purchase_per_basket"),
        transaction.atomic(),
    ):
        second.save(force_insert=True)


def test_the_second_tab_leads_to_the_open_order(carol: User, client: Client) -> None:
    client.force_login(carol)
    checkout(client, carol)
    answer = checkout(client, carol, next="/live/1/?gift=pebble&message=Hi")
    (purchase,) = Purchase.objects.all()
    assert answer["Location"] == f"/orders/{purchase.public_id}/"
    page = client.get(answer["Location"]).content.decode()
    assert "You have this order open already, so there is no second one." in page
    assert "Continue to pay €11.59" in page and "Cancel this order" in page
    press(purchase, Theirs.SUCCEEDED)
    settlement.inspect(purchase)
    done = client.get(answer["Location"]).content.decode()
    assert 'href="/live/1/?gift=pebble&amp;message=Hi"' in done


def test_an_unpaid_order_is_called_off(carol: User, client: Client) -> None:
    client.force_login(carol)
    purchase = order(carol)
    address = reverse("wallet:order_cancel", args=[purchase.public_id])
    for _ in range(2):  # again is the same
        assert client.post(address)["Location"] == f"/orders/{purchase.public_id}/"
    purchase.refresh_from_db()
    assert (purchase.state, purchase.due_at) == (State.CANCELLED, None)
    assert [event.state for event in purchase.events.all()] == ["created", "started", "cancelled"]
    page = client.get(f"/orders/{purchase.public_id}/").content.decode()
    assert "You cancelled this order. You were not charged." in page
    assert "Continue to pay" not in page
    assert "Cancelled" in client.get("/orders/").content.decode()
    with pytest.raises(WrongState):
        buying.start(purchase)
    assert order(carol).pk != purchase.pk


@pytest.mark.parametrize("pressed", [Theirs.SUCCEEDED, Theirs.PROCESSING])
def test_an_order_whose_payment_is_known_cannot_be_called_off(
    carol: User, client: Client, pressed: Theirs
) -> None:
    """Also where the site has not heard of it yet: the provider is asked."""
    purchase = order(carol)
    press(purchase, pressed)
    with pytest.raises(PaidMeanwhile):
        cancel(purchase)
    settlement.inspect(purchase)
    with pytest.raises(PaidMeanwhile):
        cancel(Purchase.objects.get(pk=purchase.pk))
    client.force_login(carol)
    address = reverse("wallet:order_cancel", args=[purchase.public_id])
    page = client.post(address, follow=True).content.decode()
    assert "Your payment is already on its way." in page


def test_money_that_comes_for_a_cancelled_order_brings_its_coins(carol: User) -> None:
    purchase = cancel(order(carol))
    press(purchase, Theirs.SUCCEEDED)
    assert settlement.inspect(purchase).state == State.PAID
    assert ledger.balance("coins", "COIN", carol.pk) == 1_000


def test_others_cannot_cancel_my_order(alice: User, carol: User, client: Client) -> None:
    purchase = order(alice)
    client.force_login(carol)
    address = reverse("wallet:order_cancel", args=[purchase.public_id])
    assert client.post(address).status_code == 404
    purchase.refresh_from_db()
    assert purchase.is_open


def test_a_decided_order_is_not_cancelled(carol: User) -> None:
    purchase = order(carol)
    press(purchase, Theirs.DECLINED)
    with pytest.raises(WrongState):
        cancel(settlement.inspect(purchase))
    with pytest.raises(PaidMeanwhile):
        cancel(paid(carol, 500))


def test_the_api_refuses_a_second_open_order_and_cancels_the_first(
    carol: User, client: Client
) -> None:
    client.force_login(carol)
    json = "application/json"
    wish = {"method": "card", "coins": 1_000}

    def place() -> Any:
        body = {"key": str(uuid.uuid4())} | wish
        return client.post("/api/v1/purchases/", body, content_type=json)

    first = place().json()
    assert first["terms_version"] == "2026-01"
    again = place()
    assert (again.status_code, again.json()["code"]) == (409, "order_open")
    address = f"/api/v1/purchases/{first['public_id']}/cancel/"
    for _ in range(2):
        gone = client.post(address, content_type=json)
        assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")
        assert gone.json()["pay_url"] is None
    assert place().status_code == 201
