"""The database's clock goes back an hour in the middle of things: nothing depends on it.

Figures and commands: docs/faults.md.
"""

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

import ledger
from accounts.models import Creator, User
from conftest import give_coins, person
from giftplatform.tests.proof import size
from giftplatform.tests.snapshots import Load, compare, hang_about, take_snapshots, wrong_snapshots
from gifts.models import SentGift
from gifts.sending.services import send_gift, undo_gift
from ledger import checks
from ledger.models import Posting
from ledger.tests.stage import snapshot_all
from live.models import Stream
from live.streams.services import go_live

SECONDS = size(1, 20)
WRITERS = 4
COINS = 1_000_000

Record = Callable[[str, object], None]

# Every function of ours asks for the time by name, and finds this one first.
MAKE = """
CREATE SCHEMA shifted;
CREATE TABLE shifted.by AS SELECT interval '0' AS by;
CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT pg_catalog.clock_timestamp() + by FROM shifted.by';
CREATE FUNCTION shifted.now() RETURNS timestamptz LANGUAGE sql STABLE
    AS 'SELECT pg_catalog.now() + by FROM shifted.by';
"""
OURS = """
SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname = 'public' AND l.lanname IN ('plpgsql', 'sql')
"""
BY_DEFAULT = """
SELECT table_name, column_name, column_default FROM information_schema.columns
WHERE table_schema = 'public' AND column_default ~ '^(now|clock_timestamp)\\(\\)$'
"""
AN_HOUR = timedelta(hours=1)


@contextmanager
def a_clock_to_turn() -> Iterator[Callable[[timedelta], None]]:
    """Give a function that sets the database's clock off by so much, for all its connections."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE)
        cursor.execute(OURS)
        functions = [name for (name,) in cursor.fetchall()]
        cursor.execute(BY_DEFAULT)
        columns = cursor.fetchall()
        for name in functions:
            cursor.execute(f"ALTER FUNCTION {name} SET search_path = shifted, pg_catalog, public")
        for table, column, default in columns:
            cursor.execute(f"ALTER TABLE {table} ALTER {column} SET DEFAULT shifted.{default}")

    def turn(by: timedelta) -> None:
        with connection.cursor() as cursor:
            seconds = int(by.total_seconds())
            cursor.execute("UPDATE shifted.by SET by = make_interval(secs => %s)", [seconds])

    try:
        yield turn
    finally:
        with connection.cursor() as cursor:
            for name in functions:
                cursor.execute(f"ALTER FUNCTION {name} RESET search_path")
            for table, column, default in columns:
                cursor.execute(f"ALTER TABLE {table} ALTER {column} SET DEFAULT {default}")
            cursor.execute("DROP SCHEMA shifted CASCADE")


@pytest.fixture
def room(committed: None) -> tuple[User, User, Stream]:
    fan = person("alice", date_joined=timezone.now() - timedelta(days=30))
    creator = person("bob", is_creator=True)
    Creator.objects.create(user=creator, trust="trusted")
    give_coins(fan, COINS)
    return fan, creator, go_live(creator=creator, title="Night")


def send(room: tuple[User, User, Stream], key: uuid.UUID, quantity: int = 1) -> SentGift:
    fan, _, stream = room
    return send_gift(fan=fan, stream=stream, gift="pebble", key=key, quantity=quantity).gift


def holds_what_was_sent(room: tuple[User, User, Stream]) -> bool:
    fan, creator, _ = room
    sent = sum(SentGift.objects.filter(undone_at=None).values_list("coins", flat=True))
    return (
        ledger.balance("coins", "COIN", fan.pk) == COINS - sent
        and ledger.balance("diamonds_held", "DIAMOND", creator.pk) == sent
        and compare() == []
    )


def test_back_and_forth_under_load_changes_nothing(
    room: tuple[User, User, Stream], settings: Settings, record_property: Record
) -> None:
    """While many send and transactions stay open, the clock goes back an hour and forth again: at
    every moment the balance is the full sum.
    """
    settings.MICRO_BATCHING = False
    chance = random.Random(3_600)
    load, looks = Load(), []
    with a_clock_to_turn() as turn:
        for _ in range(WRITERS):
            load.keep("sends", lambda: send(room, uuid.uuid4()))
        load.keep("left open", lambda: hang_about(chance, 0.5))
        load.keep("snapshots", take_snapshots, 0.05)
        load.keep("looks", lambda: looks.append(compare()), 0.05)
        load.keep("turns", lambda: turn(chance.choice([-AN_HOUR, timedelta(0)])), 0.2)
        load.run_for(SECONDS)
    for name, times in load.done.items():
        record_property(name, times)
    assert [look for look in looks if look] == []
    assert holds_what_was_sent(room)
    snapshot_all()
    assert holds_what_was_sent(room)
    assert not checks.run()


def test_what_was_sent_later_at_an_earlier_time_counts_and_is_known(
    room: tuple[User, User, Stream],
) -> None:
    """The control: a checkpoint by time, which loses what was sent after the turn."""
    early, late = uuid.uuid4(), uuid.uuid4()
    with wrong_snapshots() as (_, by_time), a_clock_to_turn() as turn:
        first = send(room, early)
        take_snapshots()
        by_time.take()
        assert by_time.lost() == 0
        turn(-AN_HOUR)
        second = send(room, late, quantity=3)
        assert first.created_at - second.created_at > AN_HOUR - timedelta(minutes=5)
        assert booked(early) - booked(late) > AN_HOUR - timedelta(minutes=5)
        assert by_time.lost() > 0
        assert holds_what_was_sent(room)
        take_snapshots()
        assert holds_what_was_sent(room)
        assert (send(room, early), send(room, late, quantity=3)) == (first, second)
        with pytest.raises(ledger.KeyReused):
            send(room, early, quantity=2)
        turn(timedelta(0))
        third = send(room, uuid.uuid4())
        undo_gift(fan=room[0], key=third.public_id)
        assert holds_what_was_sent(room)
    snapshot_all()
    assert holds_what_was_sent(room)
    assert not checks.run()


def booked(key: uuid.UUID) -> datetime:
    """Return when the ledger thinks that this gift was sent."""
    return Posting.objects.get(key=f"gift:{key}").created_at
