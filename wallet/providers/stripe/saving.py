"""Cards that Stripe keeps: saved on its page, charged later without the fan, forgotten.

Each saved card has a customer of its own at Stripe, without a name or an email: deleting it is
forgetting the card.
"""

import logging
from typing import Any

import stripe
from django.conf import settings
from django.urls import reverse

from wallet.models import Purchase, SavedMethod
from wallet.providers.base import CannotCharge, Method, ProviderMethod, Started, Unreachable
from wallet.providers.stripe import mapping, methods
from wallet.providers.stripe.amounts import theirs
from wallet.providers.stripe.client import client

log = logging.getLogger(__name__)
CARD = "card"
CHARGES = "pi_"  # how the reference of such a payment begins
NEWEST = 100  # charges of one card in which the one of an order is looked for


def savable(country: str, currency: str, amount_minor: int) -> list[Method]:
    """Return the card where Stripe takes one for this amount."""
    offered = methods.offered(country, currency, amount_minor)
    return [method for method in offered if method.slug == CARD]


def start(saved: SavedMethod) -> Started:
    """Open a session in setup mode, or find the one opened before."""
    back = f"{settings.PUBLIC_URL}{reverse('wallet:top_up')}"
    if saved.setup_reference:
        earlier = client().v1.checkout.sessions.retrieve(saved.setup_reference)
        return Started(earlier.id, earlier.url or back)
    names = {"saved_method": str(saved.public_id)}
    session = client().v1.checkout.sessions.create(
        {
            "mode": "setup",
            "customer_creation": "always",
            "payment_method_types": [CARD],
            "metadata": names,
            "setup_intent_data": {"metadata": names},
            "success_url": back,
            "cancel_url": back,
        },
        {"idempotency_key": f"save:{saved.public_id}"},
    )
    return Started(session.id, session.url or back)


def fetch(reference: str) -> ProviderMethod:
    """Return what became of a session in setup mode. Raises `Unreachable`."""
    wish: Any = {"expand": ["setup_intent.payment_method"]}
    try:
        session = client().v1.checkout.sessions.retrieve(reference, wish)
    except stripe.InvalidRequestError as unknown:
        raise Unreachable from unknown
    return mapping.saved(session)


def charge(purchase: Purchase, saved: SavedMethod) -> Started:
    """Confirm a PaymentIntent off session under the purchase's id."""
    try:
        intent = client().v1.payment_intents.create(
            {
                "amount": theirs(purchase.total_minor, purchase.currency),
                "currency": purchase.currency.lower(),
                "customer": saved.customer_reference,
                "payment_method": saved.method_reference,
                "payment_method_types": [CARD],
                "confirm": True,
                "off_session": True,
                "description": f"{purchase.coins} coins",
                "metadata": {"order": str(purchase.public_id)},
            },
            {"idempotency_key": f"purchase:{purchase.public_id}:saved"},
        )
    except stripe.CardError as refusal:  # the bank said no: the payment is there and tells it
        made = refusal.error.payment_intent if refusal.error else None
        if made is None:
            raise CannotCharge from refusal
        return Started(made.id, "")
    except stripe.InvalidRequestError as gone:
        if gone.http_status == 409:  # the same key is being worked on right now
            raise
        log.warning("Stripe does not charge a saved card: %s", gone.code)
        raise CannotCharge from gone
    return Started(intent.id, "")


def charged(purchase: Purchase, saved: SavedMethod) -> Started | None:
    """Return the PaymentIntent of a purchase among those of its card."""
    asked = {"customer": saved.customer_reference, "limit": NEWEST}
    try:
        found = client().v1.payment_intents.list(asked)  # type: ignore[arg-type]  # a plain dict
    except stripe.InvalidRequestError:  # the customer is gone, and was never charged for this
        return None
    for intent in found.auto_paging_iter():
        if mapping.noted(intent, "order") == str(purchase.public_id):
            return Started(intent.id, "")
    return None


def retrieve(reference: str) -> stripe.PaymentIntent:
    """Return a PaymentIntent with its charge. Raises `Unreachable`."""
    try:
        wish: Any = {"expand": ["latest_charge.refunds"]}
        return client().v1.payment_intents.retrieve(reference, wish)
    except stripe.InvalidRequestError as unknown:
        raise Unreachable from unknown


def forget(saved: SavedMethod) -> None:
    """Delete the card's customer; one that is gone already is forgotten."""
    try:
        client().v1.customers.delete(saved.customer_reference)
    except stripe.InvalidRequestError as gone:
        if gone.code != "resource_missing":
            raise Unreachable from gone
