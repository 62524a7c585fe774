"""A replay's time: which moment of the stream stands at which second of the replay, and back."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from video.models import Replay

# What was sent shortly before a part belongs to its first picture: while the line was cut, or while
# the first picture was on its way. After the end: viewers saw it some seconds later.
BEFORE_S, AFTER_S = 60.0, 30.0


class Part(NamedTuple):
    """One broadcast of a replay: where it stands there, when that was, how long it lasts."""

    at: float
    began: float
    seconds: float
    folder: str = ""


class Span(NamedTuple):
    """A stretch of the stream's time, and the part of the replay that shows it."""

    part: Part
    since: datetime
    until: datetime
    opens: bool = False  # nothing of the replay comes before it
    closes: bool = False  # nor after it

    def place(self, moment: datetime) -> float:
        """Return the second of the replay at which a moment of the stream stands."""
        into = moment.timestamp() - self.part.began
        return self.part.at + min(max(into, 0.0), self.part.seconds)


def parts_of(replay: Replay) -> list[Part]:
    """Return the parts of a replay."""
    return [Part(*part) for part in replay.parts]


def spans(parts: Iterable[Part], since: float, until: float) -> list[Span]:
    """Return what of the stream's time is shown between two seconds of the replay."""
    found: list[Span] = []
    parts = list(parts)
    ended = 0.0
    for part in parts:
        earliest = max(ended, part.began - BEFORE_S)
        ended = part.began + part.seconds
        if until <= part.at or since >= part.at + part.seconds:
            continue
        begin, end = max(since - part.at, 0.0), until - part.at
        after = AFTER_S if part is parts[-1] else 0.0
        lower = max(part.began + begin, earliest) if begin else earliest
        upper = part.began + end if end < part.seconds else ended + after
        opens = part is parts[0] and not begin
        closes = part is parts[-1] and end >= part.seconds
        found.append(Span(part, _moment(lower), _moment(upper), opens, closes))
    return found


def place_of(parts: Iterable[Part], moment: datetime) -> float | None:
    """Return the second of the replay at which a moment stands; nothing where none shows it."""
    for part in parts:
        into = moment.timestamp() - part.began
        if -1 <= into < part.seconds:
            return part.at + max(into, 0.0)
    return None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
