"""Orders for the wallet's tests, placed and paid through the services."""

import uuid
from typing import Any

import ledger
from accounts.models import User
from wallet.models import Bundle, Purchase, SandboxPayment
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


def spend(fan: User, coins: int, kind: str = "spend") -> str:
    """Spend coins as a gift does, and return the posting's key."""
    key = f"spend:{uuid.uuid4()}"
    mine, spent = (
        ledger.account_id("coins", "COIN", fan.pk),
        ledger.account_id("coins_spent", "COIN"),
    )
    ledger.post_one(key=key, kind=kind, legs=[ledger.Leg("COIN", mine, spent, coins)])
    return key
