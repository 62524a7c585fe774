"""The last frames of one stream, encoded once, as one process remembers them."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from live.feed.redaction import without_line, without_message
from live.feed.wire import dump, frame, read, state_frame

KEEP = 1_024  # frames that a subscriber can be behind, and that a replay finds without the database
AT_ONCE = 512  # frames in one write: with their size, what a slow subscriber can hold
AT_ONCE_BYTES = 64 * 1024
MOST_ASKED = 16  # answers to "what came after this?" that are kept until something comes
# Ids are drawn before commit, so a smaller one may arrive after a greater one, but no later than a
# writing transaction can live (5 s, by timeouts in the database). Each replay and each poll
# goes back this much further.
OVERLAP_SECONDS = 8.0


class Row(NamedTuple):
    """One event as the table has it; the payload is JSON text, ready to be sent."""

    id: int
    stream_id: int
    kind: str
    payload: str
    at: float


class Log:
    """The last frames of a stream in the order in which they came, read by cursors."""

    def __init__(self, stream_id: int) -> None:
        self.stream_id = stream_id
        self.known: set[int] = set()  # ids that the next poll of the table need not bring
        self.floor = 0  # ids up to here were too old to be loaded when this log began
        self.state = b""
        self.state_version = 0  # nothing sent yet
        self.first = 0  # the position of frames[0]; positions only grow
        self._frames: list[bytes] = []
        self._ids: list[int] = []
        self._times: list[float] = []
        self._forgotten_id = 0
        self._forgotten_at = 0.0
        # After a cut all come back at once and ask the same.
        self._asked: dict[int, bytes | None] = {}

    @property
    def end(self) -> int:
        """The position after the last frame."""
        return self.first + len(self._frames)

    def add(self, row: Row) -> bool:
        """Append an event that is not known yet; return whether it was new."""
        if row.id in self.known:
            return False
        self.known.add(row.id)
        self._asked.clear()
        if row.kind == "hide":
            self._take_words(json.loads(row.payload))
        self._frames.append(frame(row.id, row.kind, row.payload))
        self._ids.append(row.id)
        self._times.append(row.at)
        if len(self._frames) >= 2 * KEEP:
            self._forget(len(self._frames) - KEEP)
        return True

    def load(self, rows: Iterable[Row], *, complete: bool) -> None:
        """Begin with what the table holds, oldest first; if `complete`, nothing older exists."""
        rows = list(rows)
        if rows and not complete:
            self.floor = self._forgotten_id = rows[0].id - 1
            self._forgotten_at = rows[0].at
        for row in rows:
            self.add(row)

    def part(self, cursor: int) -> tuple[bytes, int]:
        """Return frames from a position on, as much as one writes at once, and where they end."""
        begin = end = cursor - self.first
        size = 0
        while end < len(self._frames) and end - begin < AT_ONCE and size < AT_ONCE_BYTES:
            size += len(self._frames[end])
            end += 1
        return b"".join(self._frames[begin:end]), self.first + end

    def since(self, after: int) -> bytes | None:
        """Return the frames after the id `after`; None if that is longer ago than this log reaches.

        Ids may come in another order elsewhere, so it begins a little earlier; pages drop the ids
        that they have.
        """
        if after not in self._asked:
            if len(self._asked) >= MOST_ASKED:
                self._asked.clear()
            self._asked[after] = self._since(after)
        return self._asked[after]

    def _since(self, after: int) -> bytes | None:
        seen = [
            at for event_id, at in zip(self._ids, self._times, strict=True) if event_id <= after
        ]
        edge = max(seen, default=0.0) - OVERLAP_SECONDS
        if after < self._forgotten_id or (self._forgotten_id and self._forgotten_at > edge):
            return None
        rows = zip(self._ids, self._times, self._frames, strict=True)
        return b"".join(data for event_id, at, data in rows if event_id > after or at > edge)

    def settle(self, floor: int) -> None:
        """Forget which ids are known up to `floor`: nothing will bring them again."""
        self.known = {event_id for event_id in self.known if event_id > floor}

    def set_state(self, kind: str, payload: dict[str, Any]) -> None:
        """Replace the stream's newest-only state."""
        self.state = state_frame(kind, payload)
        self.state_version += 1

    def _take_words(self, hidden: dict[str, Any]) -> None:
        """Forget the words that a moderator took away: a replay must not bring them back."""
        line, gift = hidden.get("event"), hidden.get("id")
        for at, (event_id, data) in enumerate(zip(self._ids, self._frames, strict=True)):
            if event_id == line or (gift and gift.encode() in data):
                kind, told = read(data)
                kept = without_message(told, gift) if gift else without_line(told)
                self._frames[at] = frame(event_id, kind, dump(kept))

    def _forget(self, count: int) -> None:
        self._forgotten_id = max(self._forgotten_id, *self._ids[:count])
        self._forgotten_at = max(self._forgotten_at, *self._times[:count])
        self.first += count
        del self._frames[:count], self._ids[:count], self._times[:count]
