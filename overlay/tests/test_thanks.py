"""Thanks that say themselves: for what, when, and never twice."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from gifts.models import SentGift
from gifts.sending.services import send_gift, thank, undo_gift
from gifts.tests.on_replay import moment_of, over
from live.models import Stream
from live.streams.after_end import take_gifts
from live.streams.services import end
from overlay.models import AlertSettings
from overlay.thanks import thank_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def from_fifty(bob: User) -> None:
    AlertSettings.objects.create(creator=bob, thank_from_coins=50)


def gift(fan: User, stream: Stream, slug: str, combo: uuid.UUID | None = None) -> SentGift:
    return send_gift(fan=fan, stream=stream, gift=slug, key=uuid.uuid4(), combo=combo).gift


def make_final(*gifts: SentGift) -> None:
    """Let the seconds pass in which they can be taken back."""
    past = timezone.now() - timedelta(seconds=1)
    SentGift.objects.filter(pk__in=[gift.pk for gift in gifts]).update(undo_until=past)


def thanks_in(stream: Stream) -> list[str]:
    return [event.payload["id"] for event in stream.events.filter(kind="thanks").order_by("pk")]


def test_only_from_the_threshold_on_and_only_once(alice: User, stream: Stream) -> None:
    small, large = gift(alice, stream, "moss-frog"), gift(alice, stream, "toast-parachute")
    make_final(small, large)
    assert thank_due() == 1
    assert thank_due() == 0
    assert thanks_in(stream) == [str(large.public_id)]


def test_not_while_it_can_be_taken_back(alice: User, stream: Stream) -> None:
    sent = gift(alice, stream, "toast-parachute")
    assert thank_due() == 0
    undo_gift(fan=alice, key=sent.public_id)
    make_final(sent)
    assert thank_due() == 0
    assert not thanks_in(stream)


def test_a_combo_is_one_gift(alice: User, stream: Stream) -> None:
    combo = uuid.uuid4()
    presses = [gift(alice, stream, "moss-frog", combo) for _ in range(3)]
    make_final(*presses[:2])
    assert thank_due() == 0  # its last press is not final
    make_final(presses[2])
    assert thank_due() == 1
    assert thanks_in(stream) == [str(presses[2].public_id)]
    late = gift(alice, stream, "moss-frog", combo)
    make_final(late)
    assert thank_due() == 0


def test_who_was_thanked_by_hand_is_not_thanked_again(
    bob: User, alice: User, stream: Stream
) -> None:
    sent = gift(alice, stream, "toast-parachute")
    thank(creator=bob, key=sent.public_id)
    make_final(sent)
    assert thank_due() == 0


def test_not_after_the_stream_and_not_for_who_does_not_want_it(
    bob: User, alice: User, stream: Stream
) -> None:
    sent = gift(alice, stream, "toast-parachute")
    make_final(sent)
    AlertSettings.objects.update(thank_from_coins=None)
    assert thank_due() == 0
    AlertSettings.objects.update(thank_from_coins=50)
    end(creator=bob, stream=stream)
    assert thank_due() == 0


def test_what_is_long_past_is_let_be(alice: User, stream: Stream) -> None:
    sent = gift(alice, stream, "toast-parachute")
    make_final(sent)
    SentGift.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert thank_due() == 0


def test_a_gift_on_a_replay_is_thanked_for_in_the_replay(alice: User, bob: User) -> None:
    past = over(bob)
    sent = send_gift(
        fan=alice,
        stream=past,
        gift="toast-parachute",
        key=uuid.uuid4(),
        moment=moment_of(past, 60),
    ).gift
    make_final(sent)
    assert thank_due() == 1
    assert past.events.get(kind="thanks").moment == sent.moment
    take_gifts(creator_id=bob.pk, until={})
    late = SentGift.objects.filter(pk=sent.pk)
    late.update(thanked_at=None)
    assert thank_due() == 0  # nobody can watch it any more
