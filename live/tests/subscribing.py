"""A server on a free port and subscribers over real sockets, for tests of the event stream."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

import uvicorn
from django.db import connection

from live.feed import tokens
from live.feed.hub import Hub
from live.feed.wire import Message, Receive, Send
from live.models import Stream

PATIENCE_S = 60.0  # nothing here takes more than a second or two on a quiet machine


class Heard(NamedTuple):
    """One event as a browser gets it."""

    id: int | None
    kind: str
    data: dict[str, Any]


class Server:
    """The event stream in a thread of its own, as a process would serve it."""

    def __init__(self, hub: Hub, http: Literal["auto", "h11"] = "auto") -> None:
        self.hub = hub

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                return await hub.application(scope, receive, send)
            await receive()
            await hub.start()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})

        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        config = uvicorn.Config(app, http=http, log_level="error", timeout_graceful_shutdown=3)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True
        )

    def start(self) -> None:
        self.thread.start()
        wait_for(lambda: self.server.started)

    def stop(self) -> None:
        if self.thread.is_alive():
            self.hub.loop.call_soon_threadsafe(self.hub.close)
            self.server.should_exit = True
            self.thread.join(10)


@contextmanager
def serving(*, tick: float = 0.2, slow: float = 10.0, redis_url: str = "") -> Iterator[Server]:
    """Serve the event stream for the length of a test."""
    server = Server(Hub(tick=tick, slow=slow, redis_url=redis_url))
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Subscriber:
    """Listens like a browser: an HTTP request over a socket, events as they come.

    It listens for as long as somebody holds it: Python closes the socket of one that nobody does.
    """

    def __init__(
        self,
        port: int,
        stream: Stream,
        *,
        after: int | None = None,
        last_event_id: int | None = None,
        token: str | None = None,
        role: str = "room",
        buffer: int | None = None,
        once: bool = False,
    ) -> None:
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(("127.0.0.1", port))
        path, _, query = tokens.events_url(stream, role).partition("?")
        if token is not None:
            query = urlencode({"token": token})
        if after is not None:
            query += f"&after={after}"
        if once:
            query += "&once=1"
        more = f"Last-Event-ID: {last_event_id}\r\n" if last_event_id is not None else ""
        self.socket.sendall(f"GET {path}?{query} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode())
        self.text = b""
        self.events: list[Heard] = []
        self.retry_ms = 0
        self.closed = False
        self.status = self._status()
        self._parse()  # what came with the head

    def _status(self) -> int:
        while b"\r\n\r\n" not in self.text:
            piece = self.socket.recv(65_536)
            if not piece:
                break
            self.text += piece
        head, _, self.text = self.text.partition(b"\r\n\r\n")
        return int(head.split(b" ")[1])

    def read(self, seconds: float) -> None:
        """Take what comes within this time."""
        self.socket.settimeout(max(seconds, 0.01))
        try:
            piece = self.socket.recv(1_000_000)
        except TimeoutError:
            return
        except OSError:
            piece = b""
        self.closed = not piece or piece.endswith(b"0\r\n\r\n")
        self.text += piece
        self._parse()

    def _parse(self) -> None:
        # Chunk sizes stand on lines of their own; no line of an event is a bare hexadecimal number.
        *blocks, self.text = self.text.replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            lines = block.decode().strip().split("\n")
            fields = dict(line.split(": ", 1) for line in lines if ": " in line)
            self.retry_ms = int(fields.get("retry", self.retry_ms))
            if "data" in fields:
                event_id = int(fields["id"]) if "id" in fields else None
                self.events.append(Heard(event_id, fields["event"], json.loads(fields["data"])))

    def wait(self, kind: str, count: int = 1, seconds: float = PATIENCE_S) -> list[Heard]:
        """Return the events of a kind as soon as there are so many."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.closed:
            found = [event for event in self.events if event.kind == kind]
            if len(found) >= count:
                return found
            self.read(min(0.2, until - time.monotonic()))
        return [event for event in self.events if event.kind == kind]

    def close(self) -> None:
        self.socket.close()


def wait_for(true: Any, seconds: float = PATIENCE_S) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "It did not happen in time."
        time.sleep(0.01)


def joined(server: Server, stream: Stream, count: int = 1) -> None:
    """Wait until so many listen."""
    logs = server.hub.logs
    wait_for(lambda: stream.pk in logs and len(logs[stream.pk].subscribers) >= count)


def write_silently(stream: Stream, kind: str, payload: dict[str, Any], **ids: int) -> int:
    """Write an event as another process would: nothing publishes it here."""
    columns, values = "stream_id, kind, payload, created_at", "%s, %s, %s, now()"
    params: list[int | str] = [stream.pk, kind, json.dumps(payload)]
    if "id" in ids:
        columns, values, params = "id, " + columns, "%s, " + values, [ids["id"], *params]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO live_event ({columns}) VALUES ({values}) RETURNING id", params)
        return int(cursor.fetchone()[0])


def patiently(port: int, room: Stream) -> Subscriber:
    """Listen as soon as the process does."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return Subscriber(port, room)
        except ConnectionRefusedError:
            assert time.monotonic() < until
            time.sleep(0.1)
