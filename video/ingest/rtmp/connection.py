"""One encoder's connection: it shakes hands, asks to publish, sends, and goes."""

import asyncio
import os
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from typing import Protocol

from video.ingest.rtmp import amf
from video.ingest.rtmp.chunks import Chunks, Kind, Message, chunked
from video.ingest.rtmp.refusals import BadMessage

HANDSHAKE = 1536
WINDOW = 2_500_000  # bytes that an encoder sends before it hears from us
INTRODUCTION_S = 10  # from the connection to the wish to publish
SILENCE_S = 15
LARGEST_COMMAND = 16 * 1024
APP = "live"


class Refused(Exception):
    """The wish to publish was refused; the text is for the encoder."""


class Publisher(Protocol):
    """Takes what an encoder sends."""

    async def take(self, message: Message) -> None:
        """Take a message of sound or picture."""

    async def close(self) -> None:
        """Note that nothing more comes."""


class Connection:
    """Reads one encoder's connection to its end. `admit` turns a key into a publisher."""

    def __init__(
        self,
        reader: StreamReader,
        writer: StreamWriter,
        admit: Callable[[str], Awaitable[Publisher]],
    ) -> None:
        self.reader, self.writer, self.admit = reader, writer, admit
        self.chunks = Chunks(reader)
        self.publisher: Publisher | None = None
        self.acknowledged = 0

    async def serve(self) -> None:
        """Serve until the encoder stops, is silent, is refused or does what it must not."""
        try:
            async with asyncio.timeout(INTRODUCTION_S):
                await self._shake_hands()
                while self.publisher is None:
                    await self._obey(await self.chunks.message())
            await self._receive()
        except Refused as refused:
            await self._say("onStatus", 0, None, _status("error", "Publish.BadName", str(refused)))
        except (BadMessage, IncompleteReadError, OSError, TimeoutError):
            pass
        finally:
            if self.publisher:
                await self.publisher.close()

    async def _receive(self) -> None:
        while self.publisher:
            async with asyncio.timeout(SILENCE_S):
                message = await self.chunks.message()
            if message.kind in {Kind.AUDIO, Kind.VIDEO}:
                await self.publisher.take(message)
            elif await self._obey(message):
                return
            await self._acknowledge()

    async def _shake_hands(self) -> None:
        first = await self.reader.readexactly(1 + HANDSHAKE)
        if first[0] != 3:
            raise BadMessage("another version")
        self.writer.write(b"\x03" + bytes(8) + os.urandom(HANDSHAKE - 8) + first[1:])
        await self.writer.drain()
        await self.reader.readexactly(HANDSHAKE)

    async def _obey(self, message: Message) -> bool:
        """Do what a command says; the answer is whether it says goodbye."""
        if message.kind not in {Kind.COMMAND, Kind.COMMAND_3}:
            return False
        if len(message.payload) > LARGEST_COMMAND:
            raise BadMessage("a command that is too large")
        skipped = 1 if message.kind == Kind.COMMAND_3 else 0
        said = [*amf.read(message.payload[skipped:]), None, None, None]
        name, number, values = said[0], said[1], said[2:]
        asked = number if isinstance(number, float) else 0.0
        if name == "connect":
            await self._connect(asked, values[0])
        elif name == "createStream":
            await self._say("_result", asked, None, 1.0)
        elif name == "publish":
            await self._publish(values)
        return name in {"deleteStream", "closeStream", "FCUnpublish"} and bool(self.publisher)

    async def _connect(self, asked: float, wishes: amf.Value) -> None:
        app = wishes.get("app") if isinstance(wishes, dict) else ""
        if not isinstance(app, str) or app.strip("/") != APP:
            await self._say(
                "_error", asked, None, _status("error", "Connect.InvalidApp", "", "NetConnection")
            )
            raise BadMessage("another application")
        self.writer.write(
            chunked(Kind.WINDOW, WINDOW.to_bytes(4), number=2)
            + chunked(Kind.BANDWIDTH, WINDOW.to_bytes(4) + b"\x02", number=2)
        )
        server: amf.Value = {"fmsVer": "FMS/3,0,1,123", "capabilities": 31.0}
        await self._say(
            "_result", asked, server, _status("status", "Connect.Success", "", "NetConnection")
        )

    async def _publish(self, values: list[amf.Value]) -> None:
        if self.publisher:
            raise BadMessage("a second wish to publish")
        key = values[1] if len(values) > 1 else ""
        self.publisher = await self.admit(key if isinstance(key, str) else "")
        await self._say("onStatus", 0, None, _status("status", "Publish.Start", ""), stream=1)

    async def _say(
        self, name: str, number: float, first: amf.Value, second: amf.Value, *, stream: int = 0
    ) -> None:
        said = amf.write([name, float(number), first, second])
        self.writer.write(chunked(Kind.COMMAND, said, stream=stream))
        await self.writer.drain()

    async def _acknowledge(self) -> None:
        if self.chunks.taken - self.acknowledged >= WINDOW // 2:
            self.acknowledged = self.chunks.taken
            taken = (self.chunks.taken & 0xFFFFFFFF).to_bytes(4)
            self.writer.write(chunked(Kind.ACKNOWLEDGEMENT, taken, number=2))
            await self.writer.drain()


def _status(level: str, code: str, words: str, of: str = "NetStream") -> dict[str, amf.Value]:
    return {"level": level, "code": f"{of}.{code}", "description": words}
