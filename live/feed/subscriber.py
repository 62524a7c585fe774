"""One open connection: a cursor into a log, and the transport that leads to the reader."""

import asyncio
import socket
import time
from collections.abc import Callable

from live.feed.log import Log
from live.feed.tokens import Claims
from live.feed.wire import LAST

# Bytes that may wait for a reader, here and in the kernel. Together they are more than a log
# forgets within a moment, and a thousand readers that do not read hold little.
WAITING_HERE = 64 * 1024
WAITING_IN_KERNEL = 128 * 1024


class Channel(Log):
    """A stream's log, the subscribers that read it, and how many people watch."""

    def __init__(self, stream_id: int) -> None:
        super().__init__(stream_id)
        self.subscribers: set[Subscriber] = set()
        self.idle_since: float | None = None
        self.viewers = 0
        self.viewers_here = -1
        self.adults_since: float | None = None  # when it was found to be for adults
        self._changed_id = 0

    def take_change(self, event_id: int, *, adults_only: bool) -> None:
        """Note for whom the stream is; of two changes the newer one counts."""
        if event_id < self._changed_id:
            return
        self._changed_id = event_id
        self.adults_since = (self.adults_since or time.monotonic()) if adults_only else None


class Subscriber(asyncio.Protocol):
    """A connection that receives events: it has no task, thread or database connection."""

    __slots__ = (
        "_drained",
        "cursor",
        "ended",
        "for_adults",
        "log",
        "paused",
        "resumed",
        "role",
        "state_version",
        "transport",
        "wrote_at",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        allowed: Claims,
        log: Channel,
        resumed: Callable[["Subscriber"], None],
    ) -> None:
        self.transport = transport
        self.role = allowed.role
        self.for_adults = allowed.for_adults
        self.log = log
        self.resumed = resumed
        self.cursor = log.end
        self.state_version = 0
        self.paused = False
        self.ended = transport.is_closing()
        self.wrote_at = time.monotonic()
        self._drained: asyncio.Future[None] | None = None
        transport.set_write_buffer_limits(high=WAITING_HERE)
        if (wire := transport.get_extra_info("socket")) is not None:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WAITING_IN_KERNEL)

    # --- The transport calls ---------------------------------------------------------------

    def pause_writing(self) -> None:
        """Note that the reader does not read: it gets nothing more until it does."""
        self.paused = True

    def resume_writing(self) -> None:
        """Go on with a reader who reads again."""
        self.paused = False
        if self._drained is not None:
            self._wake()
        elif not self.ended:
            self.resumed(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a subscriber that went away."""
        self.ended = True
        self.log.subscribers.discard(self)
        self._wake()

    # --- The hub calls ---------------------------------------------------------------------

    def write(self, part: bytes, now: float) -> None:
        """Hand a part of the answer to the network. Subscribers at one place share one part."""
        self.wrote_at = now
        self.transport.write(part)

    async def drain(self) -> None:
        """Wait until the reader has read."""
        while self.paused and not self.ended:
            self._drained = asyncio.get_running_loop().create_future()
            await self._drained

    def end(self, now: float) -> None:
        """Finish the answer; a reader that does not read is dropped."""
        if self.paused:
            return self.hang_up()
        if not self.ended:
            self.ended = True
            self.write(LAST, now)
            self.transport.close()

    def hang_up(self) -> None:
        """Drop the connection with whatever waits in its buffer."""
        self.ended = True
        self.transport.abort()

    def _wake(self) -> None:
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None
