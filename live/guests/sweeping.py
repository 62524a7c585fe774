"""Guests who may be none any more: found by their rows, whoever changed what about them."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.ages import last_birthday
from accounts.services import CREATOR_AGE
from live import seats
from live.models import Block, Guest, Stream


def sweep() -> None:
    """Take off whoever was suspended, closed the account, was blocked or turned out to be a child,
    or whose stream is over.

    A block by a gift without a name takes nobody off: that would say whose gift it was.
    """
    theirs = {"creator": OuterRef("stream__creator"), "user": OuterRef("user")}
    over = ~Q(stream__state=Stream.State.ON_AIR)
    out = Q(user__is_active=False) | Q(Exists(Block.objects.filter(**theirs, gift=None)))
    out |= Q(user__date_of_birth__gt=last_birthday(CREATOR_AGE))
    for found in Guest.objects.open().filter(over | out):
        _take_off(found)


@transaction.atomic
def _take_off(found: Guest) -> None:
    guest = seats.locked_guest(found, seats.locked(found.stream_id))
    gone = not guest.stream.is_on_air or guest.state != Guest.State.JOINED
    seats.close(guest, Guest.State.LEFT if gone else Guest.State.REMOVED)
