"""Sets: many sends in one statement, each answered as if they had come one after the other."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import ledger
from accounts.models import SpendingLimit, User
from conftest import give_coins, person
from foundation.errors import DomainError
from gifts.models import GiftPolicy, SentGift
from gifts.sending.send import Send, Sent
from gifts.sending.services import send_batch, send_gift, undo_gift
from ledger import checks
from live.models import Event, Stream
from live.streams.services import end, go_live

pytestmark = pytest.mark.django_db


def coins(user: User) -> int:
    return ledger.balance("coins", "COIN", user.pk)


def give_bonus(user: User, amount: int) -> None:
    ledger.post_one(
        key=f"bonus:{uuid.uuid4()}",
        kind="bonus",
        legs=[
            ledger.Leg(
                "COIN",
                ledger.account_id("bonus_issued", "COIN"),
                ledger.account_id("bonus_coins", "COIN", user.pk),
                amount,
            )
        ],
    )


def said(outcome: Sent | DomainError) -> str:
    """Return in a word what became of a send."""
    if isinstance(outcome, DomainError):
        return outcome.code
    return "already" if outcome.already else "done"


def words(outcomes: Sequence[Sent | DomainError]) -> list[str]:
    return [said(outcome) for outcome in outcomes]


@pytest.fixture
def press(alice: User, stream: Stream) -> Callable[..., Send]:
    """Return what makes one of Alice's presses into Bob's stream."""

    def make(gift: str = "moss-frog", **fields: Any) -> Send:
        plain: dict[str, Any] = {"fan": alice, "stream": stream, "key": uuid.uuid4()}
        return Send(gift=gift, **plain | fields)

    return make


def test_no_sends_no_answers(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert send_batch([]) == []
    assert not asked.captured_queries


def test_a_combo_is_one_statement_and_each_press_its_own_gift(
    alice: User, press: Callable[..., Send]
) -> None:
    combo = uuid.uuid4()
    sends = [press(combo=combo) for _ in range(20)]
    with CaptureQueriesContext(connection) as asked:
        outcomes = send_batch(sends)
    assert len(asked.captured_queries) == 1
    assert words(outcomes) == ["done"] * 20
    assert [sent.gift.public_id for sent in outcomes if isinstance(sent, Sent)] == [
        send.key for send in sends
    ]
    assert [sent.balance for sent in outcomes if isinstance(sent, Sent)] == list(
        range(4_975, 4_475, -25)
    )
    assert coins(alice) == 4_500
    assert not checks.run()


def test_the_room_hears_of_them_in_the_order_of_the_presses(
    press: Callable[..., Send], stream: Stream
) -> None:
    gifts = ["pebble", "moss-frog", "pebble", "pocket-rain", "moss-frog"]
    sends = [press(gift) for gift in gifts]
    send_batch(sends)
    events = Event.objects.filter(stream=stream, kind="gift").order_by("pk")
    assert [event.payload["id"] for event in events] == [str(send.key) for send in sends]
    rows = SentGift.objects.order_by("pk")
    assert [row.public_id for row in rows] == [send.key for send in sends]


def test_one_that_is_refused_refuses_only_itself(
    alice: User, press: Callable[..., Send], stream: Stream
) -> None:
    before = press("pebble")
    send_gift(fan=alice, stream=stream, gift="pebble", key=before.key)
    twice = press("pebble")
    sends = [
        press(),
        press("no-such"),
        before,
        press("tide-hello"),
        twice,
        press(quantity=0),
        twice,
        replace(twice, quantity=2),
        press(stream=uuid.uuid4()),
        press("neon-umbrella", quantity=2),
        press(),
    ]
    outcomes = send_batch(sends)
    assert words(outcomes) == [
        "done",
        "unknown_gift",
        "already",
        "confirm_first",
        "done",
        "bad_quantity",
        "already",
        "key_reused",
        "stream_ended",
        "bad_quantity",
        "done",
    ]
    details = {said(one): one.detail for one in outcomes if isinstance(one, DomainError)}
    assert details["confirm_first"] == "Tide Hello costs 700 coins. Confirm to send it."
    assert coins(alice) == 5_000 - 1 - 25 - 1 - 25
    assert SentGift.objects.count() == 4
    assert Event.objects.filter(kind="gift").count() == 4
    assert not checks.run()


def test_a_key_twice_in_a_batch_sends_once(alice: User, press: Callable[..., Send]) -> None:
    twice = press()
    first, again = send_batch([twice, twice])
    assert words([first, again]) == ["done", "already"]
    assert isinstance(first, Sent)
    assert isinstance(again, Sent)
    assert first.gift == again.gift
    assert coins(alice) == 4_975


def test_a_press_that_comes_again_in_its_batch_takes_no_coins_from_the_next(
    carol: User, press: Callable[..., Send]
) -> None:
    """As when an answer is lost, and the press meets itself among others."""
    give_coins(carol, 50)
    first, second = press(fan=carol), press(fan=carol)
    outcomes = send_batch([first, first, second, first, second])
    assert words(outcomes) == ["done", "already", "done", "already", "already"]
    assert [one.balance for one in outcomes if isinstance(one, Sent)] == [25, 25, 0, 0, 0]
    assert coins(carol) == 0
    assert not checks.run()


def test_a_key_is_its_first_sender_s(alice: User, carol: User, press: Callable[..., Send]) -> None:
    give_coins(carol, 100)
    mine = press()
    assert words(send_batch([mine, replace(mine, fan=carol)])) == ["done", "key_reused"]
    assert (coins(alice), coins(carol)) == (4_975, 100)
    assert not checks.run()


def test_coins_run_out_in_the_middle_and_what_still_fits_goes(
    carol: User, press: Callable[..., Send]
) -> None:
    give_coins(carol, 60)
    gifts = ["moss-frog", "moss-frog", "moss-frog", "pebble", "moss-frog", "pebble"]
    outcomes = send_batch([press(gift, fan=carol) for gift in gifts])
    short = "insufficient_coins"
    assert words(outcomes) == ["done", "done", short, "done", short, "done"]
    refused = [one.detail for one in outcomes if isinstance(one, DomainError)]
    assert refused == [
        "You have 10 coins. This gift needs 25.",
        "You have 9 coins. This gift needs 25.",
    ]
    assert coins(carol) == 8
    assert not checks.run()


def test_bonus_coins_go_first_across_a_batch(carol: User, press: Callable[..., Send]) -> None:
    give_coins(carol, 100)
    give_bonus(carol, 60)
    outcomes = send_batch([press(fan=carol) for _ in range(4)])
    parts = [(one.gift.bonus_coins, one.balance) for one in outcomes if isinstance(one, Sent)]
    assert parts == [(25, 135), (25, 110), (10, 85), (0, 60)]
    assert (ledger.balance("bonus_coins", "COIN", carol.pk), coins(carol)) == (0, 60)
    assert not checks.run()


@pytest.mark.parametrize("span", ["day", "week", "month"])
def test_an_own_limit_lets_through_exactly_what_fits(
    alice: User, press: Callable[..., Send], span: str
) -> None:
    send_batch([press()])
    SpendingLimit.objects.create(user=alice, span=span, coins=90)
    gifts = ["moss-frog", "moss-frog", "moss-frog", "pebble", "pocket-rain", "pebble"]
    outcomes = send_batch([press(gift) for gift in gifts])
    over = "over_spending_limit"
    assert words(outcomes) == ["done", "done", over, "done", over, "done"]
    refused = [one for one in outcomes if isinstance(one, DomainError)]
    assert [one.facts["used"] for one in refused] == [75, 76]
    assert coins(alice) == 5_000 - 77


def test_a_limit_for_one_gift_looks_at_each(alice: User, press: Callable[..., Send]) -> None:
    SpendingLimit.objects.create(user=alice, span="gift", coins=30)
    outcomes = send_batch([press(), press("pocket-rain"), press()])
    assert words(outcomes) == ["done", "over_spending_limit", "done"]


def test_several_fans_in_a_batch_pay_each_from_their_own(
    alice: User, bob: User, carol: User, press: Callable[..., Send], stream: Stream
) -> None:
    give_coins(carol, 30)
    closed = person("eve", is_active=False)
    give_coins(closed, 100)
    give_coins(bob, 100)
    sends = [
        press(),
        press(fan=carol),
        press(fan=closed),
        press(fan=bob),
        press(),
        press(fan=carol),
        press("pebble", fan=carol),
    ]
    assert words(send_batch(sends)) == [
        "done",
        "done",
        "account_closed",
        "gift_to_self",
        "done",
        "insufficient_coins",
        "done",
    ]
    assert [coins(user) for user in (alice, bob, carol, closed)] == [4_950, 100, 4, 100]
    assert not checks.run()


def test_a_stream_that_ended_takes_none_and_another_takes_its_own(
    bob: User, press: Callable[..., Send], stream: Stream
) -> None:
    end(creator=bob, stream=stream)
    other = go_live(creator=bob, title="Another night")
    outcomes = send_batch([press(), press(stream=other), press()])
    assert words(outcomes) == ["stream_ended", "done", "stream_ended"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"message": "a\0b"}, "bad_message"),
        ({"message": "\ud83d"}, "bad_message"),
        ({"message": "m" * 301}, "bad_message"),
        ({"gift": "moss\0frog"}, "unknown_gift"),
        ({"quantity": 10**30}, "bad_quantity"),
        ({"quantity": -(10**30)}, "bad_quantity"),
    ],
)
def test_what_the_database_cannot_read_costs_the_others_nothing(
    alice: User, press: Callable[..., Send], fields: dict[str, Any], code: str
) -> None:
    outcomes = send_batch([press(), press(**fields), press(message="m" * 40)])
    assert words(outcomes) == ["done", code, "done"]
    assert coins(alice) == 4_950


def test_each_of_a_batch_can_be_taken_back_by_itself(
    alice: User, press: Callable[..., Send], stream: Stream
) -> None:
    give_bonus(alice, 30)
    sends = [press() for _ in range(4)]
    send_batch(sends)
    undo_gift(fan=alice, key=sends[1].key)
    assert (coins(alice), ledger.balance("bonus_coins", "COIN", alice.pk)) == (4_950, 5)
    # What was taken back is answered as sent: it is not sent again.
    assert words(send_batch([sends[1], press()])) == ["already", "done"]
    assert SentGift.objects.count() == 5
    assert not checks.run()


def test_a_batch_that_is_rolled_back_never_was(alice: User, press: Callable[..., Send]) -> None:
    with transaction.atomic():
        send_batch([press() for _ in range(3)])
        transaction.set_rollback(True)
    assert coins(alice) == 5_000
    assert not SentGift.objects.exists()


# --- A twin world: the same list in a batch, and one by one ------------------------------------

KEYS = range(6)  # of each fan; many of a list are pressed twice
COMBOS = [None, uuid.UUID(int=77)]


SENDS = some.fixed_dictionaries(
    {
        "fan": some.sampled_from(["few", "bonus", "bound", "poor", "bob"]),
        "stream": some.sampled_from(["on", "on", "on", "over", "never"]),
        "gift": some.sampled_from(
            ["pebble", "moss-frog", "moss-frog", "pocket-rain", "neon-umbrella", "no-such"]
        ),
        "key": some.sampled_from(KEYS),
        "quantity": some.sampled_from([1, 1, 1, 1, 2, 3, 13, 0]),
        "message": some.sampled_from(["", "", "Play on!", "\0"]),
        "combo": some.sampled_from(COMBOS),
        "anonymous": some.booleans(),
        "confirmed": some.booleans(),
    }
)


def key_of(handle: str, number: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{handle} {number}")


def told(outcome: Sent | DomainError) -> dict[str, Any]:
    """Return all of an outcome but its row numbers and times."""
    if isinstance(outcome, DomainError):
        return {"said": outcome.code, "detail": outcome.detail}
    return {"said": said(outcome), "balance": outcome.balance, **row(outcome.gift)}


ROW_NUMBERS_AND_TIMES = {"id", "posting_id", "created_at", "undo_until", "release_at"}


def row(gift: SentGift) -> dict[str, Any]:
    names = {field.attname for field in SentGift._meta.concrete_fields} - ROW_NUMBERS_AND_TIMES
    return {name: getattr(gift, name) for name in sorted(names)}


def world_after() -> dict[str, Any]:
    """Return what was written, each fan's in its order."""
    gifts = SentGift.objects.order_by("fan_id", "pk")
    events = [
        {name: fact for name, fact in event.payload.items() if name != "at"}
        for event in Event.objects.filter(kind="gift").order_by("pk")
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner_id, kind, b FROM ledger_account, ledger_balance(id) b WHERE b <> 0"
        )
        books = {(owner, kind): balance for owner, kind, balance in cursor.fetchall()}
    return {
        "books": books,
        "gifts": [row(gift) for gift in gifts],
        "events": sorted(events, key=lambda event: str(event["handle"])),
        "checks": checks.run(),
    }


def in_a_world(
    sends: list[Send], run: Callable[[list[Send]], list[Any]]
) -> tuple[list[Any], dict[str, Any]]:
    """Run, look at everything, and undo it all."""
    with transaction.atomic():
        outcomes = [told(outcome) for outcome in run(sends)]
        after = world_after()
        transaction.set_rollback(True)
    return outcomes, after


def one_by_one(sends: list[Send]) -> list[Sent | DomainError]:
    return [send_batch([send])[0] for send in sends]


@pytest.fixture
def twin(bob: User) -> tuple[dict[str, User], dict[str, Stream | uuid.UUID]]:
    """People with few coins or narrow limits, a stream that is over and one on air."""
    GiftPolicy.objects.update(confirm_from_coins=300)
    old = timezone.now() - timedelta(days=30)
    users = {name: person(name, date_joined=old) for name in ("few", "bonus", "bound", "poor")}
    give_coins(users["few"], 120)
    give_coins(users["bonus"], 40)
    give_bonus(users["bonus"], 60)
    give_coins(users["bound"], 1_000)
    give_coins(bob, 100)
    SpendingLimit.objects.create(user=users["bound"], span="day", coins=110)
    SpendingLimit.objects.create(user=users["bound"], span="gift", coins=60)
    over = go_live(creator=bob, title="Yesterday")
    end(creator=bob, stream=over)
    on_air = go_live(creator=bob, title="Today")
    # Some keys were seen before.
    send_batch([Send(fan=users["few"], stream=on_air, gift="pebble", key=key_of("few", 0))])
    return {**users, "bob": bob}, {"on": on_air, "over": over, "never": uuid.UUID(int=5)}


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=some.lists(SENDS, max_size=12))
def test_a_batch_is_answered_as_if_its_sends_had_come_one_after_the_other(
    twin: tuple[dict[str, User], dict[str, Any]], plan: list[dict[str, Any]]
) -> None:
    users, streams = twin
    sends = [
        Send(
            **one
            | {
                "fan": users[one["fan"]],
                "stream": streams[one["stream"]],
                "key": key_of(one["fan"], one["key"]),
            }
        )
        for one in plan
    ]
    together = in_a_world(sends, send_batch)
    apart = in_a_world(sends, one_by_one)
    assert together[0] == apart[0]
    assert together[1] == apart[1]
    assert together[1]["checks"] == []
