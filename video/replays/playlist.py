"""The playlist of a replay, written beside the segments of its last broadcast.

The addresses of earlier ones may be known from before the stream became one for adults.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from video.replays.segments import SEGMENT, SETUP, Segment

NAME = "replay.m3u8"

Broadcast = tuple[str, list[Segment]]  # where its files are, and which they are


def lines(broadcasts: Iterable[Broadcast]) -> Iterator[str]:
    """Yield the lines of a playlist of these broadcasts, one after the other."""
    broadcasts = list(broadcasts)
    longest = max((one.seconds for _folder, found in broadcasts for one in found), default=1.0)
    yield "#EXTM3U\n#EXT-X-VERSION:7\n"
    yield f"#EXT-X-TARGETDURATION:{ceil(longest)}\n"
    yield "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n"
    for number, (where, found) in enumerate(broadcasts):
        if number:
            yield "#EXT-X-DISCONTINUITY\n"
        yield f'#EXT-X-MAP:URI="{where}{SETUP}"\n'
        began = datetime.fromtimestamp(found[0].began, UTC)
        yield f"#EXT-X-PROGRAM-DATE-TIME:{began.isoformat(timespec='milliseconds')}\n"
        for one in found:
            yield f"#EXTINF:{one.seconds:.6f},\n{where}{SEGMENT % one.number}\n"
    yield "#EXT-X-ENDLIST\n"


def write(root: Path, broadcasts: list[Broadcast]) -> None:
    """Write the playlist into the last folder, so that it is there whole or not at all."""
    folder = root / broadcasts[-1][0]
    broadcasts = [(f"../{name}/", found) for name, found in broadcasts]
    unfinished = folder / f"{NAME}.new"
    unfinished.write_text("".join(lines(broadcasts)))
    unfinished.replace(folder / NAME)
