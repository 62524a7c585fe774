"""Subscribers that do not read cost nothing, miss nothing, and come back in turn."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psutil
import pytest
from django.conf import settings
from django.db import connection

from conftest import person
from live.feed.events import publish
from live.feed.log import KEEP
from live.models import Audience, Stream
from live.streams import services
from live.tests.subscribing import PATIENCE_S, Subscriber, joined, patiently, serving, wait_for

FRAME = 2_000
DEAF = 20


@pytest.fixture
def room(committed: None) -> Stream:
    return services.go_live(creator=person("bob", is_creator=True), title="Bob plays at night")


@pytest.fixture
def process(room: Stream) -> Iterator[tuple[int, psutil.Popen]]:
    """The event stream as a process of its own, as production runs it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = urlsplit(settings.DATABASE_URL)
    url = url._replace(path=f"/{settings.DATABASES['default']['NAME']}")
    one = psutil.Popen(
        [sys.executable, "-m", "uvicorn", "giftplatform.asgi:events", f"--port={port}"],
        cwd=settings.BASE_DIR,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={
            **os.environ,
            "DATABASE_URL": urlunsplit(url),
            "DEBUG": "1",
            "SECRET_KEY": settings.SECRET_KEY,
        },
    )
    yield port, one
    if one.poll() is None:
        one.kill()
        one.wait()


def write_many(room: Stream, begin: int, end: int, size: int = FRAME) -> None:
    """Write events in one statement, as another process would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO live_event (stream_id, kind, payload, created_at) "
            "SELECT %s, 'chat', jsonb_build_object('text', n::text, 'pad', %s::text), now() "
            "FROM generate_series(%s, %s - 1) n",
            [room.pk, "x" * size, begin, end],
        )


def numbers(subscriber: Subscriber, count: int, seconds: float = PATIENCE_S) -> list[int]:
    return [int(event.data["text"]) for event in subscriber.wait("chat", count, seconds)]


def test_subscribers_that_do_not_read_do_not_grow_memory(
    process: tuple[int, psutil.Popen], room: Stream
) -> None:
    """Twenty who never read, while 24 MB go by: they share what is kept for them, if it is kept."""
    port, server = process
    fine = patiently(port, room)
    deaf = [Subscriber(port, room, buffer=4_096) for _ in range(DEAF)]
    write_many(room, 0, KEEP)  # the log is full of such frames before it is measured
    assert numbers(fine, KEEP) == list(range(KEEP))
    before = server.memory_info().rss
    for begin in range(KEEP, 12 * KEEP, KEEP // 2):
        write_many(room, begin, begin + KEEP // 2)
        assert len(numbers(fine, begin + KEEP // 2)) == begin + KEEP // 2
    grown = server.memory_info().rss - before
    assert grown < 8 * FRAME * KEEP, f"It grew by {grown / 2**20:.0f} MB."
    assert numbers(fine, 12 * KEEP) == list(range(12 * KEEP))
    for one in deaf:
        one.close()


def test_subscriber_that_pauses_gets_everything_once_and_stays(room: Stream) -> None:
    with serving() as server:
        slow = Subscriber(server.port, room, buffer=4_096)
        fine = Subscriber(server.port, room)
        joined(server, room, 2)
        write_many(room, 0, KEEP - 100)
        assert numbers(fine, KEEP - 100) == list(range(KEEP - 100))
        log = server.hub.logs[room.pk]
        assert any(
            subscriber.cursor < log.end for subscriber in log.subscribers
        )  # it has not got all
        publish(stream_id=room.pk, kind="chat", payload={"text": f"{KEEP - 100}"})
        assert numbers(slow, KEEP - 99) == list(range(KEEP - 99))
        assert not slow.closed
        publish(stream_id=room.pk, kind="thanks", payload={})  # after all of them
        slow.wait("thanks")
        assert numbers(slow, KEEP - 99) == list(range(KEEP - 99))


def test_killed_server_leaves_no_viewers_behind(
    process: tuple[int, psutil.Popen], room: Stream
) -> None:
    port, server = process
    lost = [patiently(port, room) for _ in range(3)]
    wait_for(lambda: Audience.objects.filter(stream=room, viewers=3).exists())
    server.kill()
    server.wait()
    for subscriber in lost:
        wait_for(lambda subscriber=subscriber: subscriber.read(0.1) or subscriber.closed)
    with connection.cursor() as cursor:  # its last word is older than a process may be silent
        cursor.execute("UPDATE live_audience SET seen_at = now() - interval '13 seconds'")
    with serving() as other:
        subscriber = Subscriber(other.port, room)
        assert subscriber.wait("viewers")[-1].data == {"viewers": 1}
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE live_audience SET seen_at = now() - interval '11 minutes' "
                "WHERE process <> %s",
                [other.hub.process],
            )
        second = Subscriber(
            other.port, room
        )  # a change is written down, and what is old swept away
        wait_for(lambda: second.wait("viewers", 9, 0.3)[-1].data == {"viewers": 2})
        assert Audience.objects.filter(stream=room).count() == 1


def test_those_cut_off_together_do_not_come_back_together(room: Stream) -> None:
    with serving() as server:
        subscribers = [Subscriber(server.port, room) for _ in range(40)]
        assert all(subscriber.wait("viewers") for subscriber in subscribers)
    waits = [subscriber.retry_ms for subscriber in subscribers]
    assert all(1_000 <= wait <= 4_000 for wait in waits)
    assert len({wait // 100 for wait in waits}) > 10
