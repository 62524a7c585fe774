"""Stripe behind the wallet's protocol."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import stripe
from django.conf import settings
from django.urls import reverse

from accounts.models import Country
from wallet.models import Purchase, Refund, SavedMethod
from wallet.providers.base import (
    Evidence,
    Method,
    Movement,
    Notice,
    ProviderMethod,
    ProviderPayment,
    ProviderRefund,
    RefundStatus,
    Started,
    Unreachable,
)
from wallet.providers.stripe import book, mapping, methods, money_back, saving, webhooks
from wallet.providers.stripe.amounts import NotWhole, theirs
from wallet.providers.stripe.client import client, unclear_is_unreachable
from wallet.providers.stripe.together import Together

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

log = logging.getLogger(__name__)
PAGE = 100
LONGEST_FACT = 20_000  # characters of one field of evidence
EXPAND = "payment_intent.latest_charge"
# A charge brings its newest ten refunds when asked to, and says whether there are more.
WITH_REFUNDS = f"{EXPAND}.refunds"
Sessions = Mapping[str, stripe.checkout.Session]
NONE_KNOWN: Sessions = {}


class _Pdf(BytesIO):
    """A file as stripe-python uploads one: something that reads and has a name."""

    name = "evidence.pdf"


class StripeProvider:
    """Leads fans to Stripe's Checkout and asks Stripe's API for everything else.

    An order's reference is its Checkout Session, its second one the PaymentIntent.
    """

    name = "stripe"

    def methods(self, *, country: Country, currency: str, amount_minor: int) -> list[Method]:
        """Return what Stripe offers in this country."""
        return methods.offered(country.code, currency, amount_minor)

    @unclear_is_unreachable()
    def start(self, purchase: Purchase) -> Started:
        """Open a Checkout Session under the purchase's id, or find the one opened before.

        It expires by itself a day later, Stripe's longest and its default. A method that the
        account has not switched on leads to the page with all that it has.
        """
        order = _order_page(purchase)
        if purchase.provider_reference:
            earlier = client().v1.checkout.sessions.retrieve(purchase.provider_reference)
            return Started(earlier.id, earlier.url or order)
        try:
            session = _open(purchase, order, [purchase.method])
        except stripe.InvalidRequestError as refusal:
            if not (refusal.param or "").startswith("payment_method_types"):
                raise
            log.warning("The Stripe account has not switched on %s.", purchase.method)
            session = _open(purchase, order, [])
        return Started(session.id, session.url or order)

    def fetch(self, reference: str) -> ProviderPayment:
        """Return where a payment stands, with its refunds and disputes."""
        return _fetch(reference, money_back.disputes_of)

    def together(self, references: Iterable[str]) -> Callable[[str], ProviderPayment]:
        """Return a `fetch` that has asked for the sessions of a batch by the hundred, and asks once
        for the disputes of all its young payments.
        """
        batch = Together(references, WITH_REFUNDS)
        return partial(_fetch, disputes_of=batch.disputes_of, known=batch.sessions)

    def savable(self, *, country: Country, currency: str, amount_minor: int) -> list[Method]:
        """Return the card: what else Stripe saves takes days to be paid."""
        return saving.savable(country.code, currency, amount_minor)

    @unclear_is_unreachable()
    def start_saving(self, saved: SavedMethod) -> Started:
        """Open a Checkout Session in setup mode, or find the one opened before."""
        return saving.start(saved)

    @unclear_is_unreachable()
    def fetch_saved(self, reference: str) -> ProviderMethod:
        """Return what became of a Checkout Session in setup mode."""
        return saving.fetch(reference)

    @unclear_is_unreachable()
    def charge(self, purchase: Purchase, saved: SavedMethod) -> Started:
        """Confirm a PaymentIntent off session, once per purchase."""
        return saving.charge(purchase, saved)

    @unclear_is_unreachable()
    def charged(self, purchase: Purchase, saved: SavedMethod) -> Started | None:
        """Return the PaymentIntent that was made for a purchase, if one was."""
        return saving.charged(purchase, saved)

    @unclear_is_unreachable()
    def forget(self, saved: SavedMethod) -> None:
        """Delete the customer that was made for this card, and the card with it."""
        saving.forget(saved)

    def verify(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Return what a webhook names once one of our secrets proves its sender."""
        return webhooks.verify(headers, body)

    @unclear_is_unreachable()
    def refund(self, refund: Refund) -> ProviderRefund:
        """Give money back, once per refund."""
        currency = refund.currency
        try:
            made = client().v1.refunds.create(
                {
                    "payment_intent": refund.purchase.payment_reference,
                    "amount": theirs(refund.total_minor, currency),
                    "metadata": {"refund": str(refund.public_id)},
                },
                {"idempotency_key": f"refund:{refund.public_id}"},
            )
        except stripe.InvalidRequestError as refusal:
            return ProviderRefund(
                reference="",
                refund=str(refund.public_id),
                status=RefundStatus.FAILED,
                amount_minor=refund.total_minor,
                currency=currency,
                why=refusal.code or "refused",
            )
        return mapping.refund(made)

    @unclear_is_unreachable()
    def hand_in(self, reference: str, evidence: Evidence) -> None:
        """Upload the file and submit what we know of a dispute; the bank decides from there.

        Twice with the same evidence is once. A dispute that was decided meanwhile takes none:
        `fetch` says where it stands.
        """
        digest = sha256(evidence.pdf + repr(sorted(evidence.facts.items())).encode()).hexdigest()
        key = f"evidence:{reference}:{digest[:32]}"
        file = client().v1.files.create(
            {
                "purpose": "dispute_evidence",
                "file": _Pdf(evidence.pdf),
            },
            {"idempotency_key": f"{key}:file"},
        )
        said = {name: text[:LONGEST_FACT] for name, text in evidence.facts.items() if text}
        try:
            client().v1.disputes.update(
                reference,
                {"evidence": {**said, "uncategorized_file": file.id}, "submit": True},  # type: ignore[arg-type]  # the names are our protocol's, which are Stripe's
                {"idempotency_key": key},
            )
        except stripe.InvalidRequestError as refusal:
            found = client().v1.disputes.retrieve(reference)
            if found.status in mapping.UNANSWERED:
                log.error("Stripe refuses evidence for %s: %s", reference, refusal.code)
                raise Unreachable from refusal

    @unclear_is_unreachable()
    def poll(self, since: datetime) -> Iterable[ProviderPayment]:
        """Return the payments that were opened since, as they stand now."""
        found = client().v1.checkout.sessions.list(
            {
                "created": {"gte": int(since.timestamp())},
                "limit": PAGE,
                "expand": [f"data.{EXPAND}"],
            }
        )
        ours = (session for session in found.auto_paging_iter() if session.client_reference_id)
        return list(map(mapping.payment, ours))

    @unclear_is_unreachable()
    def news(self, since: datetime) -> Iterable[tuple[Notice, bytes]]:
        """Return the events since that tell of what happens days after a payment."""
        found = client().v1.events.list(
            {
                "created": {"gte": int(since.timestamp())},
                "types": list(webhooks.LATE_EVENTS),
                "limit": PAGE,
            }
        )
        return [told for event in found.auto_paging_iter() if (told := webhooks.told(event))]

    @unclear_is_unreachable()
    def movements(self, since: datetime) -> Iterable[Movement]:
        """Return the lines of Stripe's book about our balance since, the oldest first."""
        found = client().v1.balance_transactions.list(
            {"created": {"gte": int(since.timestamp())}, "limit": PAGE, "expand": ["data.source"]}
        )
        lines = reversed(list(found.auto_paging_iter()))
        return [movement for line in lines if (movement := _counted(line))]


@unclear_is_unreachable()
def _fetch(
    reference: str, disputes_of: money_back.DisputesOf, known: Sessions = NONE_KNOWN
) -> ProviderPayment:
    if reference.startswith(saving.CHARGES):
        intent = saving.retrieve(reference)
        if not intent.amount_received:
            return mapping.charged(intent)
        return mapping.charged(intent, money_back.refunds_of(intent), disputes_of(intent))
    session = known.get(reference) or _session(reference)
    if session.payment_status != "paid" or session.payment_intent is None:
        return mapping.payment(session)
    paid = session.payment_intent
    assert not isinstance(paid, str)  # noqa: S101  # it was asked for whole
    return mapping.payment(session, money_back.refunds_of(paid), disputes_of(paid))


def _session(reference: str) -> stripe.checkout.Session:
    try:
        return client().v1.checkout.sessions.retrieve(reference, {"expand": [WITH_REFUNDS]})
    except stripe.InvalidRequestError as unknown:
        raise Unreachable from unknown


def _counted(line: stripe.BalanceTransaction) -> Movement | None:
    try:
        return book.movement(line)
    except NotWhole:
        log.error("Stripe's %s has parts of our smallest unit: it is not kept.", line.id)
        return None


def _order_page(purchase: Purchase) -> str:
    return f"{settings.PUBLIC_URL}{reverse('wallet:order', args=[purchase.public_id])}"


def _open(purchase: Purchase, order: str, types: list[str]) -> stripe.checkout.Session:
    """Open a session that offers these methods, or all that the account has.

    All that it says stands in the order: the same order asks for the same again.
    """
    names = {"order": str(purchase.public_id)}
    params: SessionCreateParams = {
        "mode": "payment",
        "client_reference_id": str(purchase.public_id),
        "metadata": names,
        "payment_intent_data": {"metadata": names, "description": _described(purchase)},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": purchase.currency.lower(),
                    "unit_amount": theirs(purchase.total_minor, purchase.currency),
                    "product_data": {"name": _described(purchase)},
                },
            }
        ],
        # The fan pays the price that they saw, in the currency of their price list.
        "adaptive_pricing": {"enabled": False},
        "success_url": order,
        "cancel_url": order,
    }
    named = [kind for kind in types if kind != methods.ANY]
    if named:
        params["payment_method_types"] = cast(Any, named)
    key = f"purchase:{purchase.public_id}" + ("" if named else ":any")
    return client().v1.checkout.sessions.create(params, {"idempotency_key": key})


def _described(purchase: Purchase) -> str:
    # The same for whoever asks: a fan's page or a worker, whose languages and figures differ.
    return f"{purchase.coins} coins"


provider = StripeProvider()
