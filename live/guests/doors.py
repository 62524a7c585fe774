"""What a person in the room can do about being a guest there, as the page shows it."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from live import seats
from live.guests import rules
from live.guests.asking import guest_of
from live.models import SEATS, Guest, RoomRules, Stream

TOLD = timedelta(minutes=2)  # so long the page says how it ended


class Door(NamedTuple):
    """The way in, for one person: their row if there is one, and how the last one ended."""

    tag: str
    asking: bool
    full: bool
    guest: Guest | None
    last: Guest | None


def door_of(user: User | None, stream: Stream) -> Door:
    """Return the way in as it stands now; who has not signed in does so first."""
    asking = rules.rule_of(stream.creator) == RoomRules.Guests.ANYONE
    full = asking and stream.guests.joined().count() >= SEATS
    if user is None:
        return Door(tag="", asking=asking, full=full, guest=None, last=None)
    guest = guest_of(user, stream)
    ended = stream.guests.filter(user=user, ended_at__gt=timezone.now() - TOLD)
    # What they did themselves they know.
    last = None if guest else ended.exclude(by=user).order_by("-ended_at").first()
    tag = seats.tag_of(stream.pk, user.pk)
    return Door(tag=tag, asking=asking, full=full, guest=guest, last=last)
