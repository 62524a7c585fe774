"""What the shop's tests share: orders placed and paid through the services."""

import uuid
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from accounts.models import User
from wallet import purchases, settlement
from wallet.models import Bundle, Purchase, SandboxPayment


def order(user: User, coins: int = 1_000, **more: Any) -> Purchase:
    """Return a new order of a pack or an amount, with its payment opened."""
    purchase = purchases.buy(
        user=user, key=more.pop("key", uuid.uuid4()), method="card", coins=coins, **more
    )
    purchases.start(purchase)
    return purchase


def press(purchase: Purchase, to: SandboxPayment.State) -> None:
    """Press a button on the sandbox's pay page."""
    assert SandboxPayment.objects.get(pk=purchase.provider_reference).move(to)


def paid(user: User, coins: int = 1_000) -> Purchase:
    """Return an order that was paid and credited."""
    purchase = order(user, coins)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    return settlement.look(purchase)


def pack(user: User, coins: int = 1_000) -> Bundle:
    """Return a pack of the fan's region."""
    return Bundle.objects.get(region=user.region, coins=coins)


def at_once(count: int, act: Callable[[], Any]) -> list[Any]:
    """Run an act in several threads that start together; return what each returned or raised."""
    gate, results = Barrier(count), []

    def run() -> None:
        try:
            gate.wait(timeout=10)
            results.append(act())
        except Exception as trouble:
            results.append(trouble)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results
