"""Payouts of which the bank's files contradict our records, until two people have settled that."""

from django.db import transaction

from accounts.models import User
from foundation.errors import WrongState
from payouts import refusals
from payouts.models import Payout


@transaction.atomic
def settle(*, payout: Payout, by: User) -> bool:
    """Confirm that the contradiction is settled; return whether it is, which takes a second person.
    Raises `WrongState`, `OwnContradiction`, `SettledByOne`.
    """
    payout = Payout.objects.select_for_update(of=("self",)).get(pk=payout.pk)
    if not payout.held_reason:
        raise WrongState
    if payout.creator_id == by.pk:
        raise refusals.OwnContradiction
    if payout.held_seen_by_id == by.pk:
        raise refusals.SettledByOne
    second = payout.held_seen_by_id is not None
    changes = {"held_settled_by": by, "held_reason": ""} if second else {"held_seen_by": by}
    Payout.objects.filter(pk=payout.pk).update(**changes)
    return second
