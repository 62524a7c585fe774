"""A site that is paid through the stand-in for Stripe: its orders, its webhooks."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.test import Client, override_settings
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from stripe_standin.server import Exchange, Standin
from stripe_standin.store import Thing
from stripe_standin.tests.description import differences
from wallet import tasks
from wallet.models import ProviderMovement, Purchase
from wallet.purchases import buying, settlement

ADDRESS = "/webhooks/stripe/"
SECRETS = ["whsec_present", "whsec_next"]


@contextmanager
def stripe_site() -> Iterator[Standin]:
    """Let the site be paid through a stand-in; what they say is held against the description."""
    told: list[Exchange] = []
    standin = Standin(secrets=SECRETS[:1]).start()
    standin.told = told.append
    stripe = {
        "PAYMENT_PROVIDERS": ["wallet.providers.stripe"],
        "STRIPE_SECRET_KEY": standin.key,
        "STRIPE_WEBHOOK_SECRETS": SECRETS,
        "STRIPE_API_BASE": standin.url,
        "STRIPE_FILES_BASE": standin.url,
    }
    with override_settings(**stripe):
        try:
            yield standin
        finally:
            standin.stop()
    wrong = [one for exchange in told for one in differences(exchange)]
    assert not wrong, "\n".join(wrong[:5])


def order(user: User, coins: int = 1_000, method: str = "card") -> Purchase:
    """Return a new order, with its Checkout Session opened."""
    purchase = buying.buy(user=user, key=uuid.uuid4(), method=method, coins=coins)
    buying.start(purchase)
    return purchase


def paid(standin: Standin, user: User, coins: int = 1_000, *, card: str = "") -> Purchase:
    """Return an order that was paid at the stand-in and credited; by a card of its fan's own."""
    purchase = order(user, coins)
    standin.account.pay(purchase.provider_reference, card=card or user.handle)
    return settlement.inspect(purchase)


def charge(standin: Standin, purchase: Purchase) -> Thing:
    """Return the charge that paid an order."""
    intent = standin.account.intent_of(standin.account.session(purchase.provider_reference))
    found = standin.account.charge_of(intent)
    assert found is not None
    return found


def coins_of(user: User) -> int:
    """Return what the fan has."""
    return ledger.balance("coins", "COIN", user.pk)


def strange(standin: Standin, minor: int = 300, name: str = "reserve") -> ProviderMovement:
    """Return a line of a kind that we do not know: Stripe took so much from our balance."""
    line = standin.account.charge_fee(minor, "eur")
    told = {"id": f"txn_{name}", "type": "reserve_hold", "reporting_category": "reserve"}
    standin.store.put(line | told)
    standin.store.rows.execute("DELETE FROM object WHERE id = ?", (line["id"],))
    tasks.reconcile()
    return ProviderMovement.objects.get(reference=f"txn_{name}")


def make_due(purchase: Purchase) -> None:
    """Let it be time to ask about an order."""
    Purchase.objects.filter(pk=purchase.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def to(client: Client) -> Callable[[bytes, str], int]:
    """Return how a webhook reaches the site."""

    def post(body: bytes, signature: str) -> int:
        return ring(client, body, signature)

    return post


def ring(client: Client, body: bytes, signature: str, **more: Any) -> int:
    """Send one webhook and return the status of the answer."""
    return client.post(
        ADDRESS,
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
        **more,
    ).status_code


def asked(standin: Standin) -> list[tuple[str, dict[str, Any]]]:
    """Keep what is asked from now on, and still hold it against the description."""
    seen: list[tuple[str, dict[str, Any]]] = []
    told = standin.told

    def note(exchange: Exchange) -> None:
        seen.append((exchange.form, exchange.params))
        told(exchange)

    standin.told = note
    return seen


def crowd(standin: Standin, many: int, name: str = "fan", card: str = "") -> list[Purchase]:
    """Return orders of as many fans, paid at Stripe and due with us; by one card if it is named."""
    orders = [order(person(f"{name}{number}")) for number in range(many)]
    for each in orders:
        standin.account.pay(each.provider_reference, card=card or each.user.handle)
        make_due(each)
    return orders


def states(orders: list[Purchase]) -> list[str]:
    """Return where orders stand, in their order."""
    found = dict(Purchase.objects.values_list("pk", "state"))
    return [found[each.pk] for each in orders]
