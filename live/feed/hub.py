"""The event stream: a small ASGI app beside Django that sends events to subscribers.

Rows are the truth. A published event arrives at once; one that was not
published comes with the next poll of the table.
"""

import asyncio
import json
import logging
import random
import re
import time
import uuid
from collections import deque
from urllib.parse import parse_qs

from django.conf import settings
from django.db.utils import DatabaseError, InterfaceError

from live.feed import pubsub, tokens
from live.feed.delivery import Delivery
from live.feed.log import OVERLAP_SECONDS, Row
from live.feed.subscriber import Channel, Subscriber
from live.feed.table import LOAD, Table
from live.feed.uvicorn_adapter import WrongServer, take_over
from live.feed.wire import BEAT, Message, Receive, Send, chunk, frame

logger = logging.getLogger(__name__)

PATH = re.compile(r"^/live/events/(?P<public_id>[0-9a-f-]{36})/$")
TICK_SECONDS = 0.5
SLOW_SECONDS = 10.0
COUNT_SECONDS = 5.0
PARTING_SECONDS = 1.0  # in which a room hears that it is for adults from now on
IDLE_SECONDS = 60.0  # how long a log outlives its last subscriber: long enough to come back
NO_DATABASE = (DatabaseError, InterfaceError)

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx passes it on as it comes
    (b"x-content-type-options", b"nosniff"),
    (b"connection", b"close"),  # it is a stream's to the end
]


class Hub:
    """One process's event stream: `application` serves it, `start` and `stop` are its lifespan."""

    loop: asyncio.AbstractEventLoop
    table: Table
    delivery: Delivery

    def __init__(
        self, *, tick: float = TICK_SECONDS, slow: float = SLOW_SECONDS, redis_url: str = ""
    ) -> None:
        self.tick = tick
        self.slow = slow
        self.redis_url = redis_url or settings.REDIS_URL
        self.process = uuid.uuid4().hex
        self.logs: dict[int, Channel] = {}
        self.closing = False
        self._loading: dict[int, asyncio.Task[Channel]] = {}
        self._newest: deque[tuple[float, int]] = deque()  # when which id was the newest
        self._counted_at = 0.0

    async def start(self) -> None:
        """Begin to take published events and to poll the table."""
        self.loop = asyncio.get_running_loop()
        self.table = Table()
        self.delivery = Delivery(slow_seconds=self.slow)
        self._tasks = [self.loop.create_task(self._poll_for_ever())]
        pubsub.subscribe(self._on_published)
        if self.redis_url:
            from live.feed import redis_pubsub  # a site without Redis does not load its client

            listening = redis_pubsub.listen(self.redis_url, self._take_published)
            self._tasks.append(self.loop.create_task(listening))

    def close(self) -> None:
        """End every connection now; subscribers come back on their own, to the next process."""
        self.closing = True
        now = time.monotonic()
        for log in self.logs.values():
            for subscriber in list(log.subscribers):
                subscriber.end(now)

    async def stop(self) -> None:
        """Let go of everything."""
        self.close()
        pubsub.unsubscribe(self._on_published)
        for task in self._tasks:
            task.cancel()
        self.table.close(self.process)

    # --- Subscribers ---------------------------------------------------------------------------

    async def application(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request for a stream's events, for as long as its subscriber stays."""
        match = PATH.match(scope["path"])
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if not match:
            return await _refuse(send, 404, "not_found")
        if scope["method"] != "GET":
            return await _refuse(send, 405, "method_not_allowed")
        if self.closing:
            return await _refuse(send, 503, "restarting")
        try:
            allowed = tokens.read(query.get("token", [""])[0], match["public_id"])
            log = await self._log(allowed.stream_id)
            if log.adults_since and not allowed.for_adults:
                raise tokens.BadToken  # who asks for a new one is asked for their age
        except tokens.BadToken:
            return await _refuse(send, 403, "bad_token")
        except NO_DATABASE as error:
            logger.warning("The event stream has no database: %s", error)
            return await _refuse(send, 503, "no_database")
        try:
            transport = await take_over(send, HEADERS)
        except WrongServer:
            logger.error("The event stream needs uvicorn with httptools; this server is another.")
            return await _refuse(send, 503, "wrong_server")
        subscriber = Subscriber(transport, allowed, log, self.delivery.resume)
        transport.set_protocol(subscriber)
        await self._welcome(subscriber, _after(scope, query), once="once" in query)

    async def _welcome(self, subscriber: Subscriber, after: int | None, *, once: bool) -> None:
        """Give a subscriber what it missed, then let it stand with the others or, `once`, go.

        The first beat comes when all that was missed has come.
        """
        try:
            # Subscribers cut off at the same moment should not come back at the same moment.
            await self._send(subscriber, b"retry: %d\n\n" % random.randint(1_000, 4_000))  # noqa: S311
            await self._catch_up(subscriber, after)
            subscriber.state_version = subscriber.log.state_version
            await self._send(subscriber, subscriber.log.state + BEAT)
        except (TimeoutError, *NO_DATABASE):
            return subscriber.hang_up()
        log = subscriber.log
        if once or self.closing or self.logs.get(log.stream_id) is not log:
            return subscriber.end(time.monotonic())
        if not subscriber.ended:
            log.subscribers.add(subscriber)
            self.delivery.soon(log)

    async def _catch_up(self, subscriber: Subscriber, after: int | None) -> None:
        """Send what the subscriber missed until now; its cursor is where the log goes on."""
        log = subscriber.log
        subscriber.cursor = log.end
        if after is None:
            return
        missed = log.since(after)
        if missed is not None:
            return await self._send(subscriber, missed)
        await self._send(subscriber, _joined(await self.table.just_before(log.stream_id, after)))
        while not subscriber.ended and (rows := await self.table.after(log.stream_id, after)):
            await self._send(subscriber, _joined(rows))
            after = rows[-1].id

    async def _send(self, subscriber: Subscriber, data: bytes) -> None:
        """Write and wait until it is read, but not for long."""
        if data and not subscriber.ended:
            subscriber.write(chunk(data), time.monotonic())
            async with asyncio.timeout(self.slow):
                await subscriber.drain()

    async def _log(self, stream_id: int) -> Channel:
        """Return the stream's log; the first request loads it, the others wait for it."""
        if stream_id in self.logs:
            return self.logs[stream_id]
        if stream_id not in self._loading:
            self._loading[stream_id] = self.loop.create_task(self._load(stream_id))
        return await asyncio.shield(self._loading[stream_id])

    async def _load(self, stream_id: int) -> Channel:
        log = Channel(stream_id)
        log.idle_since = time.monotonic()
        try:
            rows = await self.table.newest(stream_id)
            log.load(rows, complete=len(rows) < LOAD)
            log.take_change(0, adults_only=await self.table.is_for_adults(stream_id))
            self.logs[stream_id] = log
        finally:
            del self._loading[stream_id]
        return log

    # --- What comes in -------------------------------------------------------------------------

    def _on_published(self, event: pubsub.Published) -> None:
        """Take an event of this process, called in the publishing thread."""
        if event.stream_id in self.logs and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._take_published, event)

    def _take_published(self, event: pubsub.Published) -> None:
        self._take(Row(event.event_id, event.stream_id, event.kind, event.payload, time.time()))

    def _take(self, row: Row) -> None:
        log = self.logs.get(row.stream_id)
        if log and log.add(row):
            if row.kind == "changed":
                log.take_change(row.id, adults_only=json.loads(row.payload)["adults_only"])
            self.delivery.soon(log)

    async def _poll_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self.tick)
            try:
                await self._poll()
                await self._count()
            except Exception:
                logger.exception("The event stream could not poll the table; it tries again.")
            self._maintain()

    async def _poll(self) -> None:
        """Bring what was not published, and what committed after a greater id."""
        if not self.logs:
            self._newest.clear()
            return
        began = time.monotonic()
        floor = self._floor(began)
        floors = {log.stream_id: max(floor, log.floor) for log in self.logs.values()}
        known: list[int] = []
        for log in self.logs.values():
            log.settle(floor)
            known.extend(log.known)
        found = await self.table.poll(floors, known)
        self._newest.append((began, found.newest_id))
        for row in found.rows:
            self._take(row)

    def _floor(self, now: float) -> int:
        """Return the id that was the newest one an overlap ago: nothing new appears below it."""
        old = now - OVERLAP_SECONDS
        while len(self._newest) > 1 and self._newest[1][0] <= old:
            self._newest.popleft()
        return self._newest[0][1] if self._newest and self._newest[0][0] <= old else 0

    async def _count(self) -> None:
        """Send each room how many are in it, here and at other processes."""
        here = {
            log.stream_id: sum(subscriber.role == "room" for subscriber in log.subscribers)
            for log in self.logs.values()
        }
        now = time.monotonic()
        changed = any(self.logs[stream_id].viewers_here != n for stream_id, n in here.items())
        if not here or not (changed or now - self._counted_at > COUNT_SECONDS):
            return
        self._counted_at = now
        elsewhere = await self.table.count(self.process, here)
        for stream_id, viewers in here.items():
            log = self.logs[stream_id]
            log.viewers_here = viewers
            total = viewers + elsewhere.get(stream_id, 0)
            if total != log.viewers or not log.state:
                log.viewers = total
                log.set_state("viewers", {"viewers": total})
                self.delivery.soon(log)

    def _maintain(self) -> None:
        """Polled after every subscriber; drop the logs without subscribers."""
        now = time.monotonic()
        for log in list(self.logs.values()):
            self.delivery.maintain(log, now)
            if log.adults_since and now - log.adults_since > PARTING_SECONDS:
                for subscriber in [one for one in log.subscribers if not one.for_adults]:
                    subscriber.end(now)
            if log.subscribers:
                log.idle_since = None
            elif log.idle_since is None:
                log.idle_since = now
            elif now - log.idle_since > IDLE_SECONDS:
                del self.logs[log.stream_id]


def _joined(rows: list[Row]) -> bytes:
    return b"".join(frame(row.id, row.kind, row.payload) for row in rows)


def _after(scope: Message, query: dict[str, list[str]]) -> int | None:
    """Return the last id that the subscriber has; the header is newer than the address."""
    said = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    for text in (said, query.get("after", [""])[0]):
        if text.isdecimal() and len(text) < 19:
            return int(text)
    return None


async def _refuse(send: Send, status: int, code: str) -> None:
    body = json.dumps({"status": status, "code": code}).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
