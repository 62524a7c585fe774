"""The fold under fire: at every moment an open account is the full sum over its transfers.

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
from giftplatform.tests.folding import (
    Load,
    TwoFolds,
    compare,
    fold,
    fold_and_die,
    hang_about,
    wrong_folds,
)
from giftplatform.tests.proof import size
from gifts.sending.services import send_gift, undo_gift
from ledger import checks
from ledger.models import Transfer
from ledger.tests.stage import fold_all
from live.services import go_live

SECONDS = size(4, 60)
WRITERS = size(8, 12)
HANGERS = 3
LONGEST_OPEN_S = size(1, 4)
EVERY_S = 0.1
STAKE = 10_000_000

Record = Callable[[str, object], None]


def test_the_fold_is_always_the_full_sum(
    committed: None, settings: Settings, record_property: Record
) -> None:
    """Writers, transactions that stay open with unfinished writes, two folds at once and one that
    dies before its commit; and a reader that compares every tenth of a second.

    The control: over the same transfers, the same fold with a horizon by id and one by time. Both
    lose money, or this test would prove nothing.
    """
    settings.MICRO_BATCHING = False  # each send a transaction of its own: more of them overlap
    writers = [writer(n) for n in range(WRITERS)]
    chance = random.Random(60)
    load, looks = Load(), []
    with wrong_folds() as wrong, TwoFolds() as two_folds:
        for write in writers:
            load.keep("sends", write)
        for _ in range(HANGERS):
            load.keep("left open", lambda: hang_about(chance, LONGEST_OPEN_S))
        load.keep("pairs of folds", two_folds.at_once, EVERY_S)
        load.keep("folds that died", fold_and_die, 10 * EVERY_S)
        for fold_wrongly in wrong:
            load.keep(fold_wrongly.name, fold_wrongly.fold, EVERY_S)
        for _ in "12":  # so that one that takes longer leaves no gap
            load.keep("looks", lambda: looks.append(compare()), EVERY_S)
        load.run_for(SECONDS)
        moved = sum(Transfer.objects.filter(amount__lt=STAKE).values_list("amount", flat=True))
        lost = {fold_wrongly.name: fold_wrongly.lost() for fold_wrongly in wrong}
    for name, figure in (load.done | {"moved": moved} | lost).items():
        record_property(name, figure)
    assert load.done["pairs of folds"] > 0
    assert [look for look in looks if look] == []
    assert all(lost.values()), lost
    assert compare() == []
    fold_all()
    assert compare() == []
    assert not checks.run()


def test_the_control_loses_nothing_where_nothing_overlaps(committed: None) -> None:
    """So what it loses under load is lost by its horizon alone."""
    fan = person("alice")
    with wrong_folds() as wrong:
        for _ in range(5):
            give_coins(fan, 10)
            for fold_wrongly in wrong:
                assert fold_wrongly.lost() == 0
                fold_wrongly.fold()
                assert fold_wrongly.lost() == 0


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


def test_a_fold_that_died_is_done_again(committed: None) -> None:
    """What was not committed is not folded, and nobody waits for the dead one."""
    give_coins(person("alice"), 100)
    fold_and_die()
    assert ledger.balance("coins_issued", "COIN") == 100
    assert folded_debits() == 0
    assert fold_all() == 100
    assert compare() == []


def folded_debits() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(debits), 0) FROM ledger_fold")
        return int(cursor.fetchone()[0])


def test_a_transaction_that_stays_open_makes_the_fold_late_and_not_wrong(committed: None) -> None:
    """While it is open the horizon stays before it; what others write is read all the same."""
    fan = person("alice")
    slow = connection.copy()
    slow.set_autocommit(False)
    try:
        with slow.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
        give_coins(fan, 100)
        for _ in range(3):
            fold()
        assert (folded_debits(), ledger.balance("coins_issued", "COIN")) == (0, 100)
        assert compare() == []
    finally:
        slow.rollback()
        slow.close()
    assert fold_all() == 100
    assert compare() == []
