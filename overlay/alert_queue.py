"""The alerts that wait in a creator's overlay, as far as the overlay has reported."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from gifts.models import Gift, address_of
from live.models import Stream
from overlay import goals
from overlay.models import AlertSettings, Goal, Overlay
from overlay.payload import gifts_of
from overlay.services import MOST_REPLAYED, on_air, settings_of

OPEN_WITHIN = timedelta(seconds=50)  # an open overlay reports every twenty seconds
SHOWN = 6


@dataclass
class AlertQueue:
    """The alerts of a creator, as the console shows them."""

    stream: Stream | None
    settings: AlertSettings
    overlay: Overlay | None
    goal: Goal | None
    counted: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)
    replays: tuple[int, ...] = (1, 3, 5, MOST_REPLAYED)

    @property
    def is_open(self) -> bool:
        """Whether an overlay reported a moment ago."""
        seen = self.overlay.seen_at if self.overlay else None
        return seen is not None and timezone.now() - seen < OPEN_WITHIN

    @property
    def next(self) -> list[dict[str, Any]]:
        """The first that wait."""
        return self.waiting[:SHOWN]

    @property
    def more(self) -> int:
        """The number of those that wait beyond these."""
        return max(0, len(self.waiting) - SHOWN)

    @property
    def gifts(self) -> list[Gift]:
        """The gifts to try with."""
        return list(Gift.objects.on_offer())


def queue_of(creator: User) -> AlertQueue:
    """Return the creator's queue, what waits first come first."""
    stream = on_air(creator)
    settings = settings_of(creator)
    overlay = Overlay.objects.filter(creator=creator).first()
    goal = goals.running(creator)
    queue = AlertQueue(stream, settings, overlay, goal, goals.counted(goal) if goal else 0)
    if stream and overlay and overlay.played_to is not None:
        played = set(overlay.played)
        found = gifts_of(stream, settings, after=overlay.played_to)
        waiting = [event.payload for event in found if event.pk not in played]
        queue.waiting = [{**gift, "art": address_of(gift["art"])} for gift in waiting[::-1]]
    return queue
