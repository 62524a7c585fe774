"""One wallet from everywhere at once, and one key twice at the same moment.

Figures and commands: docs/faults.md.
"""

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

import ledger
from accounts.models import Creator, User
from conftest import give_coins, person
from foundation.errors import DomainError
from giftplatform.tests.proof import size
from giftplatform.tests.snapshots import Load
from gifts.models import SentGift
from gifts.sending.send import Sent
from gifts.sending.services import send_gift
from ledger import checks
from ledger.models import Posting, Transfer
from live.models import Event, Stream
from live.streams.services import go_live
from testing.threads import together

CLIENTS = size(16, 64)
SENDS = size(800, 20_000)
DROPS, DROP = size(400, 10_000), 5
PAIRS = size(48, 500)
LANES = 16  # pairs that are under way at once

Record = Callable[[str, object], None]
Room = tuple[User, User, Stream]


@pytest.fixture
def room(committed: None) -> Room:
    fan = person("alice", date_joined=timezone.now() - timedelta(days=30))
    creator = person("bob", is_creator=True)
    Creator.objects.create(user=creator, trust="trusted")
    return fan, creator, go_live(creator=creator, title="Night")


@pytest.fixture(params=[False, True], ids=["each alone", "micro-batching"])
def micro_batching(request: pytest.FixtureRequest, settings: Settings) -> bool:
    settings.MICRO_BATCHING = request.param
    return bool(request.param)


def press(room: Room, key: uuid.UUID, quantity: int) -> Sent | DomainError:
    """Send pebbles of one coin each; a refusal is returned, not raised."""
    fan, _, stream = room
    try:
        return send_gift(fan=fan, stream=stream, gift="pebble", key=key, quantity=quantity)
    except DomainError as refusal:
        return refusal


def all_at_once(clients: int, work: Callable[[int], None]) -> float:
    """Run `work(n)` in as many threads with a connection each and return the seconds it took."""
    began = time.monotonic()
    together(work, clients)
    return time.monotonic() - began


@contextmanager
def watched(account: int) -> Iterator[list[int]]:
    """Read a balance without pause from beside; the list holds every value that was seen."""
    seen: list[int] = []
    enough = threading.Event()

    def look() -> None:
        beside = connection.copy()
        try:
            with beside.cursor() as cursor:
                while not enough.is_set():
                    cursor.execute("SELECT balance FROM ledger_account WHERE id = %s", [account])
                    seen.append(cursor.fetchone()[0])
        finally:
            beside.close()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        enough.set()
        watcher.join()


def test_a_wallet_pays_exactly_what_fits(
    room: Room, micro_batching: bool, record_property: Record
) -> None:
    """More is asked for than is there: what is accepted and what is left is what was there.

    No send may meet the constraint behind the lock: that would be an accident, not a refusal.
    """
    fan, creator, _ = room
    chance = random.Random(20_000)
    wants = [chance.randint(1, 9) for _ in range(SENDS)]
    coins = sum(wants) * 2 // 3
    give_coins(fan, coins)
    account = ledger.account_id("coins", "COIN", fan.pk)
    answers: list[Sent | DomainError | None] = [None] * SENDS

    def send_my_share(number: int) -> None:
        for n in range(number, SENDS, CLIENTS):
            answers[n] = press(room, uuid.uuid4(), wants[n])

    with watched(account) as seen:
        seconds = all_at_once(CLIENTS, send_my_share)

    refused = [a for a in answers if isinstance(a, DomainError)]
    refused_wants = [w for w, a in zip(wants, answers, strict=True) if isinstance(a, DomainError)]
    accepted = [w for w, a in zip(wants, answers, strict=True) if isinstance(a, Sent)]
    left = ledger.balance("coins", "COIN", fan.pk)
    record_property(
        "clients, sends, accepted, refused", (CLIENTS, SENDS, len(accepted), len(refused))
    )
    record_property("coins before, spent, left", (coins, sum(accepted), left))
    record_property("balance read", f"{len(seen)} times, lowest {min(seen)}")
    record_property("seconds", round(seconds, 1))
    assert len(accepted) + len(refused) == SENDS
    assert {refusal.code for refusal in refused} == {"insufficient_coins"}
    assert min(seen) >= 0
    assert seen == sorted(seen, reverse=True), "a balance that is only spent from grew"
    assert sum(accepted) + left == coins
    assert left < min(refused_wants), "a send that fitted was refused"
    assert sum(SentGift.objects.values_list("coins", flat=True)) == sum(accepted)
    assert Event.objects.filter(kind="gift").count() == len(accepted)
    assert ledger.balance("diamonds_held", "DIAMOND", creator.pk) == sum(accepted)
    assert not checks.run()


def test_a_wallet_that_is_filled_by_drops_is_never_overdrawn(
    room: Room, micro_batching: bool, record_property: Record
) -> None:
    """Always nearly empty, so that every send meets others at the edge."""
    fan, creator, _ = room
    give_coins(fan, DROP)
    account = ledger.account_id("coins", "COIN", fan.pk)
    answers: list[Sent | DomainError | None] = [None] * DROPS

    def send_my_share(number: int) -> None:
        for n in range(number, DROPS, CLIENTS):
            answers[n] = press(room, uuid.uuid4(), 1 + n % 9)

    load = Load()
    load.keep("drops", lambda: give_coins(fan, DROP))
    with watched(account) as seen:
        all_at_once(CLIENTS, send_my_share)
    load.end()
    given = DROP * (1 + load.done["drops"])
    spent = sum(a.gift.coins for a in answers if isinstance(a, Sent))
    refused = [a for a in answers if isinstance(a, DomainError)]
    record_property("sends, refused", (DROPS, len(refused)))
    record_property("coins given, spent", (given, spent))
    record_property("balance read", f"{len(seen)} times, lowest {min(seen)}")
    assert {refusal.code for refusal in refused} == {"insufficient_coins"}
    assert min(seen) >= 0
    assert ledger.balance("coins", "COIN", fan.pk) == given - spent
    assert ledger.balance("diamonds_held", "DIAMOND", creator.pk) == spent
    assert not checks.run()


def pairs(press_both: Callable[[int, int], object]) -> list[list[object]]:
    """Let two hands do `press_both(pair, hand)` at the same moment, pair after pair."""
    answers: list[list[object]] = [[None, None] for _ in range(PAIRS)]
    starts = [threading.Barrier(2) for _ in range(LANES)]

    def hand(number: int) -> None:
        lane, which = divmod(number, 2)
        for pair in range(lane, PAIRS, LANES):
            starts[lane].wait()
            answers[pair][which] = press_both(pair, which)

    all_at_once(2 * LANES, hand)
    return answers


def test_of_one_key_at_once_both_get_the_one_answer(
    room: Room, micro_batching: bool, record_property: Record
) -> None:
    fan, _, _ = room
    give_coins(fan, 5 * PAIRS)
    keys = [uuid.uuid4() for _ in range(PAIRS)]
    answers = pairs(lambda pair, _: press(room, keys[pair], 3))
    for key, both in zip(keys, answers, strict=True):
        first, second = both
        assert isinstance(first, Sent), first
        assert isinstance(second, Sent), second
        assert {first.already, second.already} == {False, True}
        assert first.gift.public_id == second.gift.public_id == key
        assert facts(first.gift) == facts(second.gift)
    record_property(
        "pairs, gifts, events",
        (PAIRS, SentGift.objects.count(), Event.objects.filter(kind="gift").count()),
    )
    assert SentGift.objects.count() == PAIRS
    assert Event.objects.filter(kind="gift").count() == PAIRS
    assert Posting.objects.filter(kind="gift").count() == PAIRS
    assert ledger.balance("coins", "COIN", fan.pk) == 2 * PAIRS
    assert not checks.run()


def facts(gift: SentGift) -> dict[str, object]:
    """Return every column of a gift."""
    return {field.attname: getattr(gift, field.attname) for field in gift._meta.concrete_fields}


def test_of_one_key_at_once_for_two_things_one_is_refused(
    room: Room, micro_batching: bool, record_property: Record
) -> None:
    """The second is told so (422); neither coins nor a row are its doing."""
    fan, _, _ = room
    give_coins(fan, 5 * PAIRS)
    keys = [uuid.uuid4() for _ in range(PAIRS)]
    answers = pairs(lambda pair, hand: press(room, keys[pair], 1 + hand))
    sent = 0
    for both in answers:
        (done,) = (a for a in both if isinstance(a, Sent))
        (refused,) = (a for a in both if isinstance(a, DomainError))
        assert (refused.code, refused.status, done.already) == ("key_reused", 422, False)
        sent += done.gift.coins
    written = rows()
    assert written["gifts"] == written["events"] == written["gift postings"] == PAIRS
    assert ledger.balance("coins", "COIN", fan.pk) == 5 * PAIRS - sent
    for key in keys:
        refusal = press(room, key, 7)
        assert isinstance(refusal, ledger.KeyReused)
    record_property("pairs, refused at once, refused later", (PAIRS, PAIRS, PAIRS))
    assert rows() == written
    assert ledger.balance("coins", "COIN", fan.pk) == 5 * PAIRS - sent
    assert not checks.run()


def rows() -> dict[str, int]:
    """Return how much was ever written."""
    return {
        "gifts": SentGift.objects.count(),
        "events": Event.objects.filter(kind="gift").count(),
        "gift postings": Posting.objects.filter(kind="gift").count(),
        "postings": Posting.objects.count(),
        "transfers": Transfer.objects.count(),
    }
