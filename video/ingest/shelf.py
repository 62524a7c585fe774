"""The segments that one broadcast wrote: counted, the old ones removed, or kept for its replay."""

import contextlib
from collections import deque
from pathlib import Path
from typing import NamedTuple

from video.replays.segments import LOG, SEGMENT, STOPPED, Segment, in_playlist, line_of

# What lies behind the playlist: for viewers who are slow, and for a clip of what just was.
FEWEST, LEAST_S = 20, 80.0


class Fresh(NamedTuple):
    """One of the newest segments, its size, and whether it stays for the replay."""

    segment: Segment
    size: int
    kept: bool


class Shelf:
    """A broadcast's folder, looked at every second."""

    def __init__(self, folder: Path, *, keeps: bool) -> None:
        self.folder, self.keeps = folder, keeps
        self.newest: deque[Fresh] = deque()
        self.seconds = 0.0  # of the newest
        self.kept_bytes = 0
        self.longest_s = 0.0
        self._last = -1

    def look(self) -> None:
        """Count and note what has come, and remove what nobody fetches any more."""
        listed = in_playlist(self.folder)
        came = [one for one in listed if one.number > self._last]
        self.longest_s = max((one.seconds for one in listed), default=0.0)
        if came:
            self._note("".join(map(line_of, came)))
        for one in came:
            size = self._size(one.number)
            self.kept_bytes += size if self.keeps else 0
            self.newest.append(Fresh(one, size, self.keeps))
            self.seconds += one.seconds
            # Those that came while this process stood still are kept or removed like this one.
            if not self.keeps and self._last >= 0:
                for missed in range(max(self._last + 1, one.number - 100), one.number):
                    self._remove(missed)
            self._last = one.number
        while self._is_long():
            old = self.newest.popleft()
            self.seconds -= old.segment.seconds
            if not old.kept:
                self._remove(old.segment.number)

    def keep_no_more(self) -> None:
        """Keep what was recorded until now; what comes goes like that of any other broadcast."""
        if self.keeps:
            self.keeps = False
            self._note(f"{STOPPED}\n")

    @property
    def newest_number(self) -> int | None:
        """The number of the newest segment."""
        return self.newest[-1].segment.number if self.newest else None

    @property
    def fresh_bytes(self) -> int:
        """How much the newest segments take, kept or not."""
        return sum(one.size for one in self.newest)

    def _is_long(self) -> bool:
        if len(self.newest) <= FEWEST:
            return False
        return self.seconds - self.newest[0].segment.seconds > LEAST_S

    def _note(self, text: str) -> None:
        # A full disk keeps no replay; it is none of the stream's business.
        with contextlib.suppress(OSError), (self.folder / LOG).open("a") as log:
            log.write(text)

    def _size(self, number: int) -> int:
        try:
            return (self.folder / (SEGMENT % number)).stat().st_size
        except OSError:
            return 0

    def _remove(self, number: int) -> None:
        with contextlib.suppress(OSError):
            (self.folder / (SEGMENT % number)).unlink()
