"""Lines of Stripe's book (balance transactions) in the wallet's words."""

from datetime import UTC, datetime

import stripe

from wallet.providers.base import Movement, MovementKind
from wallet.providers.stripe.amounts import ours
from wallet.providers.stripe.mapping import noted

KINDS = {
    "charge": MovementKind.CHARGE,
    "payment": MovementKind.CHARGE,
    "refund": MovementKind.REFUND,
    "payment_refund": MovementKind.REFUND,
    "refund_failure": MovementKind.REFUND,
    "stripe_fee": MovementKind.FEE,
    "stripe_fx_fee": MovementKind.FEE,
    "tax_fee": MovementKind.FEE,
    "payout": MovementKind.PAYOUT,
    "payout_cancel": MovementKind.PAYOUT,
    "payout_failure": MovementKind.PAYOUT,
}
DISPUTED = {"dispute", "dispute_reversal"}


def movement(line: stripe.BalanceTransaction) -> Movement:
    """Return a line of Stripe's book. What we do not know is `OTHER`, for staff to look at."""
    currency = line.currency.upper()
    amount = ours(line.amount, currency)
    source, kind = line.source, kind_of(line)
    moved, source_currency, about, payment = amount, currency, "", ""
    if isinstance(source, (stripe.Charge, stripe.Refund, stripe.Dispute)):
        source_currency = source.currency.upper()
        moved = ours(source.amount, source_currency) * (1 if amount > 0 else -1)
        about = noted(source, "order") if isinstance(source, stripe.Charge) else source.id
        intent = source.payment_intent
        payment = intent if isinstance(intent, str) else ""
    return Movement(
        reference=line.id,
        kind=kind,
        amount_minor=amount,
        fee_minor=ours(line.fee, currency),
        currency=currency,
        source_minor=amount if source_currency == currency else moved,
        source_currency=source_currency,
        moved_at=datetime.fromtimestamp(line.created, UTC),
        about=about,
        payment=payment,
    )


def kind_of(line: stripe.BalanceTransaction) -> MovementKind:
    """Return what a line is about."""
    if line.type == "adjustment" and line.reporting_category in DISPUTED:
        return MovementKind.DISPUTE
    return KINDS.get(line.type, MovementKind.OTHER)
