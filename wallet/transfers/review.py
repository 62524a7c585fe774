"""What staff decide about transfers that do not go their way by themselves."""

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from foundation.errors import WrongState
from foundation.texts import clean, reason_in
from wallet.models import AwaitedTransfer, BankTransfer, GiveBack, Purchase
from wallet.providers.bank_transfer.provider import NAME
from wallet.providers.bank_transfer.reference import references_in
from wallet.transfers import booking, matching, refusals
from wallet.transfers.payers import REASON_LENGTH
from wallet.transfers.rules import decide

State = BankTransfer.State
MOST_FOUND = 20


def suggestions(transfer: BankTransfer, words: str = "") -> QuerySet[Purchase]:
    """Return orders that a transfer may be for: by words that staff typed, else of its amount."""
    orders = Purchase.objects.filter(awaited__isnull=False, currency=transfer.currency)
    orders = orders.select_related("user", "awaited").order_by("-created_at")
    said = clean(words)
    if references := references_in(said):
        return orders.filter(awaited__reference__in=references)[:MOST_FOUND]
    if said:
        by_name = Q(user__display_name__icontains=said) | Q(user__handle__icontains=said)
        return orders.filter(by_name | Q(user__email__iexact=said))[:MOST_FOUND]
    waiting = [*Purchase.OPEN, Purchase.State.EXPIRED, Purchase.State.CANCELLED]
    return orders.filter(total_minor=transfer.amount_minor, state__in=waiting)[:MOST_FOUND]


@transaction.atomic
def match(*, transfer: BankTransfer, order: Purchase, by: User, reason: str) -> BankTransfer:
    """Count a reviewed transfer for an order, by the rules that hold for every one.

    Large money, and money of a sender on hold, waits for another person first. Raises
    `ReasonMissing`, `OrderNotByTransfer`, `OtherCurrency`, `WrongState`.
    """
    said = _reason(reason)
    if order.provider != NAME or not AwaitedTransfer.objects.filter(purchase=order).exists():
        raise refusals.OrderNotByTransfer
    if order.currency != transfer.currency:
        raise refusals.OtherCurrency(theirs=transfer.currency, ours=order.currency)
    order = matching.lock_order(order.pk)
    locked = _to_review(transfer)
    decision = decide(matching.facts_of(order, locked))
    held = locked.why == BankTransfer.Why.SENDER
    second = bool(decision.use_minor) and (held or matching.is_large(locked))
    changes = {"decided_by": by, "reason": said, "needs_second": second, "purchase": order}
    if second:
        why = BankTransfer.Why.SENDER if held else BankTransfer.Why.LARGE
        locked.move(State.APPROVAL, why=why, **changes)
        matching.nudge_order(order)
        return locked
    return matching.apply(_noted(locked, **changes), order, decision)


@transaction.atomic
def approve(*, transfer: BankTransfer, by: User) -> BankTransfer:
    """Let a transfer that waits for a second person go to its order.

    Raises `NeedsAnother`, `WrongState`.
    """
    if transfer.purchase_id is None:
        raise WrongState
    order = matching.lock_order(transfer.purchase_id)
    locked = matching.lock(transfer)
    if locked.state != State.APPROVAL or locked.purchase_id != order.pk:
        raise WrongState
    if by.pk in {locked.decided_by_id, locked.uploaded_by_id}:
        raise refusals.NeedsAnother
    decision = decide(matching.facts_of(order, locked))
    return matching.apply(_noted(locked, approved_by=by), order, decision)


@transaction.atomic
def send_to_review(*, transfer: BankTransfer, by: User, reason: str) -> BankTransfer:
    """Turn down what waits for a second person: somebody decides anew. Raises `WrongState`,
    `ReasonMissing`.
    """
    said = _reason(reason)
    locked = matching.lock(transfer)
    if locked.state != State.APPROVAL:
        raise WrongState
    locked.move(State.REVIEW, decided_by=by, reason=said, needs_second=False)
    return locked


@transaction.atomic
def give_back(*, transfer: BankTransfer, by: User, reason: str) -> GiveBack:
    """Give a reviewed transfer back to its payer, all of it. Raises `ReasonMissing`,
    `WrongState`.
    """
    said = _reason(reason)
    order = _order_of(transfer)
    locked = _to_review(transfer)
    locked.move(State.OWED, decided_by=by, reason=said)
    if order:
        matching.nudge_order(order)
    return matching.give_back(locked, GiveBack.Kind.DECLINED, locked.amount_minor)


@transaction.atomic
def dismiss(*, transfer: BankTransfer, by: User, reason: str) -> BankTransfer:
    """Say that money is no fan's: what the ledger owes to a payer is taken off again.

    Raises `ReasonMissing`, `WrongState`.
    """
    said = _reason(reason)
    order = _order_of(transfer)
    locked = _to_review(transfer)
    gone = booking.dismissed(locked)
    locked.move(State.DISMISSED, decided_by=by, reason=said, dismissed_at=gone)
    if order:
        matching.nudge_order(order)
    return locked


@transaction.atomic
def take_back(*, transfer: BankTransfer, by: User, reason: str) -> BankTransfer:
    """Book by hand that the bank took a transfer back, where its statement did not say which.

    Raises `ReasonMissing`, `WrongState`.
    """
    said = _reason(reason)
    order = _order_of(transfer)
    locked = matching.lock(transfer)
    if State.REVERSED not in BankTransfer.NEXT[State(locked.state)] or locked.state == State.NEW:
        raise WrongState
    key = f"hand:{locked.public_id}"
    BankTransfer.objects.filter(pk=locked.pk).update(reversal_key=key, needs_attention=said)
    matching.take_back(locked, order)
    return locked


def _order_of(transfer: BankTransfer) -> Purchase | None:
    return matching.lock_order(transfer.purchase_id) if transfer.purchase_id else None


def _to_review(transfer: BankTransfer) -> BankTransfer:
    locked = matching.lock(transfer)
    if locked.state != State.REVIEW:
        raise WrongState
    return locked


def _noted(transfer: BankTransfer, **changes: object) -> BankTransfer:
    """Write who decided before the money moves: the posting keeps it."""
    BankTransfer.objects.filter(pk=transfer.pk).update(**changes)
    transfer.refresh_from_db()
    return transfer


def _reason(reason: str) -> str:
    said = reason_in(reason, REASON_LENGTH)
    if not said:
        raise refusals.ReasonMissing
    return said
