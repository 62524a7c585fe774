"""One open connection: a cursor into a log, and the server's way of writing to it."""

import asyncio
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator, MutableMapping
from typing import Any, cast

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

HEARTBEAT = b":\n\n"


@types.coroutine
def _rest(sending: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """Go on with a write that has begun and waits for the network."""
    while True:
        yield waits_for
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return


class Listener:
    """Somebody who listens: no thread, no database connection, no frames of its own."""

    __slots__ = ("cursor", "ended", "role", "send", "state_version", "waiting", "wrote_at")

    def __init__(self, send: Send, role: str) -> None:
        self.send = send
        self.role = role
        self.cursor = 0
        self.state_version = -1
        self.waiting: asyncio.Task[None] | None = None
        self.wrote_at = 0.0
        self.ended = False

    def write(self, data: bytes, now: float, *, more: bool = True) -> None:
        """Hand bytes to the server at once; only a full network buffer makes a task that waits.

        The server's buffer is bounded: who does not read is `waiting`, and gets nothing more until
        it does.
        """
        self.wrote_at = now
        message = {"type": "http.response.body", "body": data, "more_body": more}
        sending = cast("Coroutine[Any, Any, None]", self.send(message))
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        self.waiting = asyncio.get_running_loop().create_task(self._finish(sending, waits_for))

    async def _finish(self, sending: Coroutine[Any, Any, None], waits_for: Any) -> None:
        await _rest(sending, waits_for)
        self.waiting = None

    def end(self, now: float) -> None:
        """Finish the answer; who does not read is hung up on."""
        if self.ended:
            return
        self.ended = True
        if self.waiting is None:
            self.write(b"", now, more=False)
        if self.waiting is not None:
            self.hang_up()

    def hang_up(self) -> None:
        """Drop the connection with whatever waits in its buffer.

        ASGI has no word for this, and an orderly close would wait for the reader, for ever and
        through a shutdown. uvicorn's `send` belongs to an object that has the transport.
        """
        self.ended = True
        transport = getattr(getattr(self.send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()
