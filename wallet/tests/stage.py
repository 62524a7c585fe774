"""Orders for the wallet's tests, placed and paid through the services."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

import ledger
from accounts.models import User
from wallet.models import Bundle, Purchase, Refund, SandboxPayment
from wallet.purchases import buying, settlement


def order(user: User, coins: int = 1_000, **more: Any) -> Purchase:
    """Return a new order of a pack or an amount, with its payment opened."""
    purchase = buying.buy(
        user=user, key=more.pop("key", uuid.uuid4()), method="card", coins=coins, **more
    )
    buying.start(purchase)
    return purchase


def press(purchase: Purchase, to: SandboxPayment.State) -> None:
    """Press a button on the sandbox's pay page."""
    assert SandboxPayment.objects.get(pk=purchase.provider_reference).move(to)


def paid(user: User, coins: int = 1_000) -> Purchase:
    """Return an order that was paid and credited."""
    purchase = order(user, coins)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    return settlement.inspect(purchase)


def pack(user: User, coins: int = 1_000) -> Bundle:
    """Return a pack of the fan's region."""
    return Bundle.objects.get(region=user.region, coins=coins)


def spend(fan: User, coins: int, kind: str = "test") -> str:
    """Spend coins as a gift does, and return the posting's key."""
    key = f"spend:{uuid.uuid4()}"
    mine, spent = (
        ledger.account_id("coins", "COIN", fan.pk),
        ledger.account_id("coins_spent", "COIN"),
    )
    ledger.post_one(key=key, kind=kind, legs=[ledger.Leg("COIN", mine, spent, coins)])
    return key


def refunded(purchase: Purchase, coins: int, *, loss_minor: int = 0) -> Refund:
    """Return a refund of unused coins that has reached the fan, with what it moves."""
    purchase.refresh_from_db()
    gone = purchase.returned_coins + coins
    net = -(-purchase.net_minor * gone // purchase.coins) - purchase.returned_net_minor
    tax = -(-purchase.tax_minor * gone // purchase.coins) - purchase.returned_tax_minor
    Purchase.objects.filter(pk=purchase.pk).update(
        returned_coins=gone,
        returned_net_minor=purchase.returned_net_minor + net,
        returned_tax_minor=purchase.returned_tax_minor + tax,
    )
    _post_refund(purchase, coins, net, tax)
    return Refund.objects.create(
        purchase=purchase,
        key=uuid.uuid4(),
        coins=coins,
        net_minor=net,
        tax_minor=tax,
        loss_minor=loss_minor,
        currency=purchase.currency,
        reason=Refund.Reason.WITHDRAWAL,
        state=Refund.State.DONE,
        provider_reference=f"re_{uuid.uuid4().hex[:12]}",
        done_at=timezone.now(),
    )


def _post_refund(purchase: Purchase, coins: int, net: int, tax: int) -> None:
    currency = purchase.currency
    clearing = ledger.account_id(f"clearing:{purchase.provider}", currency)
    mine, gone = (
        ledger.account_id("coins", "COIN", purchase.user_id),
        ledger.account_id("coins_refunded", "COIN"),
    )
    unearned = ledger.account_id("unearned", currency)
    legs = [
        ledger.Leg("COIN", mine, gone, coins),
        ledger.Leg(currency, unearned, clearing, net),
    ]
    if tax:
        of_country = ledger.account_id(f"tax:{purchase.country_id}", currency)
        legs.append(ledger.Leg(currency, of_country, clearing, tax))
    ledger.post_one(key=f"refund:{uuid.uuid4()}", kind="test", legs=legs)


def moment(days: int) -> dict[str, str]:
    at = timezone.now() + timedelta(days=days)
    return {"valid_from_0": at.strftime("%Y-%m-%d"), "valid_from_1": at.strftime("%H:%M:%S")}
