"""Transfers on their way to their orders, one transaction each. Run by the wallet's sweep."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation import due_rows
from foundation.money import minor
from wallet.models import AwaitedTransfer, BankTransfer, FxRate, GiveBack, Purchase
from wallet.providers.bank_transfer.provider import GRACE, received
from wallet.providers.bank_transfer.reference import references_in
from wallet.transfers import booking
from wallet.transfers.payers import is_held
from wallet.transfers.rules import Decision, Facts, decide

State = BankTransfer.State
Why = BankTransfer.Why
# Part of the price may have come in the moment in which an order ended.
ENDED = {Purchase.State.EXPIRED, Purchase.State.CANCELLED, Purchase.State.DECLINED}
LEASE = timedelta(seconds=60)
BATCH = 100


def work_off() -> int:
    """Take the transfers that are due to their orders, and return how many they were."""
    claimed = due_rows.claim(BankTransfer.objects.all(), lease=LEASE, most=BATCH)
    for transfer in claimed:
        try:
            take_one(transfer)
        except Exception as trouble:
            due_rows.put_off(transfer, f"Bank transfer {transfer.public_id}", trouble)
    return len(claimed)


@transaction.atomic
def take_one(transfer: BankTransfer) -> BankTransfer:
    """Book a transfer that was read, and take it where it goes: to its order, back, to a person."""
    named = references_in(transfer.words)
    order = _locked_order(transfer, named)
    locked = lock(transfer)
    if locked.state == State.NEW:
        _first_step(locked, order, named)
    if locked.reversal_key and locked.state not in {State.DISMISSED, State.REVERSED}:
        take_back(locked, order)
    BankTransfer.objects.filter(pk=locked.pk).update(due_at=None, attempts=0, needs_attention="")
    locked.refresh_from_db()
    return locked


def lock(transfer: BankTransfer) -> BankTransfer:
    """Return a transfer, locked. Its order, if it has one, was locked before."""
    return BankTransfer.objects.select_for_update(no_key=True).get(pk=transfer.pk)


def lock_order(pk: int) -> Purchase:
    """Return an order, locked: whoever settles it waits."""
    return Purchase.objects.select_for_update(no_key=True).get(pk=pk)


def _locked_order(transfer: BankTransfer, named: set[str]) -> Purchase | None:
    """Return the one order of a transfer, locked: the one that has it, or the one it names."""
    if transfer.purchase_id:
        return lock_order(transfer.purchase_id)
    orders = AwaitedTransfer.objects.filter(reference__in=named)
    found = list(orders.values_list("purchase_id", flat=True))
    return lock_order(found[0]) if len(found) == 1 else None


def _first_step(transfer: BankTransfer, order: Purchase | None, named: set[str]) -> None:
    came_at = booking.came(transfer)
    if transfer.reversal_key:  # it came and went: no order sees it
        transfer.move(State.REVIEW, received_at=came_at)
        return
    why = _why_not(transfer, order, named)
    if why or order is None:
        transfer.move(State.REVIEW, received_at=came_at, why=why, purchase=order)
        return
    decision = decide(facts_of(order, transfer))
    if decision.use_minor and is_large(transfer):
        large = {"needs_second": True, "why": Why.LARGE, "purchase": order}
        transfer.move(State.APPROVAL, received_at=came_at, **large)
        nudge_order(order)
        return
    BankTransfer.objects.filter(pk=transfer.pk).update(purchase=order)
    transfer.purchase = order
    apply(transfer, order, decision, received_at=came_at)


def _why_not(transfer: BankTransfer, order: Purchase | None, named: set[str]) -> str:
    """Return why a person has to look; nothing where the rules decide."""
    known = AwaitedTransfer.objects.filter(reference__in=named).count()
    reasons = {
        Why.RETURNED: transfer.why == Why.RETURNED,
        Why.SENDER: is_held(transfer),
        Why.TWO_REFERENCES: known > 1,
        Why.NO_REFERENCE: order is None,
        Why.CURRENCY: order is not None and order.currency != transfer.currency,
        Why.ORDER: order is not None and order.state == Purchase.State.REVIEW,
    }
    return next((why for why, applies in reasons.items() if applies), "")


def facts_of(order: Purchase, transfer: BankTransfer) -> Facts:
    """Return what the rules need to know. Runs under the order's lock."""
    awaited = AwaitedTransfer.objects.get(purchase=order)
    return Facts(
        amount_minor=transfer.amount_minor,
        booked_on=transfer.booked_on,
        total_minor=order.total_minor,
        received_minor=received(order),
        paid=order.captured_at is not None,
        is_open=order.is_open,
        awaited_until=awaited.awaited_until,
        honoured_until=awaited.honoured_until,
    )


def is_large(transfer: BankTransfer) -> bool:
    """Return whether an amount becomes coins by two people only."""
    per_usd = FxRate.current(transfer.currency).per_usd
    return transfer.amount_minor > minor(
        settings.TRANSFERS["alone_usd"] * per_usd, transfer.currency
    )


def apply(
    transfer: BankTransfer, order: Purchase, decision: Decision, **changes: object
) -> BankTransfer:
    """Do what was decided: the order counts its part, the rest goes back. Under both locks."""
    back_minor = transfer.amount_minor
    if decision.use_minor:
        back_minor -= decision.use_minor
        _use(transfer, order, decision.use_minor, changes)
    else:
        transfer.move(State.OWED, **changes)
    if decision.back and back_minor:
        give_back(transfer, decision.back, back_minor)
    nudge_order(order)
    return transfer


def _use(
    transfer: BankTransfer, order: Purchase, use_minor: int, changes: dict[str, object]
) -> None:
    # What the posting keeps of the decision is read from the row: the row is written first.
    now = timezone.now()
    transfer.move(State.USED, purchase=order, used_minor=use_minor, used_at=now, why="", **changes)
    used_at = booking.used(transfer, use_minor)
    BankTransfer.objects.filter(pk=transfer.pk).update(used_at=used_at)
    transfer.used_at = used_at


def give_back(transfer: BankTransfer, kind: "GiveBack.Kind", minor_units: int) -> GiveBack:
    """Put money of a transfer into the queue of what goes back to its payer."""
    return GiveBack.objects.create(
        kind=kind, transfer=transfer, amount_minor=minor_units, currency=transfer.currency
    )


def nudge_order(order: Purchase) -> None:
    """Have a worker look at an order of which money came or went: it credits, nobody else."""
    Purchase.objects.filter(pk=order.pk).update(due_at=Now())


def take_back(transfer: BankTransfer, order: Purchase | None) -> None:
    """Book that the bank took a transfer back. Coins that were added stay until staff decide."""
    paid = order is not None and order.captured_at is not None
    if transfer.state == State.USED and not paid:
        release(transfer)
    gone_at = booking.reversed_(transfer)
    transfer.move(State.REVERSED, reversed_at=gone_at)
    waiting = transfer.given_back.filter(refund=None, state=GiveBack.State.WAITING)
    waiting.update(state=GiveBack.State.COVERED)
    if order is None:
        return
    if paid and transfer.used_minor and transfer.released_at is None:
        said = _("The bank took its transfer back. Refund the order, or ask the fan to pay again.")
        Purchase.objects.filter(pk=order.pk).update(needs_attention=said)
    else:
        nudge_order(order)


def release(transfer: BankTransfer) -> None:
    """Take a transfer off its order, which was not credited: the money is owed to its payer."""
    transfer.move(State.OWED, released_at=booking.released(transfer))


def give_up_partly_paid() -> int:
    """Give back what came for orders whose rest did not come in time; return how many orders."""
    over = Q(awaited_until__lt=timezone.localdate() - GRACE)
    parts = AwaitedTransfer.objects.filter(
        over & Q(purchase__state=Purchase.State.PENDING) | Q(purchase__state__in=ENDED),
        purchase__transfers__state=State.USED,
    )
    orders = list(parts.values_list("purchase_id", flat=True).distinct()[:BATCH])
    return sum(_give_up(pk) for pk in orders)


@transaction.atomic
def _give_up(pk: int) -> bool:
    order = lock_order(pk)
    transfers = order.transfers.select_for_update(no_key=True).order_by("pk")
    undecided = transfers.filter(state__in=BankTransfer.UNDECIDED).exists()
    whole = received(order) >= order.total_minor
    if order.state not in {Purchase.State.PENDING, *ENDED} or undecided or whole:
        return False
    for transfer in transfers.filter(state=State.USED):
        release(transfer)
        give_back(transfer, GiveBack.Kind.UNDERPAID, transfer.used_minor)
    nudge_order(order)
    return True
