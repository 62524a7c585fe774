"""The yardstick: uvloop and nothing else. It writes the same ready-made bytes to every socket.

`python -m benchmarks.live.bare <port>`. `GET /send?rate=50&seconds=4` lets it write, each gift by
itself; every other request listens.
"""

import asyncio
import sys
import time
from contextlib import suppress
from typing import cast
from urllib.parse import parse_qs, urlsplit

import uvloop

from benchmarks.live.frames import frame, payload

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
listeners: set["Connection"] = set()


class Connection(asyncio.Protocol):
    """A listener, or the writer that lets it write."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to write."""
        self.transport = cast("asyncio.Transport", transport)
        self.full = False

    def data_received(self, data: bytes) -> None:
        """Read a request; browsers' fit into one piece."""
        url = urlsplit(data.split(b" ", 2)[1].decode())
        self.transport.write(HEAD)
        if url.path != "/send":
            listeners.add(self)
            return
        asked = parse_qs(url.query)
        rate, seconds = float(asked["rate"][0]), float(asked["seconds"][0])
        self.task = asyncio.ensure_future(self.send(rate, seconds))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a listener."""
        listeners.discard(self)

    def pause_writing(self) -> None:
        """Wait for a reader who is behind."""
        self.full = True

    def resume_writing(self) -> None:
        """Go on."""
        self.full = False

    async def send(self, rate: float, seconds: float) -> None:
        """Write gifts at a rate, or (0) as fast as readers take them; say how many."""
        until = time.monotonic() + seconds
        due = time.monotonic()
        sent = 0
        while time.monotonic() < until:
            if rate:
                due += 1 / rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            gift = frame(1_000_000 + sent, payload())
            for listener in listeners:
                listener.transport.write(gift)
            sent += 1
            await asyncio.sleep(0)
            while any(listener.full for listener in listeners):
                await asyncio.sleep(0.001)
        self.transport.write(b'{"sent": %d}' % sent)
        self.transport.close()


async def main(port: int) -> None:
    """Serve until it is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", port, backlog=2_048)
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        uvloop.run(main(int(sys.argv[1])))
