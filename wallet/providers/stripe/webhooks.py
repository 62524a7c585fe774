"""Stripe's webhooks: who sent one, and which payment it is about."""

import json
import time
from collections.abc import Mapping
from typing import Any

import stripe
from django.conf import settings

from foundation.errors import DomainError
from foundation.incoming import json_of
from wallet.providers.base import BadSignature, Notice

SIGNATURE_HEADER = "Stripe-Signature"
TOLERANCE_S = 300
LONGEST_ID = 120
# News that comes days after the payment, which nobody asks for by itself.
LATE_EVENTS = (
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "refund.created",
    "refund.updated",
    "refund.failed",
)


def verify(headers: Mapping[str, str], body: bytes) -> Notice:
    """Return what a webhook is about once one of our secrets proves its sender.

    Raises `BadSignature`: not signed by Stripe, too old or from the future, of another mode or of
    another account.
    """
    header = headers.get(SIGNATURE_HEADER, "")
    if not any(_signed(body, header, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise BadSignature("wrong signature")
    try:
        event = json_of(body, texts=False)
        return notice(event)
    except (DomainError, KeyError, TypeError, AttributeError) as wrong:
        raise BadSignature("not an event") from wrong


def _signed(body: bytes, header: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE_S)
        moment = header.partition("t=")[2].partition(",")[0]
        return int(moment) <= time.time() + TOLERANCE_S  # the library lets the future pass
    except (stripe.SignatureVerificationError, ValueError):
        return False


def notice(event: Mapping[str, Any]) -> Notice:
    """Return an event's id and the payment that it is about.

    Raises `BadSignature` for an event of another mode or account; `KeyError`, `TypeError` and
    `AttributeError` for what is no event.
    """
    if event["object"] != "event" or event["livemode"] is not (not settings.SANDBOX):
        raise BadSignature("another mode")
    if event.get("account") or event.get("context"):
        raise BadSignature("another account")
    about = event["data"]["object"]
    is_session = about["object"] == "checkout.session"
    named = about["id"] if is_session else about.get("payment_intent") or about["id"]
    for text in (event["id"], named):
        if not isinstance(text, str) or not text.isascii() or not 0 < len(text) <= LONGEST_ID:
            raise BadSignature("not an id")
        if not text.replace("_", "").isalnum():
            raise BadSignature("not an id")
    return Notice(event["id"], named)


def told(event: stripe.Event) -> tuple[Notice, bytes] | None:
    """Return an event that we asked for as a webhook would have brought it, if it is ours."""
    said = event.to_dict()
    try:
        return notice(said), json.dumps(said).encode()
    except (BadSignature, KeyError, TypeError, AttributeError):
        return None
