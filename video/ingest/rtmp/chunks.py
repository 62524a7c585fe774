"""RTMP's chunks: messages come in pieces that are mixed with each other's.

Everything is measured before it is kept: a message, the messages under way, their number.
"""

from asyncio import StreamReader
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from video.ingest.rtmp.refusals import BadMessage

LARGEST_MESSAGE = 4 * 1024 * 1024  # a picture of 12 Mbit/s is a tenth of that
LARGEST_UNDER_WAY = 6 * 1024 * 1024
MOST_CHUNK_STREAMS = 16
ASKED_LATER = 0xFFFFFF  # the time stands in four more bytes


class Kind(IntEnum):
    """The types of messages that matter to us."""

    CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    CONTROL = 4
    WINDOW = 5
    BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    COMMAND_3 = 17  # a command in AMF3's wrapping: one byte more
    COMMAND = 20


class Message(NamedTuple):
    """A whole message: its type, its time in milliseconds, and what it holds."""

    kind: int
    time_ms: int
    payload: bytes


@dataclass
class _ChunkStream:
    """What the last header said, for headers that only say what is different."""

    kind: int = 0
    size: int = 0
    time_ms: int = 0
    delta_ms: int = 0
    long_time: bool = False
    known: bool = False
    payload: bytearray = field(default_factory=bytearray)


class Chunks:
    """Reads whole messages from a connection."""

    def __init__(self, reader: StreamReader) -> None:
        self.reader = reader
        self.chunk_size = 128
        self.taken = 0  # bytes
        self._streams: dict[int, _ChunkStream] = {}

    async def message(self) -> Message:
        """Return the next message. Raises `BadMessage`, and `IncompleteReadError` at the end."""
        while True:
            stream = await self._chunk()
            if len(stream.payload) == stream.size:
                payload, stream.payload = bytes(stream.payload), bytearray()
                message = Message(stream.kind, stream.time_ms, payload)
                if not self._is_ours(message):
                    return message

    def _is_ours(self, message: Message) -> bool:
        """Obey what is about chunks themselves."""
        if message.kind not in {Kind.CHUNK_SIZE, Kind.ABORT}:
            return False
        number = int.from_bytes(message.payload[:4])
        if len(message.payload) != 4:
            raise BadMessage("a control message of another size")
        if message.kind == Kind.ABORT:
            if number in self._streams:
                self._streams[number].payload.clear()
        elif not number:
            raise BadMessage("chunks of nothing")
        else:
            self.chunk_size = min(number, LARGEST_MESSAGE)
        return True

    async def _chunk(self) -> _ChunkStream:
        form, stream = await self._header()
        begins = not stream.payload
        await self._times_and_sizes(stream, form, begins)
        size = min(self.chunk_size, stream.size - len(stream.payload))
        under_way = sum(len(one.payload) for one in self._streams.values())
        if under_way + size > LARGEST_UNDER_WAY:
            raise BadMessage("too much under way at once")
        stream.payload += await self._take(size)
        return stream

    async def _header(self) -> tuple[int, _ChunkStream]:
        first = (await self._take(1))[0]
        form, number = first >> 6, first & 0x3F
        if number == 0:
            number = 64 + (await self._take(1))[0]
        elif number == 1:
            low, high = await self._take(2)
            number = 64 + low + 256 * high
        if number not in self._streams:
            if len(self._streams) >= MOST_CHUNK_STREAMS:
                raise BadMessage("too many chunk streams")
            self._streams[number] = _ChunkStream()
        return form, self._streams[number]

    async def _times_and_sizes(self, stream: _ChunkStream, form: int, begins: bool) -> None:
        """Read the rest of the header: all, the same sender, the same size, or nothing new."""
        if (form and not stream.known) or not (begins or form == 3):
            raise BadMessage("a header out of place")
        time_ms = 0
        if form < 3:
            time_ms = int.from_bytes(await self._take(3))
            stream.long_time = time_ms == ASKED_LATER
        if form < 2:
            about = await self._take(4)
            stream.size, stream.kind = int.from_bytes(about[:3]), about[3]
            if stream.size > LARGEST_MESSAGE:
                raise BadMessage("a message that is too large")
        if form == 0:
            await self._take(4)  # the stream's number; we give out one
        if stream.long_time:
            long_time = int.from_bytes(await self._take(4))
            time_ms = long_time if form < 3 else 0
        stream.known = True
        if begins:
            self._set_time(stream, form, time_ms)

    @staticmethod
    def _set_time(stream: _ChunkStream, form: int, time_ms: int) -> None:
        if form == 0:
            stream.time_ms, stream.delta_ms = time_ms, 0
            return
        if form < 3:
            stream.delta_ms = time_ms
        stream.time_ms = (stream.time_ms + stream.delta_ms) & 0xFFFFFFFF

    async def _take(self, size: int) -> bytes:
        taken = await self.reader.readexactly(size)
        self.taken += size
        return taken


def chunked(kind: Kind, payload: bytes, *, number: int = 3, stream: int = 0) -> bytes:
    """Return a message of ours in chunks of 128 bytes, the size that everybody begins with."""
    head = b"\0\0\0" + len(payload).to_bytes(3) + bytes([kind]) + stream.to_bytes(4, "little")
    parts = [payload[at : at + 128] for at in range(0, len(payload), 128)] or [b""]
    again = bytes([0xC0 | number])
    return bytes([number]) + head + again.join(parts)
