"""What comes in, measured: how much, for how long, and at which time it says that it was."""

import time
from collections.abc import Callable

BURST_S = 8
JUMP_MS = 3_000
STEP_MS = 40
AHEAD_MS = 20_000
Now = Callable[[], float]


class TooFast(Exception):
    """More came in than may."""


class Rate:
    """Bytes a second, on the average of some seconds."""

    def __init__(self, most_a_second: int, now: Now = time.monotonic) -> None:
        self.most, self.now = most_a_second, now
        self.left = float(most_a_second * BURST_S)
        self.since = now()

    def take(self, size: int) -> None:
        """Count what came in. Raises `TooFast`."""
        at = self.now()
        self.left = min(self.left + (at - self.since) * self.most, self.most * BURST_S)
        self.since = at
        self.left -= size
        if self.left < 0:
            raise TooFast


class MediaClock:
    """The times of a broadcast, from zero on, whatever the encoder's clock says.

    A jump of more than three seconds, back or ahead, is the encoder's and not the picture's: a
    segment of a hundred hours would stop every player.
    """

    def __init__(self, now: Now = time.monotonic) -> None:
        self.now = now
        self.began: float | None = None
        self.offset = self.last = 0

    def at(self, time_ms: int) -> int:
        """Return when in the broadcast something was. Raises `TooFast` when that is to come."""
        if self.began is None:
            self.began, self.offset = self.now(), time_ms
        at = time_ms - self.offset
        if abs(at - self.last) > JUMP_MS:
            at = self.last + STEP_MS
            self.offset = time_ms - at
        self.last = max(self.last, at)
        if self.last > (self.now() - self.began) * 1_000 + AHEAD_MS:
            raise TooFast
        return max(at, 0)
