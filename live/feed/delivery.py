"""From a stream's log to its subscribers: one write for everything that came meanwhile."""

import asyncio
import time

from live.feed.subscriber import Channel, Subscriber
from live.feed.wire import BEAT, BEAT_SECONDS, chunk

# After a delivery the room rests, about twice as long as the writes took. What comes meanwhile is
# gathered: one write with two gifts costs hardly more than one with one. A small room's rest is too
# short to notice.
REST_PER_WRITE = 0.000_020
LONGEST_REST = 0.05

BEAT_CHUNK = chunk(BEAT)

Parts = dict[tuple[int, bool], tuple[bytes, int]]  # by cursor, and whether the state goes along


class Delivery:
    """Writes what is new to every subscriber of a log, and looks after quiet and slow ones."""

    def __init__(self, *, slow_seconds: float) -> None:
        self.slow_seconds = slow_seconds  # how long a subscriber may leave its network buffer full
        self._loop = asyncio.get_running_loop()
        self._due: dict[Channel, bool] = {}  # rooms in a delivery or its rest: is there more to do?

    def soon(self, log: Channel) -> None:
        """Deliver once for everything that comes until then."""
        if log in self._due:
            self._due[log] = True
        else:
            self._due[log] = False
            self._loop.call_soon(self._deliver, log)

    def resume(self, subscriber: Subscriber) -> None:
        """Write on to a subscriber that reads again."""
        log = subscriber.log
        if subscriber in log.subscribers:
            self._write(log, subscriber, {}, time.monotonic())
            if subscriber.cursor < log.end:
                self.soon(log)

    def maintain(self, log: Channel, now: float) -> None:
        """Drop subscribers that do not read, give quiet ones a sign of life."""
        for subscriber in list(log.subscribers):
            quiet = now - subscriber.wrote_at
            if subscriber.paused:
                if quiet > self.slow_seconds:
                    subscriber.hang_up()
            elif quiet > BEAT_SECONDS and not subscriber.ended:
                subscriber.write(BEAT_CHUNK, now)

    def _deliver(self, log: Channel) -> None:
        now = time.monotonic()
        rest = min(len(log.subscribers) * REST_PER_WRITE, LONGEST_REST)
        self._loop.call_later(rest, self._rested, log)
        self._due[log] = False
        parts: Parts = {}  # subscribers at the same place share the same bytes
        for subscriber in tuple(log.subscribers):
            if not (subscriber.paused or subscriber.ended):
                self._write(log, subscriber, parts, now)
        if any(end < log.end for _, end in parts.values()):
            self._due[log] = True

    def _rested(self, log: Channel) -> None:
        if self._due.pop(log):
            self.soon(log)

    def _write(self, log: Channel, subscriber: Subscriber, parts: Parts, now: float) -> None:
        cursor = subscriber.cursor
        if cursor < log.first:
            return subscriber.end(now)  # fell off the log: it comes back and asks the table
        news = subscriber.state_version != log.state_version
        if cursor == log.end and not news:
            return None
        if (cursor, news) not in parts:
            data, end = log.part(cursor)
            parts[cursor, news] = chunk(data + log.state if news else data), end
        part, subscriber.cursor = parts[cursor, news]
        subscriber.state_version = log.state_version
        subscriber.write(part, now)
