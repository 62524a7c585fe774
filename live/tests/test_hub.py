"""The event stream over real sockets: everything arrives once, and slow readers cost nothing."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from conftest import person
from live.feed import tokens
from live.feed.events import publish
from live.feed.hub import Hub
from live.feed.log import KEEP
from live.feed.wire import BEAT_SECONDS
from live.models import Stream
from live.streams import services
from live.tests.subscribing import (
    PATIENCE_S,
    Server,
    Subscriber,
    joined,
    patiently,
    serving,
    wait_for,
    write_silently,
)


@pytest.fixture
def room(committed: None) -> Stream:
    bob = person("bob", is_creator=True)
    return services.go_live(creator=bob, title="Bob plays at night")


@pytest.fixture
def server(committed: None) -> Iterator[Server]:
    with serving() as server:
        yield server


def say(stream: Stream, number: int) -> int:
    return publish(stream_id=stream.pk, kind="chat", payload={"text": f"{number}"}).pk


def numbers(subscriber: Subscriber, count: int, seconds: float = PATIENCE_S) -> list[int]:
    return [int(event.data["text"]) for event in subscriber.wait("chat", count, seconds)]


def after_polls(subscriber: Subscriber, room: Stream, count: int) -> None:
    """Return when the server has polled the table so often, and the subscriber has received it."""
    for number in range(1, count + 1):
        write_silently(room, "thanks", {"number": number})
        assert len(subscriber.wait("thanks", number)) == number


def test_a_published_event_arrives_at_once(room: Stream) -> None:
    with serving(tick=10 * PATIENCE_S) as server:  # no poll of the table in this test
        subscriber = Subscriber(server.port, room)
        joined(server, room)
        event_id = say(room, 1)
        heard = subscriber.wait("chat")
        assert [(event.id, event.data) for event in heard] == [(event_id, {"text": "1"})]


def test_an_event_arrives_without_being_published(server: Server, room: Stream) -> None:
    subscriber = Subscriber(server.port, room)
    joined(server, room)
    event_id = write_silently(room, "chat", {"text": "7"})
    assert [event.id for event in subscriber.wait("chat")] == [event_id]


def test_an_event_published_and_polled_arrives_once(server: Server, room: Stream) -> None:
    subscriber = Subscriber(server.port, room)
    joined(server, room)
    for number in range(20):
        say(room, number)
    subscriber.wait("chat", 20)
    after_polls(subscriber, room, 3)
    assert numbers(subscriber, 20) == list(range(20))


def test_rolled_back_event_never_arrives(server: Server, room: Stream) -> None:
    subscriber = Subscriber(server.port, room)
    joined(server, room)
    with pytest.raises(RuntimeError), transaction.atomic():
        say(room, 1)
        raise RuntimeError
    say(room, 2)
    subscriber.wait("chat")
    after_polls(subscriber, room, 2)
    assert numbers(subscriber, 1) == [2]


def test_smaller_id_that_commits_later_arrives(server: Server, room: Stream) -> None:
    subscriber = Subscriber(server.port, room)
    joined(server, room)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('live_event', 'id'))")
        late = cursor.fetchone()[0]
    soon = write_silently(room, "chat", {"text": "2"})
    assert [event.id for event in subscriber.wait("chat")] == [soon]
    write_silently(room, "thanks", {"text": "late"}, id=late)
    assert [event.id for event in subscriber.wait("thanks")] == [late]
    assert late < soon


def test_rooms_do_not_get_each_others_events(server: Server, room: Stream) -> None:
    other = services.go_live(creator=person("tomas", is_creator=True), title="Bread")
    here, there = Subscriber(server.port, room), Subscriber(server.port, other)
    joined(server, room)
    joined(server, other)
    say(room, 1)
    say(other, 2)
    assert numbers(here, 1) == [1]
    assert numbers(there, 1) == [2]


@pytest.mark.parametrize("by_header", [True, False])
def test_replay_after_a_cut_from_the_log(server: Server, room: Stream, by_header: bool) -> None:
    first = Subscriber(server.port, room)
    joined(server, room)
    ids = [say(room, number) for number in range(10)]
    first.wait("chat", 10)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM live_event")  # what comes now can only come from the log
    if by_header:
        second = Subscriber(server.port, room, after=0, last_event_id=ids[3])
    else:
        second = Subscriber(server.port, room, after=ids[3])
    heard = {event.id for event in second.wait("chat", 10, 1.0)}
    assert heard >= set(ids[4:])


def test_replay_from_the_log_without_hidden_words(server: Server, room: Stream) -> None:
    first = Subscriber(server.port, room)
    joined(server, room)
    line = publish(stream_id=room.pk, kind="chat", payload={"text": "Rude words"})
    said = {"id": str(uuid.uuid4()), "message": "Rude ä words"}
    publish(stream_id=room.pk, kind="gift", payload=said)
    publish(stream_id=room.pk, kind="alerts", payload={"do": "replay", "gifts": [said]})
    publish(stream_id=room.pk, kind="chat", payload={"text": "Kind ä words"})
    publish(stream_id=room.pk, kind="hide", payload={"event": line.pk})
    publish(stream_id=room.pk, kind="hide", payload={"id": said["id"]})
    first.wait("hide", 2)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM live_event")  # what comes now can only come from the log
    late = Subscriber(server.port, room, after=line.pk - 1)
    late.wait("hide", 2)
    wordless = said | {"message": ""}
    assert [event.data for event in late.wait("chat", 2)] == [
        {"text": ""},
        {"text": "Kind ä words"},
    ]
    assert [event.data for event in late.wait("gift")] == [wordless]
    assert late.wait("alerts")[0].data["gifts"] == [wordless]


def test_subscribers_that_were_cut_off_get_what_they_missed(server: Server, room: Stream) -> None:
    first = Subscriber(server.port, room)
    joined(server, room)
    ids: list[int | None] = []
    for number in range(20):  # more different places than answers are kept for
        ids.append(say(room, number))
        for after in {ids[0], ids[-1], 0}:
            back = Subscriber(server.port, room, after=after)
            heard = {event.id for event in back.wait("chat", number + 1, 1.0)}
            assert heard == set(ids)  # the overlap brings the few that it has
            back.close()
    first.close()  # it stayed until here: a socket that nobody holds is closed at once


def test_replay_after_a_restart_from_the_table(room: Stream) -> None:
    ids = [say(room, number) for number in range(50)]
    with connection.cursor() as cursor:  # long ago: nothing of it can be out of order any more
        cursor.execute("UPDATE live_event SET created_at = now() - id * interval '-1 minute'")
    with serving() as server:
        subscriber = Subscriber(server.port, room, after=ids[19])
        heard = {event.id for event in subscriber.wait("chat", 31)}
    assert heard == set(ids[19:])


def test_replay_of_more_than_the_log_keeps(room: Stream) -> None:
    count = 3 * KEEP
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO live_event (stream_id, kind, payload, created_at) "
            "SELECT %s, 'chat', jsonb_build_object('text', n::text), now() - interval '1 hour' "
            "FROM generate_series(0, %s - 1) n",
            [room.pk, count],
        )
        cursor.execute("SELECT min(id) FROM live_event")
        first = cursor.fetchone()[0]
    with serving() as server:
        subscriber = Subscriber(server.port, room, after=first - 1)
        assert set(numbers(subscriber, count)) == set(range(count))


def test_nothing_lost_and_nothing_doubled_over_cuts(server: Server, room: Stream) -> None:
    """A page that is cut off again and again in a storm of events has each of them once."""
    seen: dict[int, int] = {}
    last = 0
    writer = threading.Thread(target=_storm, args=(room, 300))
    writer.start()
    for _ in range(8):
        subscriber = Subscriber(server.port, room, after=last)
        subscriber.wait("chat", 25, 1.0)
        for event in subscriber.events:
            if event.id is not None and event.id not in seen:
                seen[event.id] = int(event.data["text"])
                last = event.id
        subscriber.close()
    writer.join()
    rest = Subscriber(server.port, room, after=last)

    def all_of_it() -> bool:
        rest.read(0.2)
        come = (event for event in rest.events if event.id is not None)
        seen.update((event.id, int(event.data["text"])) for event in come if event.id)
        return len(seen) == 300

    wait_for(all_of_it)
    assert sorted(seen.values()) == list(range(300))


def _storm(room: Stream, count: int) -> None:
    try:
        for number in range(count):
            say(room, number)
            time.sleep(0.004)
    finally:
        connections.close_all()


def test_many_subscribers_and_a_burst_share_writes(server: Server, room: Stream) -> None:
    subscribers = [Subscriber(server.port, room) for _ in range(40)]
    joined(server, room, 40)
    with transaction.atomic():
        for number in range(200):
            say(room, number)
    for subscriber in subscribers:
        assert numbers(subscriber, 200) == list(range(200))


def test_subscriber_that_does_not_read_is_cut_off_and_comes_back(room: Stream) -> None:
    # Long enough for one that reads on a busy machine, which must not be cut off.
    with serving(slow=3.0) as server, ThreadPoolExecutor(1) as readers:
        deaf = Subscriber(server.port, room, buffer=4_096)
        fine = Subscriber(server.port, room)
        joined(server, room, 2)
        heard = readers.submit(numbers, fine, 400)  # reads all the while, however slow the writing
        ids = [
            publish(
                stream_id=room.pk, kind="chat", payload={"text": f"{n}", "pad": "x" * 20_000}
            ).pk
            for n in range(400)
        ]
        assert heard.result() == list(range(400))
        wait_for(lambda: len(server.hub.logs[room.pk].subscribers) == 1)
        while not deaf.closed:
            deaf.read(0.5)
        got = [event.id for event in deaf.events if event.kind == "chat"]
        assert len(got) < 400
        back = Subscriber(server.port, room, after=got[-1] if got else 0)

        def whole() -> bool:  # with some that it has: what could be out of order comes again
            back.read(0.2)
            return set(got) | {event.id for event in back.events if event.id} == set(ids)

        wait_for(whole)


def test_viewers_are_counted_for_everybody(server: Server, room: Stream) -> None:
    first = Subscriber(server.port, room)
    assert first.wait("viewers")[-1].data == {"viewers": 1}
    second = Subscriber(server.port, room)
    wait_for(lambda: first.wait("viewers", 2, 1)[-1].data == {"viewers": 2})
    wait_for(lambda: second.wait("viewers", 2, 1)[-1].data == {"viewers": 2})
    assert all(event.id is None for event in first.events if event.kind == "viewers")
    second.close()
    wait_for(lambda: first.wait("viewers", 3, 1)[-1].data == {"viewers": 1})


def test_viewers_at_other_processes_count_too(server: Server, room: Stream) -> None:
    with serving() as other:
        here, there = Subscriber(server.port, room), Subscriber(other.port, room)
        wait_for(lambda: here.wait("viewers", 9, 0.5)[-1].data == {"viewers": 2})
        wait_for(lambda: there.wait("viewers", 9, 0.5)[-1].data == {"viewers": 2})


def test_consoles_and_overlays_are_not_viewers(server: Server, room: Stream) -> None:
    overlay = Subscriber(server.port, room, role="overlay")
    subscriber = Subscriber(server.port, room)
    joined(server, room, 2)
    assert subscriber.wait("viewers")[-1].data == {"viewers": 1}
    overlay.close()


def test_wrong_token_is_refused(server: Server, room: Stream) -> None:
    other = services.go_live(creator=person("ines", is_creator=True), title="Radio")
    foreign = tokens.events_url(other, "room").partition("token=")[2]
    expired = tokens.events_url(room, "room", lifetime=-1).partition("token=")[2]
    for token in ("", "nonsense", foreign, expired, foreign[:-3]):
        assert Subscriber(server.port, room, token=token).status == 403
    assert Subscriber(server.port, room).status == 200


def ended(subscriber: Subscriber) -> bool:
    """Return whether the server has ended the answer."""
    subscriber.read(0.1)
    return subscriber.closed


def test_who_came_before_a_stream_was_for_adults_hears_that_and_no_more(
    server: Server, room: Stream
) -> None:
    old = tokens.events_url(room, "room").partition("token=")[2]
    open_before = Subscriber(server.port, room)
    overlay = Subscriber(server.port, room, role="overlay")
    joined(server, room, 2)
    services.change(creator=room.creator, stream=room, adults_only=True)
    open_before.wait("changed")
    wait_for(lambda: ended(open_before))
    assert Subscriber(server.port, room, token=old).status == 403
    overlay.wait("changed")
    say(room, 1)
    overlay.wait("chat")
    room.refresh_from_db()
    assert Subscriber(server.port, room).status == 200
    services.change(creator=room.creator, stream=room, adults_only=False)
    wait_for(lambda: Subscriber(server.port, room, token=old).status == 200)


def test_a_stream_for_adults_takes_no_token_from_before(server: Server, room: Stream) -> None:
    old = tokens.events_url(room, "room").partition("token=")[2]
    Stream.objects.update(adults_only=True)
    room.refresh_from_db()
    assert Subscriber(server.port, room, token=old).status == 403
    assert Subscriber(server.port, room).status == 200


def test_server_that_keeps_its_connections_is_refused(room: Stream) -> None:
    other = Server(Hub(), http="h11")
    other.start()
    try:
        assert Subscriber(other.port, room).status == 503
    finally:
        other.stop()


def test_no_thread_and_no_connection_per_subscriber(server: Server, room: Stream) -> None:
    first = Subscriber(server.port, room)
    joined(server, room)
    threads, backends = threading.active_count(), _backends()
    subscribers = [Subscriber(server.port, room) for _ in range(100)]
    joined(server, room, 101)
    assert threading.active_count() == threads
    assert _backends() == backends
    for subscriber in subscribers:
        subscriber.close()
    wait_for(lambda: len(server.hub.logs[room.pk].subscribers) == 1)
    first.close()


def _backends() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def test_database_that_goes_away_is_found_again(server: Server, room: Stream) -> None:
    subscriber = Subscriber(server.port, room)
    joined(server, room)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    event_id = write_silently(room, "chat", {"text": "back"})
    assert [event.id for event in subscriber.wait("chat")] == [event_id]


def test_term_signal_ends_all_streams_within_a_second(room: Stream) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = _start(port)
    try:
        subscribers = [patiently(port, room) for _ in range(20)]
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        for subscriber in subscribers:
            while not subscriber.closed and time.monotonic() - began < PATIENCE_S:
                subscriber.read(0.2)
        assert time.monotonic() - began < 5  # a second at most on a quiet machine
        assert process.wait(PATIENCE_S) in {0, -signal.SIGTERM}
        assert time.monotonic() - began < 15
    finally:
        process.kill()


def test_one_port_serves_pages_and_events(room: Stream) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = _start(port)
    try:
        subscriber = patiently(port, room)
        with socket.create_connection(("127.0.0.1", port), 10) as page:
            page.sendall(b"GET /account/login/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
            assert b"200" in page.recv(4_096).split(b"\r\n")[0]
        event_id = write_silently(room, "chat", {"text": "1"})
        assert [event.id for event in subscriber.wait("chat")] == [event_id]
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _start(port: int) -> subprocess.Popen[bytes]:
    url = urlsplit(settings.DATABASE_URL)
    url = url._replace(path=f"/{settings.DATABASES['default']['NAME']}")
    return subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "giftplatform.asgi:application", f"--port={port}"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": urlunsplit(url),
            "DEBUG": "1",
            "SECRET_KEY": settings.SECRET_KEY,
        },
    )


def test_frames_are_json_in_one_line(server: Server, room: Stream) -> None:
    subscriber = Subscriber(server.port, room)
    joined(server, room)
    text = "line one\nline two\u2028\r\n\r\nevent: gift 🌊"
    publish(stream_id=room.pk, kind="chat", payload={"text": text})
    write_silently(room, "chat", {"text": text})
    assert [event.data["text"] for event in subscriber.wait("chat", 2)] == [text, text]


@pytest.mark.parametrize("role", sorted(tokens.ROLES))
def test_every_subscriber_gets_a_beat_that_tells_its_interval(
    server: Server, room: Stream, role: str
) -> None:
    subscriber = Subscriber(server.port, room, role=role)
    first, second = subscriber.wait("beat", 2, 3 * BEAT_SECONDS)
    assert (first.id, second.id) == (None, None)
    assert first.data == second.data == {"every_ms": 4_000}


def test_first_beat_comes_after_what_was_missed(server: Server, room: Stream) -> None:
    first, second = (write_silently(room, "chat", {"text": text}) for text in "ab")
    late = Subscriber(server.port, room, after=first - 1)
    late.wait("beat")
    assert [event.id for event in late.events if event.kind != "viewers"] == [first, second, None]


def test_one_that_only_catches_up_is_answered_to_the_end_and_not_counted(
    server: Server, room: Stream
) -> None:
    missed = write_silently(room, "chat", {"text": "while away"})
    watching = Subscriber(server.port, room)
    joined(server, room)
    watching.wait("viewers")
    glance = Subscriber(server.port, room, after=missed - 1, once=True)
    while not glance.closed:
        glance.read(1)
    assert [event.kind for event in glance.events] == ["chat", "viewers", "beat"]
    assert len(server.hub.logs[room.pk].subscribers) == 1
