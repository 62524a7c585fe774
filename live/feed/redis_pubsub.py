"""Publishing between processes, over Redis. Whatever becomes of a message, the table has the event.

Events go out from a thread of their own, so that no send waits for Redis: the publishing thread
queues them and goes on. Those that meet go in one message. When Redis is away they are dropped.

A message is signed with the site's key. Write access to Redis alone cannot make a room see what
never happened, and sites that share a Redis do not receive each other's events.
"""

import asyncio
import hashlib
import hmac
import logging
import os
import random
import threading
import time
from collections import deque
from collections.abc import Iterable

import redis
import redis.asyncio
from django.conf import settings

from live.feed.pubsub import Callback, Published

log = logging.getLogger(__name__)

MOST_WAITING = 5_000  # events that wait for Redis; the oldest go first
LARGEST = 256 * 1024  # of one message, unless a single event is larger
REST_SECONDS = 0.004  # between two messages: a lone event leaves at once, many leave together
TIMEOUT_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 5.0
SIGN = 16


def pack(events: Iterable[Published]) -> bytes:
    """Return one message for some events: a line each, behind a signature over all of them."""
    lines = "\n".join(f"{one.stream_id} {one.event_id} {one.kind} {one.payload}" for one in events)
    body = lines.encode()
    return _sign(body) + body


def unpack(message: bytes) -> list[Published]:
    """Return the events of a message; none if it was forged or is not whole."""
    sign, body = message[:SIGN], message[SIGN:]
    if not hmac.compare_digest(sign, _sign(body)):
        return []
    events = []
    for line in body.decode().split("\n"):
        stream_id, event_id, kind, payload = line.split(" ", 3)
        events.append(Published(int(stream_id), int(event_id), kind, payload))
    return events


def channel() -> str:
    """Return the name of this site's channel."""
    return f"live:{hashlib.blake2b(_key(), digest_size=8).hexdigest()}"


def _key() -> bytes:
    return hashlib.blake2b(
        settings.SECRET_KEY.encode(), person=b"live.feed", digest_size=32
    ).digest()


def _sign(body: bytes) -> bytes:
    return hashlib.blake2b(body, key=_key(), digest_size=SIGN).digest()


class Publisher:
    """Queues events at once and brings them to Redis when it can."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.channel = channel()
        self._waiting: deque[Published] = deque(maxlen=MOST_WAITING)
        self._some = threading.Event()
        self._process = 0
        self._starting = threading.Lock()

    def publish(self, one: Published) -> None:
        """Queue an event. Never waits and never fails, whatever Redis does."""
        self._waiting.append(one)
        if not self._some.is_set():
            self._some.set()
        if self._process != os.getpid():  # the first here, or this is a fork: threads stay behind
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(
                    target=self._send_waiting, name="live-publisher", daemon=True
                ).start()

    def _send_waiting(self) -> None:
        client = redis.Redis.from_url(
            self.url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        )
        failures = 0
        while True:
            self._some.wait()
            self._some.clear()
            try:
                while self._waiting:
                    client.publish(self.channel, pack(self._next_message()))
                    failures = 0
                    time.sleep(REST_SECONDS)
            except redis.RedisError as error:
                failures += 1
                if failures == 1:
                    log.warning("Redis is away; events arrive at the next poll: %s", error)
                time.sleep(_pause(failures))
                self._waiting.clear()  # by now the table has told it

    def _next_message(self) -> list[Published]:
        events: list[Published] = []
        size = 0
        while self._waiting and size < LARGEST:
            events.append(self._waiting.popleft())
            size += len(events[-1].payload)
        return events


async def listen(url: str, take: Callback) -> None:
    """Call `take` for each event of another process, for ever; come back when Redis does."""
    failures = 0
    while True:
        client = redis.asyncio.Redis.from_url(
            url, socket_connect_timeout=TIMEOUT_SECONDS, health_check_interval=10
        )
        try:
            async with client, client.pubsub(ignore_subscribe_messages=True) as messages:
                await messages.subscribe(channel())
                while True:
                    message = await messages.get_message(timeout=5.0)
                    failures = 0
                    if message is not None:
                        _take_all(message["data"], take)
        except (redis.RedisError, OSError) as error:
            failures += 1
            if failures == 1:
                log.warning("Redis is away; events arrive at the next poll: %s", error)
        await asyncio.sleep(_pause(failures))


def _take_all(message: bytes, take: Callback) -> None:
    try:
        for one in unpack(message):
            take(one)
    except ValueError as error:  # signed, and yet no event: another version of the site
        log.debug("A message that this version does not understand: %s", error)


def _pause(failures: int) -> float:
    """Return how long to leave Redis alone: longer each time, and not all at the same moment."""
    longest = min(LONGEST_PAUSE_SECONDS, 0.1 * (1 << min(failures, 10)))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311


_publisher: Publisher | None = None


def publish(one: Published) -> None:
    """Publish an event to the site's other processes."""
    global _publisher  # noqa: PLW0603  # one thread a process
    if _publisher is None or _publisher.url != settings.REDIS_URL:
        _publisher = Publisher(settings.REDIS_URL)
    _publisher.publish(one)
