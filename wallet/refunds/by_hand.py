"""Giving back by hand what no provider gives back: one person says how, another that it left.

For a refund that failed, and for one whose provider is switched off. What is proposed is not sent
to the provider any more.
"""

from uuid import uuid5

from django.db import transaction
from django.utils import timezone

import ledger
from accounts.approvers import refuse_new
from accounts.models import User
from foundation.errors import WrongState
from foundation.jobs import nudge
from foundation.money import money
from foundation.texts import clean
from wallet.coins.locks import lock_coins
from wallet.models import Purchase, Refund
from wallet.models.refunds import NOBODY
from wallet.refunds import booking, refusals
from wallet.refunds.amounts import Shares, Worth
from wallet.refunds.requests import CONFIRM_RIGHTS, FOLLOW_GIFTS, on_its_way, place
from wallet.refunds.unused import unused_coins

State = Refund.State
REFERENCE_LENGTH = 80


@transaction.atomic
def propose(*, refund: Refund, reference: str, by: User) -> Refund:
    """Say that a refund goes back by hand, under this reference; of one that failed, a new refund
    stands for it. Raises `ReferenceMissing`, `AmountOutOfRange`, `WrongState`.
    """
    said = clean(reference) if len(reference) <= REFERENCE_LENGTH else ""
    if not said:
        raise refusals.ReferenceMissing
    purchase, refund = _locked(refund)
    facts = {"by_hand": said, "by_hand_by": by, "by_hand_at": timezone.now()}
    if refund.state == State.FAILED:
        return _in_its_place(purchase, refund, **facts)
    if refund.state != State.HELD or refund.by_hand:
        raise WrongState
    Refund.objects.filter(pk=refund.pk).update(due_at=None, needs_attention="", **facts)
    refund.refresh_from_db()
    return refund


@transaction.atomic
def confirm(*, refund: Refund, by: User) -> Refund:
    """Book that the money left by hand. Raises `OwnRefund`, `ApproverTooNew`, `WrongState`."""
    _purchase, refund = _locked(refund)
    if refund.state != State.HELD or not refund.by_hand or refund.by_hand_at is None:
        raise WrongState
    if by.pk in {refund.by_hand_by_id, refund.asked_by_id}:
        raise refusals.OwnRefund
    refuse_new(by, rights=CONFIRM_RIGHTS, since=refund.by_hand_at)
    # The constraint wants both people in the row that is done; the facts of its posting too.
    refund.by_hand_confirmed_by = by
    refund.move(State.DONE, by_hand_confirmed_by=by, done_at=timezone.now())
    at = ledger.moment_of(booking.complete(refund))
    Refund.objects.filter(pk=refund.pk).update(done_at=at)
    refund.refresh_from_db()
    if refund.takes_gifts:
        nudge(FOLLOW_GIFTS)
    return refund


@transaction.atomic
def withdraw(*, refund: Refund) -> Refund:
    """Take the proposal back: the provider is asked again. Raises `WrongState`."""
    purchase, refund = _locked(refund)
    if refund.state != State.HELD or not refund.by_hand:
        raise WrongState
    Refund.objects.filter(pk=refund.pk).update(**on_its_way(purchase), **NOBODY)
    refund.refresh_from_db()
    return refund


def _in_its_place(purchase: Purchase, failed: Refund, **facts: object) -> Refund:
    """Write the refund that stands for a failed one: the same money, what is unused of its coins.

    Gifts that went with the first attempt are gone already.
    """
    if Refund.objects.filter(instead_of=failed).exists():
        raise WrongState
    shares = Shares(purchase)
    if failed.total_minor > shares.left_minor:
        raise refusals.AmountOutOfRange(most=money(shares.left_minor, purchase.currency))
    coins = min(failed.coins, unused_coins(purchase))
    share = shares.of(coins) if coins else Worth(0, 0, 0)
    gifts = failed.gift_coins if failed.done_at is None else 0
    asked = Refund(
        purchase=purchase,
        key=uuid5(failed.public_id, "by hand"),
        reason=failed.reason,
        note=failed.note,
        asked_by=failed.asked_by,
        gift_coins=gifts,
        bearer=failed.bearer if gifts else "",
        instead_of=failed,
        **facts,
    )
    place(asked, share, loss_minor=failed.total_minor - share.total_minor)
    Refund.objects.filter(pk=asked.pk).update(due_at=None, needs_attention="")
    Refund.objects.filter(pk=failed.pk).update(needs_attention="")
    asked.refresh_from_db()
    return asked


def _locked(refund: Refund) -> tuple[Purchase, Refund]:
    purchase = Purchase.objects.select_for_update(no_key=True).get(pk=refund.purchase_id)
    lock_coins(purchase.user_id)
    return purchase, purchase.refunds.select_related("purchase").get(pk=refund.pk)
