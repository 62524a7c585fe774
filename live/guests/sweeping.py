"""Guests who may be none any more: found by their rows, whoever changed what about them."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

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
    out |= Q(user__date_of_birth__gt=_last_birthday())
    for found in Guest.objects.open().filter(over | out):
        _take_off(found)


def _last_birthday() -> date:
    """Return the last day on which somebody was born who is old enough today."""
    today = timezone.now().date()
    day = min(today.day, 28) if today.month == 2 else today.day
    return today.replace(year=today.year - CREATOR_AGE, day=day)


@transaction.atomic
def _take_off(found: Guest) -> None:
    stream = seats.locked(found.stream_id)
    guest = stream.guests.select_related("user", "stream").get(pk=found.pk)
    gone = not stream.is_on_air or guest.state != Guest.State.JOINED
    seats.close(guest, Guest.State.LEFT if gone else Guest.State.REMOVED)
