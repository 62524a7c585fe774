"""Publishing between processes, over a real Redis: events arrive at once, and no harm is done."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from django.conf import settings
from django.test import override_settings

from conftest import person
from live.feed import redis_pubsub
from live.feed.events import publish
from live.feed.pubsub import Published
from live.feed.redis_pubsub import LARGEST, MOST_WAITING, Publisher, pack, unpack
from live.models import Stream
from live.streams import services
from live.tests.subscribing import (
    PATIENCE_S,
    Server,
    Subscriber,
    joined,
    serving,
    wait_for,
    write_silently,
)

NEVER = 600  # seconds between polls: in these tests only what is published arrives


class Redis:
    """A Redis of its own that can be killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self.process = subprocess.Popen(command, cwd=self.socket.parent, stdout=subprocess.DEVNULL)
        wait_for(self.answers, 10)

    def answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def subscribers(self) -> int:
        """Return how many processes subscribe to the site's channel."""
        counts = redis.Redis.from_url(self.url).pubsub_numsub(redis_pubsub.channel())
        return int(counts[0][1])

    def say(self, message: bytes) -> None:
        """Publish any bytes, as anyone with access to this Redis could."""
        redis.Redis.from_url(self.url).publish(redis_pubsub.channel(), message)


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Redis]:
    one = Redis(tmp_path)
    one.start()
    yield one
    one.kill()


@pytest.fixture
def room(committed: None) -> Stream:
    return services.go_live(creator=person("bob", is_creator=True), title="Bob plays at night")


@pytest.fixture
def server(committed: None, far: Redis) -> Iterator[Server]:
    with serving(tick=NEVER, redis_url=far.url) as server:
        wait_for(lambda: far.subscribers() == 1)
        yield server


def published(room: Stream, event_id: int) -> Published:
    """Return an event that no table has: it can only arrive by being published."""
    return Published(room.pk, event_id, "chat", f'{{"text":"{event_id}"}}')


def ids(subscriber: Subscriber, count: int, seconds: float = PATIENCE_S) -> list[int | None]:
    return [event.id for event in subscriber.wait("chat", count, seconds)]


def test_event_of_another_process_arrives_through_redis(
    server: Server, room: Stream, far: Redis
) -> None:
    subscriber = Subscriber(server.port, room)
    joined(server, room)
    program = (
        "import django, os, sys; django.setup()\n"
        "from django.db import connection\n"
        "from live.feed.events import publish\n"
        f"publish(stream_id={room.pk}, kind='chat', payload={{'text': 'one\\ntwo \\u2028 🌊'}})\n"
        "connection.close()\n"
        "if not os.fork():\n"  # what started before a fork does not publish after it
        f"    publish(stream_id={room.pk}, kind='chat', payload={{'text': 'forked'}})\n"
        "sys.stdin.read()\n"  # both live until both were heard
    )
    url = urlsplit(settings.DATABASE_URL)
    url = url._replace(path=f"/{settings.DATABASES['default']['NAME']}")
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "giftplatform.settings",
            "DATABASE_URL": urlunsplit(url),
            "SECRET_KEY": settings.SECRET_KEY,
            "REDIS_URL": far.url,
        },
    )
    texts = [event.data["text"] for event in subscriber.wait("chat", 2)]
    process.communicate()
    assert process.returncode == 0
    assert texts == ["one\ntwo \u2028 🌊", "forked"]


def test_events_that_meet_go_together_and_keep_their_order(
    server: Server, room: Stream, far: Redis
) -> None:
    subscriber = Subscriber(server.port, room)
    joined(server, room)
    publisher = Publisher(far.url)
    for number in range(1, 501):
        publisher.publish(published(room, number))
    assert ids(subscriber, 500) == list(range(1, 501))
    said = redis.Redis.from_url(far.url).info("commandstats")["cmdstat_publish"]["calls"]
    assert said < 100


def test_doubled_and_disordered_events_arrive_once(far: Redis, room: Stream) -> None:
    with serving(redis_url=far.url) as server:  # polls the table all the while
        wait_for(lambda: far.subscribers() == 1)
        subscriber = Subscriber(server.port, room)
        joined(server, room)
        events = [write_silently(room, "chat", {"text": "1"}) for _ in range(20)]
        publisher = Publisher(far.url)
        for event_id in [*reversed(events), *events, *events]:
            publisher.publish(published(room, event_id))
        publisher.publish(published(room, 10**9))  # behind all the others
        wait_for(lambda: 10**9 in ids(subscriber, 21))
        publisher.publish(published(room, 10**9 + 1))  # after anything that would come twice
        assert sorted(ids(subscriber, 22)) == [*events, 10**9, 10**9 + 1]  # type: ignore[type-var]


def test_forged_messages_are_dropped(server: Server, room: Stream, far: Redis) -> None:
    subscriber = Subscriber(server.port, room)
    joined(server, room)
    true = pack([published(room, 1)])
    with override_settings(SECRET_KEY="another site's"):
        foreign = pack([published(room, 2)])
    lies = [b"", b"x", true[:-1], true + b"}", true[:20], b"\0" * 40, b"x" * 1_000_000, foreign]
    lies += [true[:16] + b"%d 3 chat {}" % room.pk, foreign[:16] + true[16:]]
    for lie in lies:
        far.say(lie)
    far.say(redis_pubsub._sign(b"no event at all") + b"no event at all")
    far.say(true)
    assert ids(subscriber, 1) == [1]
    far.say(pack([published(room, 3)]))
    assert ids(subscriber, 2) == [1, 3]


def test_nothing_is_lost_while_redis_is_away(far: Redis, room: Stream) -> None:
    with serving(redis_url=far.url) as server, override_settings(REDIS_URL=far.url):
        wait_for(lambda: far.subscribers() == 1)
        subscriber = Subscriber(server.port, room)
        joined(server, room)
        publisher = Publisher(far.url)
        publisher.publish(published(room, 10**9))
        assert ids(subscriber, 1) == [10**9]
        far.kill()
        events = [write_silently(room, "chat", {"text": "away"}) for _ in range(5)]
        for event_id in events:
            publisher.publish(published(room, event_id))
        assert sorted(ids(subscriber, 6)) == [*events, 10**9]  # type: ignore[type-var]
        far.start()
        wait_for(lambda: far.subscribers() == 1)

        def heard_again() -> bool:
            publisher.publish(published(room, 10**9 + 1))
            return 10**9 + 1 in ids(subscriber, 7, 0.3)

        wait_for(heard_again)
        publisher.publish(published(room, 10**9 + 2))
        assert len(ids(subscriber, 8)) == 8


def test_publishing_without_redis_costs_bounded_memory_and_no_send(
    room: Stream, tmp_path: Path
) -> None:
    nobody = f"unix://{tmp_path}/nobody.sock"
    with override_settings(REDIS_URL=nobody):
        event = publish(stream_id=room.pk, kind="chat", payload={"text": "1"})
    assert room.events.get() == event
    publisher = Publisher(nobody)
    for number in range(3 * MOST_WAITING):
        publisher.publish(published(room, number))
    assert len(publisher._waiting) <= MOST_WAITING


def test_a_long_queue_goes_in_messages_of_bounded_size() -> None:
    publisher = Publisher("unix:///nowhere")
    publisher._waiting.extend(Published(1, number, "gift", "x" * 1_000) for number in range(1_000))
    heard: list[int] = []
    while publisher._waiting:
        message = pack(publisher._next_message())
        assert len(message) < LARGEST + 60_000
        heard += [event.event_id for event in unpack(message)]
    assert heard == list(range(1_000))
