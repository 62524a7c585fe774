"""From a stream's log to its listeners: one write for everything that came meanwhile."""

import asyncio
import time

from live.feed.subscriber import Channel, Listener
from live.feed.wire import BEAT, HEARTBEAT, chunk

HEARTBEAT_SECONDS = 15.0
BEAT_SECONDS = 2.0  # an overlay must hear that it is not cut off: after five it says so on air
# After a delivery the room rests, about twice as long as the writes took. What comes meanwhile is
# gathered: one write with two gifts costs hardly more than one with one. A small room's rest is too
# short to notice.
REST_PER_WRITE = 0.000_020
LONGEST_REST = 0.05

Parts = dict[tuple[int, bool], tuple[bytes, int]]  # by cursor, and whether the state goes along


class Delivery:
    """Writes what is new to every listener of a log, and looks after quiet and slow ones."""

    def __init__(self, *, slow_seconds: float) -> None:
        self.slow_seconds = slow_seconds  # how long a listener may leave its network buffer full
        self._loop = asyncio.get_running_loop()
        self._due: dict[Channel, bool] = {}  # rooms in a delivery or its rest: is there more to do?

    def soon(self, log: Channel) -> None:
        """Deliver once for everything that comes until then."""
        if log in self._due:
            self._due[log] = True
        else:
            self._due[log] = False
            self._loop.call_soon(self._deliver, log)

    def resume(self, listener: Listener) -> None:
        """Write on to somebody who reads again."""
        log = listener.log
        if listener in log.listeners:
            self._write(log, listener, {}, time.monotonic())
            if listener.cursor < log.end:
                self.soon(log)

    def care(self, log: Channel, now: float) -> None:
        """Hang up on who does not read, keep quiet connections alive."""
        for listener in list(log.listeners):
            quiet = now - listener.wrote_at
            if listener.paused:
                if quiet > self.slow_seconds:
                    listener.hang_up()
            elif listener.ended:
                continue
            elif listener.role == "overlay" and quiet > BEAT_SECONDS:
                listener.write(BEAT, now)
            elif quiet > HEARTBEAT_SECONDS:
                listener.write(HEARTBEAT, now)

    def _deliver(self, log: Channel) -> None:
        now = time.monotonic()
        rest = min(len(log.listeners) * REST_PER_WRITE, LONGEST_REST)
        self._loop.call_later(rest, self._rested, log)
        self._due[log] = False
        parts: Parts = {}  # listeners at the same place share the same bytes
        for listener in tuple(log.listeners):
            if not (listener.paused or listener.ended):
                self._write(log, listener, parts, now)
        if any(end < log.end for _, end in parts.values()):
            self._due[log] = True

    def _rested(self, log: Channel) -> None:
        if self._due.pop(log):
            self.soon(log)

    def _write(self, log: Channel, listener: Listener, parts: Parts, now: float) -> None:
        cursor = listener.cursor
        if cursor < log.first:
            return listener.end(now)  # fell off the log: it comes back and asks the table
        news = listener.state_version != log.state_version
        if cursor == log.end and not news:
            return None
        if (cursor, news) not in parts:
            data, end = log.part(cursor)
            parts[cursor, news] = chunk(data + log.state if news else data), end
        part, listener.cursor = parts[cursor, news]
        listener.state_version = log.state_version
        listener.write(part, now)
