"""Gifts on a replay: where they stand, what is refused, and that nothing of them is live."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

import ledger
from accounts.models import SpendingLimit, User
from accounts.suspension import suspend
from conftest import give_coins
from foundation.errors import DomainError
from gifts.blocking import block_sender
from gifts.earnings.on_replays import OnReplay, on_replays
from gifts.models import SentGift
from gifts.sending import refusals
from gifts.sending.on_replay import shown_on_replay
from gifts.sending.send import Send, Sent
from gifts.sending.services import send_batch, send_gift, thank, undo_gift
from gifts.tests.on_replay import moment_of, over
from ledger import checks
from live.feed import table
from live.models import Event, Stream
from live.moderation import blocks
from live.streams.after_end import take_gifts
from live.streams.services import end
from live.tests.adults import of_sixteen

pytestmark = pytest.mark.django_db


def send(fan: User, stream: Stream, second: float = 60, **more: Any) -> SentGift:
    press: dict[str, Any] = {
        "gift": "moss-frog",
        "key": uuid.uuid4(),
        "moment": moment_of(stream, second),
    } | more
    return send_gift(fan=fan, stream=stream, **press).gift


def coins(user: User) -> int:
    return ledger.balance("coins", "COIN", user.pk)


def held(user: User) -> int:
    return ledger.balance("diamonds_held", "DIAMOND", user.pk)


def test_a_gift_on_a_replay_stands_at_its_moment_and_is_paid_like_any_other(
    alice: User, bob: User
) -> None:
    stream = over(bob)
    sent = send(alice, stream, 90, message="Still good!")
    assert (coins(alice), held(bob)) == (4_975, 25)
    assert sent.moment == moment_of(stream, 90)
    assert timezone.now() - sent.created_at < timedelta(minutes=1)
    assert sent.release_at == sent.created_at + timedelta(days=7)
    event = Event.objects.get(stream=stream)
    assert (event.kind, event.moment) == ("gift", sent.moment)
    assert event.created_at == sent.created_at
    assert (event.payload["message"], event.payload["from"]) == ("Still good!", "Alice")
    assert not checks.run()


@pytest.mark.parametrize(("second", "stands_at"), [(-500, 0), (0, 0), (7_200, 7_200), (9e5, 7_200)])
def test_a_moment_outside_the_stream_is_its_nearest_one(
    alice: User, bob: User, second: float, stands_at: float
) -> None:
    stream = over(bob)
    assert send(alice, stream, second).moment == moment_of(stream, stands_at)


def test_the_same_key_is_the_same_gift_only_at_the_same_moment(alice: User, bob: User) -> None:
    stream, key = over(bob), uuid.uuid4()
    first = send(alice, stream, 60, key=key)
    assert send(alice, stream, 60, key=key) == first
    take_gifts(creator_id=bob.pk, until={})
    assert send(alice, stream, 60, key=key) == first  # answered again when it takes no more
    with pytest.raises(ledger.KeyReused):
        send(alice, stream, 61, key=key)
    with pytest.raises(ledger.KeyReused):
        send(alice, stream, key=key, moment=None)
    assert coins(alice) == 4_975


def test_a_gift_s_key_remembers_its_moment(alice: User, bob: User) -> None:
    sent = send(alice, over(bob))
    assert not checks.run()
    later = moment_of(sent.stream, 61)
    SentGift.objects.filter(pk=sent.pk).update(moment=later)
    assert [row["id"] for breach in checks.run() for row in breach.rows] == [sent.pk]


def closed(stream: Stream) -> None:
    take_gifts(creator_id=stream.creator_id, until={})


def expired(stream: Stream) -> None:
    Stream.objects.filter(pk=stream.pk).update(gifts_until=timezone.now() - timedelta(seconds=1))


def suspended(stream: Stream) -> None:
    suspend(stream.creator)


def switched_off(stream: Stream) -> None:
    stream.creator.creator.accepts_gifts = False
    stream.creator.creator.save()


def for_adults(stream: Stream) -> None:
    Stream.objects.filter(pk=stream.pk).update(adults_only=True)


def untouched(stream: Stream) -> None:
    pass


@pytest.mark.parametrize(
    ("before", "wanted", "code"),
    [
        (closed, {}, "replay_closed"),
        (expired, {}, "replay_closed"),
        (suspended, {}, "replay_closed"),
        (untouched, {"moment": None}, "stream_ended"),
        (switched_off, {}, "gifts_off"),
        (untouched, {"gift": "clockwork-fox"}, "confirm_first"),
        (untouched, {"gift": "great-lighthouse", "confirmed": True}, "insufficient_coins"),
    ],
)
def test_what_is_refused_there_says_why_and_changes_nothing(
    alice: User, bob: User, before: Callable[[Stream], None], wanted: dict[str, Any], code: str
) -> None:
    stream = over(bob)
    before(stream)
    with pytest.raises(DomainError) as refusal:
        send(alice, stream, **wanted)
    assert refusal.value.code == code
    assert (coins(alice), held(bob)) == (5_000, 0)
    assert not SentGift.objects.exists()
    assert not Event.objects.exists()


def test_a_live_stream_has_no_moments_yet(alice: User, stream: Stream) -> None:
    with pytest.raises(refusals.ReplayClosed):
        send(alice, stream)
    send(alice, stream, moment=None)


def test_who_is_kept_out_of_a_stream_is_kept_out_of_its_replay(alice: User, bob: User) -> None:
    stream, minor = over(bob), of_sixteen()
    give_coins(minor, 100)
    give_coins(bob, 100)
    for_adults(stream)
    with pytest.raises(refusals.AdultsOnly):
        send(minor, stream)
    with pytest.raises(refusals.GiftToSelf):
        send(bob, stream)
    SpendingLimit.objects.create(user=alice, span="day", coins=30)
    send(alice, stream)
    with pytest.raises(refusals.OverSpendingLimit):
        send(alice, stream)
    blocks.block(creator=bob, user=alice)
    with pytest.raises(refusals.Blocked):
        send(alice, stream)


def test_what_is_undone_there_is_gone_there(alice: User, bob: User) -> None:
    stream = over(bob)
    sent = send(alice, stream)
    undo_gift(fan=alice, key=sent.public_id)
    assert (coins(alice), held(bob)) == (5_000, 0)
    assert list(stream.events.order_by("pk").values_list("kind", "moment")) == [
        ("gift", sent.moment),
        ("undo", sent.moment),
    ]
    assert not checks.run()


def test_a_thanks_stands_with_its_gift(alice: User, bob: User) -> None:
    stream = over(bob)
    sent = send(alice, stream)
    thank(creator=bob, key=sent.public_id)
    said = stream.events.get(kind="thanks")
    assert (said.moment, said.payload["to"]) == (sent.moment, "Alice")


def test_its_sender_can_be_blocked_by_it(alice: User, bob: User) -> None:
    sent = send(alice, over(bob))
    block_sender(by=bob, key=sent.public_id)
    with pytest.raises(refusals.Blocked):
        send(alice, over(bob, title="Another night"))


def test_nothing_of_it_is_live(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """Neither pushed nor found by the event stream, or overlay and console would play it now."""
    pushed: list[Any] = []
    monkeypatch.setattr("live.feed.pubsub.send", lambda *event, **_: pushed.append(event))
    stream = over(bob)
    with django_capture_on_commit_callbacks(execute=True):
        sent = send(alice, stream)
        thank(creator=bob, key=sent.public_id)
        undo_gift(fan=alice, key=sent.public_id)
    assert stream.events.count() == 3
    assert pushed == []
    facts = {"stream": stream.pk, "after": 10**9, "ids": 10**9, "seconds": 60}
    for query, params in (
        (table._NEWEST, [stream.pk, 100]),
        (table._AFTER, [stream.pk, 0, 100]),
        (table._JUST_BEFORE, facts),
        (table._UNKNOWN, [[stream.pk], [0], []]),
    ):
        assert table._rows(query, params) == []


def test_its_sender_s_page_gets_it_with_the_answer(alice: User, bob: User, stream: Stream) -> None:
    end(creator=bob, stream=stream)
    past = over(bob)
    late = send(alice, past)
    told = shown_on_replay([late])
    assert set(told) == {late.public_id}
    assert '"Moss Frog"' in told[late.public_id]
    assert f'"event_id": {past.events.get().pk}' in told[late.public_id]


def test_a_batch_may_hold_several_moments(alice: User, bob: User) -> None:
    stream = over(bob)
    presses = [
        Send(
            fan=alice,
            stream=stream,
            gift="pebble",
            key=uuid.uuid4(),
            moment=moment_of(stream, second) if second else None,
        )
        for second in (5, None, 6)
    ]
    outcomes = send_batch(presses)
    assert [isinstance(one, Sent) for one in outcomes] == [True, False, True]
    assert set(SentGift.objects.values_list("moment", flat=True)) == {
        moment_of(stream, 5),
        moment_of(stream, 6),
    }


def test_its_creator_sees_how_many_came_and_wait(alice: User, bob: User) -> None:
    stream, combo = over(bob), uuid.uuid4()
    assert on_replays([stream.pk]) == {}
    first = send(alice, stream)
    for second in (10, 11):
        send(alice, stream, second, gift="pebble", combo=combo)
    undo_gift(fan=alice, key=send(alice, stream).public_id)
    assert on_replays([stream.pk]) == {stream.pk: OnReplay(3, 27, 2)}
    thank(creator=bob, key=first.public_id)
    assert on_replays([stream.pk]) == {stream.pk: OnReplay(3, 27, 1)}


def test_the_constraints_refuse_what_cannot_be(alice: User, bob: User, stream: Stream) -> None:
    sent = send(alice, over(bob))
    with pytest.raises(DatabaseError, match="gift_on_replay_comes_after"), transaction.atomic():
        SentGift.objects.filter(pk=sent.pk).update(moment=sent.created_at)
    with pytest.raises(DatabaseError, match="gifts_after_the_end_need"), transaction.atomic():
        Stream.objects.filter(pk=stream.pk).update(gifts_until=timezone.now())
