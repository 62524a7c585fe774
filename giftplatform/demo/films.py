"""Films: drawn video that an encoder could have sent, played for ever.

The picture repeats after ten seconds and the sound after forty, each without a seam;
`docs/art/film.py` draws them.
"""

from collections.abc import Iterator
from heapq import merge
from pathlib import Path

from video.ingest.rtmp.chunks import Kind, Message
from video.ingest.rtmp.flv import HEADER, Tag, kind_of

FOLDER = Path(__file__).with_name("films")
TAG_HEAD, TAG_TAIL = 11, 4


class Film:
    """A film, read once and kept: a megabyte."""

    def __init__(self, name: str) -> None:
        tags = list(_tags((FOLDER / f"{name}.flv").read_bytes()))
        self.setup = [one for one in tags if kind_of(one) is Tag.SETUP]
        playing = [one for one in tags if kind_of(one) in {Tag.KEY, Tag.MEDIA}]
        self.picture = [one for one in playing if one.kind == Kind.VIDEO]
        self.sound = [one for one in playing if one.kind == Kind.AUDIO]

    def messages(self) -> Iterator[Message]:
        """Yield what an encoder sends, with times in milliseconds from zero on; it never ends."""
        yield from (one._replace(time_ms=0) for one in self.setup)
        yield from merge(
            _laps(self.picture), _laps(self.sound), key=lambda message: message.time_ms
        )


def _laps(messages: list[Message]) -> Iterator[Message]:
    """Repeat the messages, one lap after another."""
    first, last = messages[0].time_ms, messages[-1].time_ms
    # The last one takes as long as the others do on average.
    length = round((last - first) * len(messages) / (len(messages) - 1))
    began = -first
    while True:
        for one in messages:
            yield one._replace(time_ms=began + one.time_ms)
        began += length


def _tags(data: bytes) -> Iterator[Message]:
    """Yield the sounds and pictures of an FLV of ours."""
    at = len(HEADER)
    while at < len(data):
        kind, size = data[at], int.from_bytes(data[at + 1 : at + 4])
        time_ms = int.from_bytes(data[at + 4 : at + 7]) | data[at + 7] << 24
        at += TAG_HEAD
        if kind in {Kind.AUDIO, Kind.VIDEO}:
            yield Message(kind, time_ms, data[at : at + size])
        at += size + TAG_TAIL
