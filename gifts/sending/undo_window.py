"""The undo chip: what was just sent, and for how long it can still be taken back."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from gifts.models import SentGift
from live.models import Stream

# Longer than any window: older gifts are not looked at.
LONGEST_WINDOW = timedelta(minutes=10)
MOST = 200

A_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Chip:
    """A sent gift, the coins that are left after it, and the time left to take it back."""

    gift: SentGift
    balance: int
    undo_ms: int
    whole_ms: int


def chip_of(gift: SentGift, balance: int) -> Chip:
    """Return the chip of a gift as of now."""
    left = max(timedelta(), gift.undo_until - timezone.now())
    whole = gift.undo_until - gift.created_at
    return Chip(gift, balance, left // A_MILLISECOND, whole // A_MILLISECOND)


def undoable(fan: User, stream: Stream, balance: int) -> list[Chip]:
    """Return the chips of what a fan sent into a stream and can still take back, oldest first."""
    now = timezone.now()
    mine = SentGift.objects.counted().filter(
        fan=fan, stream=stream, created_at__gt=now - LONGEST_WINDOW, undo_until__gt=now
    )
    newest = mine.select_related("gift").order_by("-id")[:MOST]
    return [chip_of(gift, balance) for gift in reversed(newest)]
