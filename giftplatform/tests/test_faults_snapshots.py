"""Snapshots under fire: at every moment an open account is the full sum over its transfers.

Figures and commands: docs/faults.md.
"""

import random
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from pytest_django import Settings

import ledger
from accounts.models import Creator
from conftest import give_coins, person
from giftplatform.tests.proof import size
from giftplatform.tests.snapshots import (
    Load,
    TwoAtOnce,
    compare,
    hang_about,
    snapshot_and_die,
    take_snapshots,
    wrong_snapshots,
)
from gifts.sending.services import send_gift, undo_gift
from ledger import checks
from ledger.models import Transfer
from ledger.tests.stage import snapshot_all
from live.streams.services import go_live

SECONDS = size(4, 60)
WRITERS = size(8, 12)
HANGERS = 3
LONGEST_OPEN_S = size(1, 4)
EVERY_S = 0.1
STAKE = 10_000_000

Record = Callable[[str, object], None]


def test_a_balance_is_always_the_full_sum(
    committed: None, settings: Settings, record_property: Record
) -> None:
    """Writers, transactions that stay open with unfinished writes, snapshots taken twice at once
    and by one that dies before its commit; and a reader that compares every tenth of a second.

    The control: over the same transfers, the same snapshots with a checkpoint by id and one by
    time. Both lose money, or this test would prove nothing.
    """
    settings.MICRO_BATCHING = False  # each send a transaction of its own: more of them overlap
    writers = [writer(n) for n in range(WRITERS)]
    chance = random.Random(60)
    load, looks = Load(), []
    with wrong_snapshots() as wrong, TwoAtOnce() as two_at_once:
        for write in writers:
            load.keep("sends", write)
        for _ in range(HANGERS):
            load.keep("left open", lambda: hang_about(chance, LONGEST_OPEN_S))
        load.keep("pairs of snapshots", two_at_once.at_once, EVERY_S)
        load.keep("snapshots that died", snapshot_and_die, 10 * EVERY_S)
        for wrong_one in wrong:
            load.keep(wrong_one.name, wrong_one.take, EVERY_S)
        for _ in "12":  # so that one that takes longer leaves no gap
            load.keep("looks", lambda: looks.append(compare()), EVERY_S)
        load.run_for(SECONDS)
        moved = sum(Transfer.objects.filter(amount__lt=STAKE).values_list("amount", flat=True))
        lost = {wrong_one.name: wrong_one.lost() for wrong_one in wrong}
    for name, figure in (load.done | {"moved": moved} | lost).items():
        record_property(name, figure)
    assert load.done["pairs of snapshots"] > 0
    assert [look for look in looks if look] == []
    assert all(lost.values()), lost
    assert compare() == []
    snapshot_all()
    assert compare() == []
    assert not checks.run()


def test_the_control_loses_nothing_where_nothing_overlaps(committed: None) -> None:
    """So what it loses under load is lost by its checkpoint alone."""
    fan = person("alice")
    with wrong_snapshots() as wrong:
        for _ in range(5):
            give_coins(fan, 10)
            for wrong_one in wrong:
                assert wrong_one.lost() == 0
                wrong_one.take()
                assert wrong_one.lost() == 0


def writer(number: int) -> Callable[[], None]:
    """Return what a fan does over and over: send to a creator of their own or to the one whom all
    love, and take one in five back.
    """
    fan = person(f"fan{number}", date_joined=timezone.now() - timedelta(days=30))
    give_coins(fan, STAKE)
    creator = person(f"creator{number}", is_creator=True)
    Creator.objects.create(user=creator, trust="trusted")
    stream = go_live(creator=creator, title="Night")
    chance = random.Random(number)

    def send() -> None:
        key = uuid.uuid4()
        send_gift(fan=fan, stream=stream, gift="pebble", key=key, quantity=chance.randint(1, 9))
        if chance.random() < 0.2:
            undo_gift(fan=fan, key=key)

    return send


def test_a_snapshot_that_died_is_done_again(committed: None) -> None:
    """Uncommitted transfers are in no snapshot, and the next one waits for nothing."""
    give_coins(person("alice"), 100)
    snapshot_and_die()
    assert ledger.balance("coins_issued", "COIN") == 100
    assert snapshot_debits() == 0
    assert snapshot_all() == 100
    assert compare() == []


def snapshot_debits() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(debits), 0) FROM ledger_snapshot")
        return int(cursor.fetchone()[0])


def test_a_transaction_that_stays_open_makes_the_snapshot_late_and_not_wrong(
    committed: None,
) -> None:
    """While it is open the checkpoint stays before it; what others write is read all the same."""
    fan = person("alice")
    slow = connection.copy()
    slow.set_autocommit(False)
    try:
        with slow.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
        give_coins(fan, 100)
        for _ in range(3):
            take_snapshots()
        assert (snapshot_debits(), ledger.balance("coins_issued", "COIN")) == (0, 100)
        assert compare() == []
    finally:
        slow.rollback()
        slow.close()
    assert snapshot_all() == 100
    assert compare() == []
