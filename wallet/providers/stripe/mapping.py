"""Stripe's objects in the wallet's words."""

from datetime import UTC, datetime

import stripe

from wallet.providers.base import (
    DisputeStatus,
    ProviderDispute,
    ProviderMethod,
    ProviderPayment,
    ProviderRefund,
    RefundStatus,
    SavingStatus,
    Status,
)
from wallet.providers.stripe.amounts import NotWhole, ours

REFUND_STATUS = {
    "succeeded": RefundStatus.DONE,
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}
DISPUTE_STATUS = {
    "needs_response": DisputeStatus.NEEDS_RESPONSE,
    "warning_needs_response": DisputeStatus.NEEDS_RESPONSE,
    "under_review": DisputeStatus.UNDER_REVIEW,
    "warning_under_review": DisputeStatus.UNDER_REVIEW,
    "won": DisputeStatus.WON,
    "warning_closed": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
}
Noting = (
    stripe.checkout.Session
    | stripe.PaymentIntent
    | stripe.SetupIntent
    | stripe.Charge
    | stripe.Refund
)
# Of a payment that was confirmed without the payer; there is nobody to try another card.
CHARGE_STATUS = {
    "succeeded": Status.PAID,
    "processing": Status.PENDING,
    "canceled": Status.EXPIRED,
}
UNANSWERED = {"needs_response", "warning_needs_response"}


def payment(
    session: stripe.checkout.Session,
    refunds: list[stripe.Refund] | None = None,
    disputes: list[stripe.Dispute] | None = None,
) -> ProviderPayment:
    """Return a Checkout Session, its PaymentIntent expanded, as a payment of ours.

    Of a paid one the amount is what Stripe received, not what the session asked for.
    """
    intent = session.payment_intent
    assert not isinstance(intent, str)  # noqa: S101  # whoever asks for a session expands it
    paid = session.payment_status == "paid"
    if paid and intent:
        amount, currency = intent.amount_received, intent.currency
    else:
        amount, currency = session.amount_total or 0, session.currency or ""
    return ProviderPayment(
        reference=session.id,
        order=_order(session, intent),
        status=status(session, intent),
        amount_minor=_asked_for(amount, currency.upper()),
        currency=currency.upper(),
        country=_country(intent) if paid and intent else "",
        payment_reference=intent.id if intent else "",
        card=_used(intent, "fingerprint") if paid and intent else "",
        bank=(_used(intent, "issuer") or _used(intent, "bank_code")) if paid and intent else "",
        refunds=tuple(map(refund, refunds or [])),
        disputes=tuple(map(dispute, disputes or [])),
    )


def charged(
    intent: stripe.PaymentIntent,
    refunds: list[stripe.Refund] | None = None,
    disputes: list[stripe.Dispute] | None = None,
) -> ProviderPayment:
    """Return a PaymentIntent, its charge expanded, that was confirmed without the payer."""
    paid = intent.status == "succeeded"
    currency = intent.currency.upper()
    wrong = intent.last_payment_error
    return ProviderPayment(
        reference=intent.id,
        order=noted(intent, "order"),
        status=CHARGE_STATUS.get(intent.status, Status.DECLINED),
        amount_minor=_asked_for(intent.amount_received if paid else intent.amount, currency),
        currency=currency,
        country=_country(intent) if paid else "",
        payment_reference=intent.id,
        refunds=tuple(map(refund, refunds or [])),
        disputes=tuple(map(dispute, disputes or [])),
        asks_payer=intent.status == "requires_action"
        or getattr(wrong, "code", None) == "authentication_required",
    )


def saved(session: stripe.checkout.Session) -> ProviderMethod:
    """Return a session in setup mode, its card expanded, as a method that the fan saves."""
    setup = session.setup_intent
    card = setup.payment_method if isinstance(setup, stripe.SetupIntent) else None
    done = isinstance(card, stripe.PaymentMethod) and getattr(setup, "status", "") == "succeeded"
    names = {
        noted(session, "saved_method"),
        noted(setup, "saved_method") if isinstance(setup, stripe.SetupIntent) else "",
    } - {""}
    status = SavingStatus.EXPIRED if session.status == "expired" else SavingStatus.OPEN
    details = card.card if done and isinstance(card, stripe.PaymentMethod) else None
    customer = session.customer
    return ProviderMethod(
        reference=session.id,
        saved=names.pop() if len(names) == 1 else "",
        status=SavingStatus.SAVED if details and isinstance(customer, str) else status,
        customer=customer if isinstance(customer, str) else "",
        method=card.id if isinstance(card, stripe.PaymentMethod) else "",
        brand=(details.brand if details else "")[:24],
        last4=(details.last4 if details else "")[:4],
    )


def _asked_for(amount: int, currency: str) -> int:
    """Return an amount in our minor units; nothing for one that we cannot have asked for.

    It is no order's price, so its order goes to review, and no other order waits for it.
    """
    try:
        return ours(amount, currency)
    except NotWhole:
        return 0


def _order(session: stripe.checkout.Session, intent: stripe.PaymentIntent | None) -> str:
    """Return our order's id if session and payment name the same one, or nothing."""
    named = {session.client_reference_id or "", noted(session, "order")}
    if intent:
        named.add(noted(intent, "order"))
    return named.pop() if len(named) == 1 else ""


def noted(thing: Noting, name: str) -> str:
    """Return what we noted in an object's metadata, or nothing."""
    return str(getattr(thing.metadata, name, "") or "")


def status(session: stripe.checkout.Session, intent: stripe.PaymentIntent | None) -> Status:
    """Return where a payment stands.

    A declined card leaves the session open, and the fan tries another one on Stripe's page. Once
    the session is complete, money that does not come was declined.
    """
    waits = intent.status if intent else ""
    if session.status == "expired":
        return Status.EXPIRED
    if session.status == "complete":
        if session.payment_status == "paid":
            return Status.PAID
        return Status.PENDING if waits in {"processing", "requires_action"} else Status.DECLINED
    return Status.AUTHENTICATING if waits == "requires_action" else Status.OPEN


def _country(intent: stripe.PaymentIntent) -> str:
    """Return where the card was issued or the account is held, if Stripe says so."""
    return (_used(intent, "country") or _used(intent, "bic")[4:6]).upper()


def _used(intent: stripe.PaymentIntent, fact: str) -> str:
    """Return what Stripe says of the card or account that paid, or nothing."""
    charge = intent.latest_charge
    if not isinstance(charge, stripe.Charge) or charge.payment_method_details is None:
        return ""
    details = charge.payment_method_details
    return str(getattr(getattr(details, details.type, None), fact, None) or "")


def refund(said: stripe.Refund) -> ProviderRefund:
    """Return a refund of Stripe's; without an id of ours it was made in the dashboard."""
    currency = said.currency.upper()
    return ProviderRefund(
        reference=said.id,
        refund=noted(said, "refund"),
        status=REFUND_STATUS.get(said.status or "", RefundStatus.PENDING),
        amount_minor=ours(said.amount, currency),
        currency=currency,
        why=getattr(said, "failure_reason", None) or "",
    )


def dispute(said: stripe.Dispute) -> ProviderDispute:
    """Return a dispute of Stripe's. A withdrawn one was won."""
    currency = said.currency.upper()
    moved = said.balance_transactions
    due = said.evidence_details.due_by
    return ProviderDispute(
        reference=said.id,
        status=_dispute_status(said),
        amount_minor=ours(said.amount, currency),
        currency=currency,
        reason=said.reason,
        inquiry=said.status.startswith("warning_"),
        fee_minor=ours(sum(m.fee for m in moved if m.currency == said.currency), currency),
        evidence_due_at=datetime.fromtimestamp(due, UTC) if due else None,
    )


def _dispute_status(said: stripe.Dispute) -> DisputeStatus:
    if known := DISPUTE_STATUS.get(said.status):
        return known
    # "prevented" says that no bank will decide; what became of the money its movements say.
    back = sum(moved.amount for moved in said.balance_transactions)
    return DisputeStatus.LOST if back < 0 else DisputeStatus.WON
