"""From a stream's log to its listeners: one write for everything that came meanwhile."""

import asyncio
import time

from live.listener import HEARTBEAT, Listener
from live.log import Log

HEARTBEAT_SECONDS = 15.0
AT_ONCE = 512  # frames in one write: bounds what a slow listener can hold
LONGEST_PAUSE = 0.05


class Delivery:
    """Writes what is new to every listener of a log, and looks after quiet and slow ones."""

    def __init__(self, *, slow_seconds: float) -> None:
        self.slow_seconds = slow_seconds  # how long a listener may leave its network buffer full
        self._loop = asyncio.get_running_loop()
        self._due: set[int] = set()

    def soon(self, log: Log) -> None:
        """Deliver once for everything that comes until then."""
        if log.stream_id not in self._due:
            self._due.add(log.stream_id)
            pause = max(0.0, log.deliver_from - time.monotonic())
            self._loop.call_later(pause, self._deliver, log)

    def care(self, log: Log, now: float) -> None:
        """Hang up on who does not read, keep quiet connections alive."""
        for listener in list(log.listeners):
            quiet = now - listener.wrote_at
            if listener.waiting is not None:
                if quiet > self.slow_seconds:
                    listener.hang_up()
            elif listener.cursor < log.end:
                self.soon(log)  # it reads again
            elif quiet > HEARTBEAT_SECONDS:
                listener.write(HEARTBEAT, now)

    def _deliver(self, log: Log) -> None:
        began = time.monotonic()
        self._due.discard(log.stream_id)
        pieces: dict[int, bytes] = {}  # listeners at the same cursor share the same bytes
        for listener in list(log.listeners):
            if listener.waiting is None and not listener.ended:
                self._write(log, listener, pieces, began)
        now = time.monotonic()
        # As long as it took it rests: a busy room gathers more into each write.
        log.deliver_from = now + min(now - began, LONGEST_PAUSE)
        if any(cursor + AT_ONCE < log.end for cursor in pieces):
            self.soon(log)

    def _write(self, log: Log, listener: Listener, pieces: dict[int, bytes], now: float) -> None:
        cursor = listener.cursor
        if cursor < log.first:
            return listener.end(now)  # fell off the log: it comes back and asks the table
        data = b""
        if cursor < log.end:
            listener.cursor = min(log.end, cursor + AT_ONCE)
            if cursor not in pieces:
                pieces[cursor] = log.frames(cursor, listener.cursor)
            data = pieces[cursor]
        if listener.state_version != log.state_version:
            listener.state_version = log.state_version
            data += log.state
        if data:
            listener.write(data, now)
