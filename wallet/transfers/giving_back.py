"""Money on its way back to its payer: one person orders it at the bank, another confirms it."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from foundation.errors import WrongState
from foundation.jobs import nudge
from foundation.texts import clean
from wallet.models import GiveBack, Purchase
from wallet.transfers import booking, refusals

State = GiveBack.State


@transaction.atomic
def order(*, give_back: GiveBack, by: User, bank_reference: str = "") -> GiveBack:
    """Note that a person ordered the transfer at the bank. Raises `WrongState`."""
    locked = _locked(give_back)
    reference = clean(bank_reference)[:140]
    locked.move(State.ORDERED, ordered_by=by, ordered_at=timezone.now(), bank_reference=reference)
    return locked


@transaction.atomic
def put_back(*, give_back: GiveBack) -> GiveBack:
    """Say that it was not ordered after all: it waits again. Raises `WrongState`."""
    locked = _locked(give_back)
    locked.move(State.WAITING, ordered_by=None, ordered_at=None, bank_reference="")
    return locked


@transaction.atomic
def confirm(*, give_back: GiveBack, by: User) -> GiveBack:
    """Book that the money left, seen by another person than the one who ordered it.

    Raises `GiveBackNeedsAnother`, `WrongState`.
    """
    locked = _locked(give_back)
    if locked.state != State.ORDERED:
        raise WrongState
    if by.pk == locked.ordered_by_id:
        raise refusals.GiveBackNeedsAnother
    # What the posting keeps of it is read from the row: the row is written first.
    locked.move(State.SENT, sent_by=by, sent_at=timezone.now())
    locked.sent_at = booking.sent(locked)
    locked.save(update_fields=["sent_at"])
    if locked.refund:
        Purchase.objects.filter(pk=locked.refund.purchase_id).update(due_at=Now())
    nudge("wallet.tasks.sweep")
    return locked


def _locked(give_back: GiveBack) -> GiveBack:
    rows = GiveBack.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("refund", "transfer").get(pk=give_back.pk)
