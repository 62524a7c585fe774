"""A fan's own bounds where gifts are sent: a limit for one creator, and a pause."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import ledger
from accounts.models import Creator, SpendingLimit, SpendingPause, User
from accounts.pauses import take_pause
from conftest import person
from foundation.errors import DomainError
from gifts.models import Gift, SentGift
from gifts.sending import refusals
from gifts.sending.send import Send, Sent
from gifts.sending.services import send_batch, send_gift, undo_gift
from gifts.tray.tiles import tiles_for
from live.models import Stream
from live.streams.services import go_live

pytestmark = pytest.mark.django_db


def send(fan: User, stream: Stream, gift: str = "moss-frog") -> SentGift:
    return send_gift(fan=fan, stream=stream, gift=gift, key=uuid.uuid4()).gift


@pytest.fixture
def others_room(db: None) -> Stream:
    """A room of another creator."""
    other = person("max", is_creator=True)
    Creator.objects.create(user=other)
    return go_live(creator=other, title="Max sings")


@pytest.mark.parametrize("span", ["day", "week", "month"])
def test_a_limit_for_one_creator_bounds_gifts_to_them_alone(
    alice: User, bob: User, stream: Stream, others_room: Stream, span: str
) -> None:
    SpendingLimit.objects.create(user=alice, span=span, coins=60, creator=bob)
    for _ in range(4):
        send(alice, others_room)  # 100 coins to another creator count for nothing here
    send(alice, stream)
    send(alice, stream)
    with pytest.raises(refusals.OverCreatorLimit) as refusal:
        send(alice, stream)
    words = dict(SpendingLimit.Span.choices)[span]
    assert refusal.value.detail == (
        f"Your spending limit for this creator is 60 coins {words}. You have sent 50."
    )
    assert refusal.value.code == "over_spending_limit"
    assert send(alice, stream, "clap-crab").coins == 9
    assert send(alice, others_room)


def test_what_was_undone_or_sent_long_ago_counts_no_more(
    alice: User, bob: User, stream: Stream
) -> None:
    SpendingLimit.objects.create(user=alice, span="day", coins=25, creator=bob)
    undo_gift(fan=alice, key=send(alice, stream).public_id)
    old = send(alice, stream)
    SentGift.objects.filter(pk=old.pk).update(
        created_at=timezone.now() - timedelta(days=1, hours=1)
    )
    assert send(alice, stream)


def test_a_limit_for_one_creator_counts_what_the_same_batch_sent(
    alice: User, bob: User, stream: Stream, others_room: Stream
) -> None:
    SpendingLimit.objects.create(user=alice, span="week", coins=60, creator=bob)
    rooms = [others_room, stream, others_room, stream, stream, others_room]
    presses = [Send(fan=alice, stream=r, gift="moss-frog", key=uuid.uuid4()) for r in rooms]
    outcomes = send_batch(presses)
    codes = [one.code if isinstance(one, DomainError) else "done" for one in outcomes]
    assert codes == ["done", "done", "done", "done", "over_spending_limit", "done"]
    assert ledger.balance("coins", "COIN", alice.pk) == 5_000 - 5 * 25


def test_a_limit_for_one_gift_to_one_creator(
    alice: User, bob: User, stream: Stream, others_room: Stream
) -> None:
    SpendingLimit.objects.create(user=alice, span="gift", coins=10, creator=bob)
    with pytest.raises(refusals.OverCreatorLimit, match="10 coins per gift"):
        send(alice, stream)
    assert send(alice, others_room)


def test_a_raise_holds_once_its_time_has_come(alice: User, bob: User, stream: Stream) -> None:
    later = timezone.now() + timedelta(hours=1)
    limit = SpendingLimit.objects.create(
        user=alice, span="day", coins=10, next_coins=100, next_at=later, creator=bob
    )
    with pytest.raises(refusals.OverCreatorLimit):
        send(alice, stream)
    SpendingLimit.objects.filter(pk=limit.pk).update(next_at=timezone.now())
    assert send(alice, stream)


def test_the_tray_says_it_before_the_press(
    alice: User, bob: User, stream: Stream, others_room: Stream
) -> None:
    SpendingLimit.objects.create(user=alice, span="day", coins=30, creator=bob)
    send(alice, stream)
    send(alice, others_room)
    frog = Gift.objects.on_offer().filter(slug="moss-frog")
    (here,) = tiles_for(alice, frog, creator=bob)
    assert here.locked.startswith("Your spending limit for this creator is 30 coins a day.")
    assert here.over_own_limit
    (there,) = tiles_for(alice, frog, creator=others_room.creator)
    (anywhere,) = tiles_for(alice, frog)
    assert (there.locked, anywhere.locked) == ("", "")


def test_in_a_pause_nothing_is_sent(alice: User, stream: Stream, client: Client) -> None:
    first = send(alice, stream)
    take_pause(user=alice, length=SpendingPause.Length.GOOD)
    with pytest.raises(refusals.SpendingPaused) as refusal:
        send(alice, stream)
    assert refusal.value.detail == "You paused spending for good. You can still watch and chat."
    assert (refusal.value.code, refusal.value.status) == ("spending_paused", 403)
    again = send_gift(fan=alice, stream=stream, gift="moss-frog", key=first.public_id)
    assert isinstance(again, Sent) and again.already  # what was sent is not asked again
    client.force_login(alice)
    tray = client.get(reverse("gifts:tray", args=[stream.public_id])).content.decode()
    assert "You paused spending." in tray and "/wallet/limits/?next=" in tray
    assert "data-tile" not in tray.replace("data-tiles", "")
    undo_gift(fan=alice, key=first.public_id)
    assert ledger.balance("coins", "COIN", alice.pk) == 5_000


def test_a_pause_that_is_over_holds_nothing(alice: User, stream: Stream) -> None:
    User.objects.filter(pk=alice.pk).update(spending_paused_until=timezone.now())
    assert send(alice, stream)
