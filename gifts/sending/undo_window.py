"""The undo window: how long a gift that was just sent can still be undone."""

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
class UndoWindow:
    """A sent gift, the coins that are left after it, and the time left to take it back.

    `told` is its event as JSON, for a page on which no live event brings it.
    """

    gift: SentGift
    balance: int
    left_ms: int
    whole_ms: int
    told: str = ""


def undo_window_of(gift: SentGift, balance: int, told: str = "") -> UndoWindow:
    """Return what is left of a gift's undo window."""
    left = max(timedelta(), gift.undo_until - timezone.now())
    whole = gift.undo_until - gift.created_at
    return UndoWindow(gift, balance, left // A_MILLISECOND, whole // A_MILLISECOND, told)


def open_undo_windows(fan: User, stream: Stream, balance: int) -> list[UndoWindow]:
    """Return the open undo windows of a fan's gifts in a stream, oldest first."""
    now = timezone.now()
    mine = SentGift.objects.counted().filter(
        fan=fan, stream=stream, created_at__gt=now - LONGEST_WINDOW, undo_until__gt=now
    )
    newest = mine.select_related("gift").order_by("-id")[:MOST]
    return [undo_window_of(gift, balance) for gift in reversed(newest)]
