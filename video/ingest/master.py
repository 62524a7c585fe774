"""The playlists of a broadcast with two renditions: which there are, and those of the small."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from video.ingest.probing import codecs_of, probe
from video.replays.segments import PLAYLIST, SETUP, SMALL, Segment


class Weight:
    """What the segments of a rendition weigh, in bits a second: the heaviest, and on average."""

    def __init__(self) -> None:
        self.peak = self._bits = 0
        self._seconds = 0.0

    def add(self, size: int, seconds: float) -> None:
        """Count a segment."""
        self.peak = max(self.peak, ceil(8 * size / max(seconds, 0.1)))
        self._bits += 8 * size
        self._seconds += seconds

    @property
    def average(self) -> int:
        """Bits a second of all of them."""
        return ceil(self._bits / self._seconds) if self._seconds else 0


def text(folder: Path, *, copied: Weight, small: Weight | None) -> str:
    """Return the master playlist: what was sent, and the small rendition where there is one."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += _stream(folder / SETUP, copied, PLAYLIST)
    if small:
        lines += _stream(folder / SMALL.setup, small, SMALL.playlist)
    return "\n".join(lines) + "\n"


def _stream(setup: Path, weight: Weight, address: str) -> list[str]:
    picture = probe(setup)
    facts = (
        f"BANDWIDTH={weight.peak},AVERAGE-BANDWIDTH={weight.average}"
        f',RESOLUTION={picture.width}x{picture.height},CODECS="{codecs_of(setup)}"'
    )
    return [f"#EXT-X-STREAM-INF:{facts}", address]


def playlist(listed: list[tuple[Segment, bool]], *, over: bool = False) -> str:
    """Return the small rendition's playlist; each segment has the number and time of the copied."""
    return "\n".join(_lines(listed, over=over)) + "\n"


def _lines(listed: list[tuple[Segment, bool]], *, over: bool) -> Iterator[str]:
    longest = max(one.seconds for one, _there in listed)
    yield "#EXTM3U"
    yield "#EXT-X-VERSION:8"
    yield f"#EXT-X-TARGETDURATION:{ceil(longest)}"
    yield f"#EXT-X-MEDIA-SEQUENCE:{listed[0][0].number}"
    yield "#EXT-X-INDEPENDENT-SEGMENTS"
    yield f'#EXT-X-MAP:URI="{SMALL.setup}"'
    for one, there in listed:
        began = datetime.fromtimestamp(one.began, UTC).isoformat(timespec="milliseconds")
        yield f"#EXT-X-PROGRAM-DATE-TIME:{began}"
        if not there:
            yield "#EXT-X-GAP"
        yield f"#EXTINF:{one.seconds:.6f},"
        yield SMALL.segment % one.number
    if over:
        yield "#EXT-X-ENDLIST"
