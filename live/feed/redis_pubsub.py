"""The bell between processes, over Redis. Whatever becomes of a ring, the table has the event.

Rings go out from a thread of their own, so that no send waits for Redis: who rings puts it down and
goes on. Those that meet go in one message. When Redis is away they are dropped.

A message is signed with the site's key. Who can only write to Redis cannot make a room see what
never happened, and sites that share a Redis do not hear each other.
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
from collections.abc import Callable, Iterable

import redis
import redis.asyncio
from django.conf import settings

from live.feed.pubsub import Ring

log = logging.getLogger(__name__)

MOST_WAITING = 5_000  # rings that wait for Redis; the oldest go first
LARGEST = 256 * 1024  # of one message, unless a single ring is larger
REST_SECONDS = 0.004  # between two messages: a lone ring leaves at once, many leave together
TIMEOUT_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 5.0
SIGN = 16

Hear = Callable[[Ring], None]


def pack(rings: Iterable[Ring]) -> bytes:
    """Return one message for some rings: a line each, behind a signature over all of them."""
    lines = "\n".join(f"{one.stream_id} {one.event_id} {one.kind} {one.payload}" for one in rings)
    body = lines.encode()
    return _sign(body) + body


def unpack(message: bytes) -> list[Ring]:
    """Return the rings of a message; none if somebody else wrote it, or it is not whole."""
    sign, body = message[:SIGN], message[SIGN:]
    if not hmac.compare_digest(sign, _sign(body)):
        return []
    rings = []
    for line in body.decode().split("\n"):
        stream_id, event_id, kind, payload = line.split(" ", 3)
        rings.append(Ring(int(stream_id), int(event_id), kind, payload))
    return rings


def channel() -> str:
    """Return the name under which this site rings."""
    return f"live:{hashlib.blake2b(_key(), digest_size=8).hexdigest()}"


def _key() -> bytes:
    return hashlib.blake2b(
        settings.SECRET_KEY.encode(), person=b"live.feed.pubsub", digest_size=32
    ).digest()


def _sign(body: bytes) -> bytes:
    return hashlib.blake2b(body, key=_key(), digest_size=SIGN).digest()


class Ringer:
    """Takes rings at once and brings them to Redis when it can."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.channel = channel()
        self._waiting: deque[Ring] = deque(maxlen=MOST_WAITING)
        self._some = threading.Event()
        self._process = 0
        self._starting = threading.Lock()

    def ring(self, one: Ring) -> None:
        """Put a ring down. Never waits and never fails, whatever Redis does."""
        self._waiting.append(one)
        if not self._some.is_set():
            self._some.set()
        if self._process != os.getpid():  # the first here, or this is a fork: threads stay behind
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._bring, name="live-bell", daemon=True).start()

    def _bring(self) -> None:
        client = redis.Redis.from_url(
            self.url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        )
        failures = 0
        while True:
            self._some.wait()
            self._some.clear()
            try:
                while self._waiting:
                    client.publish(self.channel, pack(self._some_of_them()))
                    failures = 0
                    time.sleep(REST_SECONDS)
            except redis.RedisError as error:
                failures += 1
                if failures == 1:
                    log.warning("Redis is away; events arrive at the next look: %s", error)
                time.sleep(_pause(failures))
                self._waiting.clear()  # by now the table has told it

    def _some_of_them(self) -> list[Ring]:
        rings: list[Ring] = []
        size = 0
        while self._waiting and size < LARGEST:
            rings.append(self._waiting.popleft())
            size += len(rings[-1].payload)
        return rings


async def hear(url: str, take: Hear) -> None:
    """Call `take` for each ring of another process, for ever; come back when Redis does."""
    failures = 0
    while True:
        client = redis.asyncio.Redis.from_url(
            url, socket_connect_timeout=TIMEOUT_SECONDS, health_check_interval=10
        )
        try:
            async with client, client.pubsub(ignore_subscribe_messages=True) as ears:
                await ears.subscribe(channel())
                while True:
                    message = await ears.get_message(timeout=5.0)
                    failures = 0
                    if message is not None:
                        _take_all(message["data"], take)
        except (redis.RedisError, OSError) as error:
            failures += 1
            if failures == 1:
                log.warning("Redis is away; events arrive at the next look: %s", error)
        await asyncio.sleep(_pause(failures))


def _take_all(message: bytes, take: Hear) -> None:
    try:
        for one in unpack(message):
            take(one)
    except ValueError as error:  # signed, and yet no ring: another version of the site
        log.debug("A ring that nobody here understands: %s", error)


def _pause(failures: int) -> float:
    """Return how long to leave Redis alone: longer each time, and not all at the same moment."""
    longest = min(LONGEST_PAUSE_SECONDS, 0.1 * (1 << min(failures, 10)))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311


_ringer: Ringer | None = None


def ring(one: Ring) -> None:
    """Ring in the site's other processes."""
    global _ringer  # noqa: PLW0603  # one thread a process
    if _ringer is None or _ringer.url != settings.REDIS_URL:
        _ringer = Ringer(settings.REDIS_URL)
    _ringer.ring(one)
