"""Two at once, with the control that shows the race is real where the guard is missing."""

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.test import override_settings

import ledger
from accounts.models import Creator, User
from conftest import give_coins, person
from foundation import transactions
from foundation.errors import DomainError
from gifts.earnings.release import release_due
from gifts.models import SentGift
from gifts.sending.refusals import ReplayClosed
from gifts.sending.send import Send, Sent
from gifts.sending.services import send_batch, send_gift, undo_gift
from gifts.tests.on_replay import moment_of, over
from ledger import checks
from live.models import Event, Stream
from live.streams.after_end import take_gifts
from live.streams.services import go_live
from testing import threads
from testing.functions import no_floor, without

AT_ONCE = 8
together = partial(threads.together, times=AT_ONCE, returned=DomainError)


@pytest.fixture(autouse=True)
def each_by_itself() -> Iterator[None]:
    """Threads of one process would send together, and never race."""
    with override_settings(MICRO_BATCHING=False):
        yield


@pytest.fixture
def no_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a deadlock be seen that a second try would hide."""
    monkeypatch.setattr(transactions, "LOST_RACES", ())


@pytest.fixture
def room(committed: None) -> tuple[User, User, Stream]:
    fan, creator = person("alice"), person("bob", is_creator=True)
    Creator.objects.create(user=creator, trust="trusted")
    give_coins(fan, 100)
    return fan, creator, go_live(creator=creator, title="Night")


def test_one_wallet_pays_what_it_holds_and_no_more(room: tuple[User, User, Stream]) -> None:
    fan, creator, stream = room
    answers = together(
        lambda n: send_gift(fan=fan, stream=stream, gift="pocket-rain", key=uuid.uuid4())
    )
    refused = [a for a in answers if isinstance(a, DomainError)]
    assert len(refused) == AT_ONCE - 2
    assert {r.code for r in refused} == {"insufficient_coins"}
    assert ledger.balance("coins", "COIN", fan.pk) == 20
    assert ledger.balance("diamonds_held", "DIAMOND", creator.pk) == 80
    assert not checks.run()


def test_batches_of_the_same_fans_never_deadlock(
    room: tuple[User, User, Stream],
) -> None:
    """Each batch locks all its accounts in one order, whatever the order of its sends."""
    stream = room[2]
    fans = [person(f"fan_{n}") for n in range(12)]
    for fan in fans:
        give_coins(fan, 1_000)

    def shuffled(number: int) -> int:
        done = 0
        for _ in range(10):
            order = random.sample(fans, len(fans))
            sends = [Send(fan=f, stream=stream, gift="pebble", key=uuid.uuid4()) for f in order]
            done += sum(isinstance(outcome, Sent) for outcome in send_batch(sends))
        return done

    assert together(shuffled) == [10 * len(fans)] * AT_ONCE
    assert not checks.run()


def test_control_without_the_lock_a_wallet_is_overdrawn(room: tuple[User, User, Stream]) -> None:
    """Without our lock all see the same coins; without the constraint behind it all are spent."""
    fan, creator, stream = room
    account = ledger.account_id("coins", "COIN", fan.pk)
    # Opened before, or all would wait for the thread that opens them.
    ledger.account_id("diamonds_held", "DIAMOND", creator.pk)
    ledger.account_id("diamonds_issued", "DIAMOND")
    ledger.account_id("coins_spent", "COIN")

    def send(number: int) -> Sent:
        return send_gift(fan=fan, stream=stream, gift="pocket-rain", key=uuid.uuid4())

    with (
        without(" FOR NO KEY UPDATE", "gifts_send"),
        no_floor(),
        threads.held("ledger_account", account, until=AT_ONCE),
    ):
        together(send)
        assert ledger.balance("coins", "COIN", fan.pk) == 100 - 40 * AT_ONCE


def test_one_key_at_once_sends_once_and_answers_all_alike(room: tuple[User, User, Stream]) -> None:
    fan, _, stream = room
    key = uuid.uuid4()
    answers = together(lambda n: send_gift(fan=fan, stream=stream, gift="moss-frog", key=key))
    assert {a.gift.pk for a in answers} == {SentGift.objects.get().pk}
    assert sorted(a.already for a in answers) == [False] + [True] * (AT_ONCE - 1)
    assert ledger.balance("coins", "COIN", fan.pk) == 75
    assert Event.objects.filter(kind="gift").count() == 1


KEYS_IN_ORDER = "PERFORM pg_advisory_xact_lock(k.lock)"


def crossed(stream: Stream, rounds: int) -> list[list[str]]:
    """Let two fans send the same keys in opposite orders; return what each was told, by round."""
    fans = [person(f"fan_{n}") for n in range(2)]
    for fan in fans:
        give_coins(fan, 50 * rounds)
    # Opened before, or both would wait for the one that opens them.
    send_gift(fan=fans[0], stream=stream, gift="pebble", key=uuid.uuid4())
    keys = [[uuid.uuid4() for _ in range(20)] for _ in range(rounds)]

    def send(number: int) -> list[str]:
        told = []
        for mine in keys:
            order = mine[:: -1 if number else 1]
            sends = [Send(fan=fans[number], stream=stream, gift="pebble", key=k) for k in order]
            outcomes = send_batch(sends)
            told.append(" ".join(sorted({getattr(one, "code", "sent") for one in outcomes})))
        return told

    return threads.together(send, returned=OperationalError)


def test_the_same_keys_in_opposite_orders_never_deadlock(
    room: tuple[User, User, Stream], no_second_try: None
) -> None:
    """Keys are claimed in one order: all of a batch go to the one who came first."""
    for one, other in zip(*crossed(room[2], 12), strict=True):
        assert {one, other} == {"sent", "key_reused"}
    assert not checks.run()


def test_control_keys_in_the_order_of_the_batch_deadlock(
    room: tuple[User, User, Stream], no_second_try: None
) -> None:
    with without_order():
        answers = crossed(room[2], 40)
    assert any(isinstance(answer, OperationalError) for answer in answers)


@contextmanager
def without_order() -> Iterator[None]:
    """Let each batch claim its keys as it comes to them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('gifts_send'::regproc)")
        kept = cursor.fetchone()[0]
        assert KEYS_IN_ORDER in kept
        cursor.execute(kept.replace(KEYS_IN_ORDER, "PERFORM k.lock"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(kept)


def test_undo_pressed_everywhere_returns_once(room: tuple[User, User, Stream]) -> None:
    fan, creator, stream = room
    key = uuid.uuid4()
    send_gift(fan=fan, stream=stream, gift="moss-frog", key=key)
    together(lambda n: undo_gift(fan=fan, key=key))
    assert ledger.balance("coins", "COIN", fan.pk) == 100
    assert ledger.balance("diamonds_held", "DIAMOND", creator.pk) == 0
    assert Event.objects.filter(kind="undo").count() == 1


def test_undo_and_release_at_once_do_only_one_of_both(room: tuple[User, User, Stream]) -> None:
    fan, creator, stream = room
    key = uuid.uuid4()
    sent = send_gift(fan=fan, stream=stream, gift="moss-frog", key=key).gift
    SentGift.objects.update(release_at=sent.created_at)
    together(lambda n: undo_gift(fan=fan, key=key) if n % 2 else release_due())
    row = SentGift.objects.get()
    assert bool(row.undone_at) != bool(row.released_at)
    assert ledger.balance("diamonds", "DIAMOND", creator.pk) == (25 if row.released_at else 0)
    assert not checks.run()


def test_many_workers_release_once(room: tuple[User, User, Stream]) -> None:
    fan, creator, stream = room
    for _ in range(4):
        sent = send_gift(fan=fan, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift
    SentGift.objects.update(release_at=sent.created_at)
    assert sum(together(lambda n: release_due())) == 100
    assert ledger.balance("diamonds", "DIAMOND", creator.pk) == 100
    assert ledger.balance("diamonds_held", "DIAMOND", creator.pk) == 0


def test_a_gift_that_comes_while_its_replay_goes_arrives_whole_or_not_at_all(
    room: tuple[User, User, Stream],
) -> None:
    fan, creator, _ = room
    give_coins(fan, 100_000)
    replay = over(creator)

    def act(number: int) -> int:
        if number == 0:
            with transaction.atomic(), connection.cursor() as cursor:
                take_gifts(creator_id=creator.pk, until={})
                cursor.execute("SELECT pg_sleep(0.05)")  # gifts go on arriving until it commits
            return 0
        arrived = 0
        while True:
            try:
                send_gift(
                    fan=fan,
                    stream=replay,
                    gift="pebble",
                    key=uuid.uuid4(),
                    moment=moment_of(replay, number),
                )
            except ReplayClosed:
                return arrived
            arrived += 1

    arrived = sum(threads.together(act, times=4))
    assert SentGift.objects.count() == arrived
    assert Event.objects.filter(kind="gift", moment__isnull=False).count() == arrived
    assert ledger.balance("coins", "COIN", fan.pk) == 100_100 - arrived
    assert ledger.balance("diamonds_held", "DIAMOND", creator.pk) == arrived
    assert not checks.run()
