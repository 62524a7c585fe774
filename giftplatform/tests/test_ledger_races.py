"""The ledger when many write at once: every writer gets an answer, and none an accident."""

import json
import random
import uuid
from collections import Counter
from functools import partial

import pytest
from django.db import connection

import ledger
from accounts.models import User
from conftest import give_coins, person
from ledger import Leg, Order, checks
from ledger.models import Key, Posting
from testing import threads

AT_ONCE = 8
together = partial(threads.together, times=AT_ONCE)


def leg(from_account: int, to_account: int, amount: int) -> Leg:
    return Leg("COIN", from_account, to_account, amount)


def post_same(order: Order, number: int) -> ledger.Answer:
    return ledger.post([order])[0]


@pytest.fixture
def fans(committed: None) -> tuple[User, User]:
    both = person("alice"), person("carol")
    for fan in both:
        give_coins(fan, 100)
    return both


def test_one_key_at_once_is_one_posting(committed: None) -> None:
    """Between open accounts nothing is locked: the key alone decides."""
    issued, spent = (ledger.account_id(kind, "COIN") for kind in ("coins_issued", "coins_spent"))
    for _ in range(5):
        order = Order(f"once:{uuid.uuid4()}", "test", [leg(issued, spent, 1)])
        answers = together(partial(post_same, order))
        assert Counter(a.outcome for a in answers) == {"done": 1, "already": AT_ONCE - 1}
        assert {a.posting_id for a in answers} == {Posting.objects.get(key=order.key).pk}
    assert ledger.balance("coins_spent", "COIN") == 5


def test_one_key_at_once_for_two_things_is_refused_to_one(committed: None) -> None:
    issued, spent = (ledger.account_id(kind, "COIN") for kind in ("coins_issued", "coins_spent"))
    key = f"once:{uuid.uuid4()}"
    orders = [Order(key, "test", [leg(issued, spent, n + 1)]) for n in range(AT_ONCE)]
    answers = together(lambda n: ledger.post([orders[n]])[0])
    assert Counter(a.code for a in answers) == {None: 1, "key_reused": AT_ONCE - 1}


def all_at_once(table: str, pk: int, orders: list[Order]) -> list[ledger.Answer]:
    """Post from as many threads, none of which gets past this row before all have come to it."""
    with threads.held(table, pk, until=len(orders)):
        return together(lambda n: ledger.post([orders[n]])[0])


def test_who_spends_at_once_is_told_what_is_missing(fans: tuple[User, User]) -> None:
    """Each loser hears that coins are missing; none meets the constraint behind the lock."""
    account = ledger.account_id("coins", "COIN", fans[0].pk)
    spent = ledger.account_id("coins_spent", "COIN")
    orders = [Order(f"spend:{n}", "test", [leg(account, spent, 40)]) for n in range(AT_ONCE)]
    answers = all_at_once("ledger_account", account, orders)
    assert Counter(a.code for a in answers) == {None: 2, "insufficient": AT_ONCE - 2}
    assert ledger.balance("coins", "COIN", fans[0].pk) == 20


def test_transfers_both_ways_at_once_never_wait_for_each_other(fans: tuple[User, User]) -> None:
    """Accounts are locked in one order, whichever way the coins go: no deadlock."""
    one, other = (ledger.account_id("coins", "COIN", fan.pk) for fan in fans)

    def cross(number: int) -> Counter[str]:
        way = (one, other) if number % 2 else (other, one)
        orders = [
            Order(f"cross:{number}:{n}", "test", [leg(*way, random.randint(1, 3))])
            for n in range(50)
        ]
        return Counter(ledger.post([order])[0].outcome for order in orders)

    outcomes: Counter[str] = sum(together(cross), Counter())
    assert set(outcomes) <= {"done", "refused"}
    assert sum(outcomes.values()) == 50 * AT_ONCE
    assert sum(ledger.balance("coins", "COIN", fan.pk) for fan in fans) == 200
    assert not checks.run()


def test_reversed_at_once_is_reversed_once(committed: None) -> None:
    """Between open accounts nothing is locked: only the claim on the reversal makes others wait."""
    issued, spent = (ledger.account_id(kind, "COIN") for kind in ("coins_issued", "coins_spent"))
    for turn in range(5):
        ledger.post_one(key=f"spent:{turn}", kind="test", legs=[leg(issued, spent, 40)])
        orders = [
            Order(f"back:{turn}:{n}", "undo", reverses=f"spent:{turn}") for n in range(AT_ONCE)
        ]
        answers = together(lambda n, orders=orders: ledger.post([orders[n]])[0])  # type: ignore[misc]  # pins it
        assert Counter(a.code for a in answers) == {None: 1, "already_reversed": AT_ONCE - 1}
    assert ledger.balance("coins_spent", "COIN") == 0
    assert Posting.objects.filter(kind="undo").count() == 5
    assert Key.objects.count() == 5 * 3, "a thread that came too late claimed nothing"
    assert not checks.run()


def take_snapshots() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_take_snapshots()")


def test_what_commits_after_the_snapshot_is_not_lost(fans: tuple[User, User]) -> None:
    """A posting that began before the snapshot and commits after it: old ids, new coins."""
    account = ledger.account_id("coins", "COIN", fans[0].pk)
    spent = ledger.account_id("coins_spent", "COIN")
    slow_order = Order("slow", "test", [leg(account, spent, 7)]).as_json()
    slow = connection.copy()
    slow.set_autocommit(False)
    try:
        with slow.cursor() as cursor:
            cursor.execute("SELECT ledger_post(%s::jsonb)", [json.dumps([slow_order])])
        other = ledger.account_id("coins", "COIN", fans[1].pk)
        ledger.post_one(key="quick", kind="test", legs=[leg(other, spent, 5)])
        take_snapshots()
        assert ledger.balance("coins_spent", "COIN") == 5
        slow.commit()
    finally:
        slow.close()
    assert ledger.balance("coins_spent", "COIN") == 12
    take_snapshots()
    assert ledger.balance("coins_spent", "COIN") == 12
    assert not checks.run()


def test_snapshots_at_once_under_load_count_everything_once(fans: tuple[User, User]) -> None:
    issued, spent = (ledger.account_id(kind, "COIN") for kind in ("coins_issued", "coins_spent"))

    def write_or_snapshot(number: int) -> None:
        for n in range(40):
            if number % 2:
                ledger.post_one(key=f"f:{number}:{n}", kind="test", legs=[leg(issued, spent, 1)])
            else:
                take_snapshots()

    together(write_or_snapshot)
    assert ledger.balance("coins_spent", "COIN") == 40 * AT_ONCE // 2
    take_snapshots()
    assert ledger.balance("coins_spent", "COIN") == 40 * AT_ONCE // 2
    assert not checks.run()
