"""Sending: what moves, what is refused, what a repeated press gets."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

import ledger
from accounts.ages import reaches
from accounts.models import SpendingLimit, User
from conftest import give_coins
from foundation.errors import DomainError
from gifts.models import Gift, GiftPolicy, GiftPrice, SentGift
from gifts.sending import refusals
from gifts.sending.services import send_gift, thank, undo_gift
from ledger import checks
from ledger.models import Posting
from live.models import Event, Stream
from live.streams.services import end, schedule

pytestmark = pytest.mark.django_db


def held(user: User) -> int:
    return ledger.balance("diamonds_held", "DIAMOND", user.pk)


def coins(user: User) -> int:
    return ledger.balance("coins", "COIN", user.pk)


def test_a_gift_moves_coins_and_diamonds_and_writes_its_event(
    alice: User, bob: User, stream: Stream
) -> None:
    sent = send_gift(
        fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), message="Play on!"
    )
    assert (sent.gift.coins, sent.gift.diamonds, sent.balance) == (25, 25, 4_975)
    assert (coins(alice), held(bob)) == (4_975, 25)
    event = Event.objects.get(stream=stream, kind="gift")
    assert event.payload["from"] == "Alice"
    assert event.payload["message"] == "Play on!"
    assert sent.gift.release_at.date() == (timezone.now() + timedelta(days=7)).date()
    assert not checks.run()


def test_an_announced_stream_takes_no_gifts_and_is_not_called_ended(alice: User, bob: User) -> None:
    later = timezone.now() + timedelta(days=1)
    soon = schedule(creator=bob, title="Bob plays tomorrow", scheduled_for=later)
    with pytest.raises(refusals.NotOnAirYet):
        send_gift(fan=alice, stream=soon, gift="moss-frog", key=uuid.uuid4())
    assert coins(alice) == 5_000


def test_the_same_key_sends_once(alice: User, bob: User, stream: Stream) -> None:
    key = uuid.uuid4()
    first, again = (send_gift(fan=alice, stream=stream, gift="moss-frog", key=key) for _ in "12")
    assert (first.already, again.already) == (False, True)
    assert first.gift == again.gift
    assert (coins(alice), held(bob)) == (4_975, 25)
    assert Event.objects.filter(stream=stream, kind="gift").count() == 1


def test_the_same_key_for_something_else_is_refused(
    alice: User, carol: User, stream: Stream
) -> None:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    give_coins(carol, 100)
    with pytest.raises(ledger.KeyReused):
        send_gift(fan=alice, stream=stream, gift="moss-frog", key=key, quantity=2)
    with pytest.raises(ledger.KeyReused):
        send_gift(fan=carol, stream=stream, gift="moss-frog", key=key)
    assert (coins(alice), coins(carol)) == (4_975, 100)


def retire(stream: Stream) -> None:
    Gift.objects.filter(slug="moss-frog").update(retired_at=timezone.now())


def finish(stream: Stream) -> None:
    end(creator=stream.creator, stream=stream)


def switch_off(stream: Stream) -> None:
    stream.creator.creator.accepts_gifts = False
    stream.creator.creator.save()


def nothing(stream: Stream) -> None:
    pass


@pytest.mark.parametrize(
    ("before", "wanted", "code", "sentence"),
    [
        (retire, {}, "gift_retired", "Moss Frog is no longer available. Choose another gift."),
        (
            finish,
            {},
            "stream_ended",
            "This stream has ended. You were not charged any coins. See who is live now.",
        ),
        (
            switch_off,
            {},
            "gifts_off",
            "This creator isn't accepting gifts right now. You can still watch and chat.",
        ),
        (
            nothing,
            {"gift": "no-such"},
            "unknown_gift",
            "This gift doesn't exist. Choose one from the catalogue.",
        ),
        (
            nothing,
            {"quantity": 0},
            "bad_quantity",
            "You can send 1 to 99 at a time. Choose another number.",
        ),
        (
            nothing,
            {"quantity": -3},
            "bad_quantity",
            "You can send 1 to 99 at a time. Choose another number.",
        ),
        (
            nothing,
            {"quantity": 100},
            "bad_quantity",
            "You can send 1 to 99 at a time. Choose another number.",
        ),
        (
            nothing,
            {"gift": "clockwork-fox", "quantity": 2},
            "bad_quantity",
            "You can send 1 to 1 at a time. Choose another number.",
        ),
        (
            nothing,
            {"gift": "clockwork-fox"},
            "confirm_first",
            "Clockwork Fox costs 1,000 coins. Confirm to send it.",
        ),
        (
            nothing,
            {"gift": "great-lighthouse", "confirmed": True},
            "insufficient_coins",
            "You have 5,000 coins. This gift needs 6,000.",
        ),
    ],
)
def test_a_refused_gift_says_why_and_changes_nothing(
    alice: User,
    bob: User,
    stream: Stream,
    before: Callable[[Stream], None],
    wanted: dict[str, Any],
    code: str,
    sentence: str,
) -> None:
    before(stream)
    events = Event.objects.count()
    press: dict[str, Any] = {"fan": alice, "stream": stream, "gift": "moss-frog"}
    with pytest.raises(DomainError) as refusal:
        send_gift(**press | {"key": uuid.uuid4()} | wanted)
    assert (refusal.value.code, refusal.value.detail) == (code, sentence)
    assert (coins(alice), held(bob)) == (5_000, 0)
    assert not SentGift.objects.exists()
    assert Event.objects.count() == events
    assert not Posting.objects.filter(kind="gift").exists()


def test_nobody_gifts_themselves(bob: User, stream: Stream) -> None:
    give_coins(bob, 100)
    with pytest.raises(refusals.GiftToSelf):
        send_gift(fan=bob, stream=stream, gift="moss-frog", key=uuid.uuid4())
    assert coins(bob) == 100


def test_the_constraint_refuses_a_gift_to_oneself_too(alice: User, stream: Stream) -> None:
    sent = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift
    with pytest.raises(DatabaseError, match="gift_to_somebody_else"), transaction.atomic():
        SentGift.objects.filter(pk=sent.pk).update(creator=alice)


@pytest.mark.parametrize(("days_short", "refused"), [(1, True), (0, False)])
def test_gifts_are_for_people_of_their_country_s_age(
    alice: User, stream: Stream, days_short: int, refused: bool
) -> None:
    assert alice.country
    today = timezone.now().date()
    grown_up = reaches(today, -alice.country.minimum_age)
    alice.date_of_birth = grown_up + timedelta(days=days_short)
    alice.save()
    if refused:
        with pytest.raises(refusals.TooYoung, match="must be 18 to send gifts"):
            send_gift(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4())
        assert coins(alice) == 5_000
    else:
        send_gift(fan=alice, stream=stream, gift="pebble", key=uuid.uuid4())


def test_a_new_fan_has_a_lower_limit_for_one_gift(alice: User, stream: Stream) -> None:
    alice.date_joined = timezone.now()
    alice.save()
    with pytest.raises(refusals.OverNewFanLimit, match="up to 2,000 coins"):
        send_gift(fan=alice, stream=stream, gift="storm-choir", key=uuid.uuid4(), confirmed=True)


def test_a_fan_s_own_limit_holds_and_a_raise_waits(alice: User, stream: Stream) -> None:
    limit = SpendingLimit.objects.create(user=alice, span="day", coins=40)
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    with pytest.raises(refusals.OverSpendingLimit, match=r"40 coins a day\. You have sent 25"):
        send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    limit.next_coins, limit.next_at = 100, timezone.now() + timedelta(hours=24)
    limit.save()
    with pytest.raises(refusals.OverSpendingLimit):
        send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    SpendingLimit.objects.update(next_at=timezone.now())
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    assert coins(alice) == 4_950


def test_bonus_coins_go_first(alice: User, stream: Stream) -> None:
    ledger.post_one(
        key="bonus",
        kind="bonus",
        legs=[
            ledger.Leg(
                "COIN",
                ledger.account_id("bonus_issued", "COIN"),
                ledger.account_id("bonus_coins", "COIN", alice.pk),
                10,
            )
        ],
    )
    sent = send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    assert (sent.gift.bonus_coins, coins(alice)) == (10, 4_985)
    assert ledger.balance("bonus_coins", "COIN", alice.pk) == 0
    undo_gift(fan=alice, key=sent.gift.public_id)
    assert ledger.balance("bonus_coins", "COIN", alice.pk) == 10
    assert not checks.run()


def test_a_new_price_counts_from_its_time(alice: User, stream: Stream) -> None:
    frog = Gift.objects.get(slug="moss-frog")
    GiftPrice.objects.create(gift=frog, coins=30, valid_from=timezone.now() + timedelta(hours=1))
    assert send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift.coins == 25
    GiftPrice.objects.create(gift=frog, coins=27, valid_from=timezone.now())
    assert send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4()).gift.coins == 27


def test_from_how_many_coins_the_undo_is_longer_stands_in_the_rules(
    alice: User, stream: Stream
) -> None:
    GiftPolicy.objects.update(undo_large_from_coins=25)
    frog, pebble = (
        send_gift(fan=alice, stream=stream, gift=slug, key=uuid.uuid4()).gift
        for slug in ("moss-frog", "pebble")
    )
    assert frog.undo_until - frog.created_at == timedelta(seconds=10)
    assert pebble.undo_until - pebble.created_at == timedelta(seconds=5)


def test_without_its_rules_nothing_is_sent(alice: User, stream: Stream) -> None:
    GiftPolicy.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    assert not SentGift.objects.exists()


def test_a_gift_can_be_taken_back_once_within_its_window(
    alice: User, bob: User, stream: Stream
) -> None:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    for _ in range(2):
        assert undo_gift(fan=alice, key=key).undone_at
    assert (coins(alice), held(bob)) == (5_000, 0)
    assert Event.objects.filter(kind="undo").count() == 1
    again = send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    assert again.already
    assert coins(alice) == 5_000
    assert not checks.run()


def test_after_the_window_a_gift_stays(alice: User, bob: User, stream: Stream) -> None:
    key = uuid.uuid4()
    send_gift(
        fan=alice,
        stream=stream,
        gift="moss-frog",
        key=key,
        sent_at=timezone.now() - timedelta(seconds=6),
    )
    with pytest.raises(refusals.UndoTooLate):
        undo_gift(fan=alice, key=key)
    assert (coins(alice), held(bob)) == (4_975, 25)


def test_nobody_takes_back_what_others_sent(alice: User, carol: User, stream: Stream) -> None:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    with pytest.raises(SentGift.DoesNotExist):
        undo_gift(fan=carol, key=key)
    with pytest.raises(SentGift.DoesNotExist):
        thank(creator=carol, key=key)


def test_the_room_sees_one_thanks(alice: User, bob: User, stream: Stream) -> None:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key, anonymous=True)
    for _ in range(2):
        thank(creator=bob, key=key)
    (event,) = Event.objects.filter(kind="thanks")
    assert event.payload["to"] is None


def test_what_was_taken_back_is_not_thanked_for(alice: User, bob: User, stream: Stream) -> None:
    key = uuid.uuid4()
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=key)
    undo_gift(fan=alice, key=key)
    with pytest.raises(refusals.AlreadyUndone):
        thank(creator=bob, key=key)


def test_sending_is_one_statement(alice: User, stream: Stream, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    assert connection.vendor == "postgresql"
