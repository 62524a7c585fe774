"""From on hold to available: once, on its date, never what was taken back."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

import ledger
from accounts.models import User
from gifts.earnings.release import end_hold, on_hold, release_due, release_early
from gifts.models import SentGift
from gifts.sending.refusals import UndoTooLate
from gifts.sending.services import send_gift, undo_gift
from ledger import checks
from live.models import Stream

pytestmark = pytest.mark.django_db


def send(fan: User, stream: Stream, days_ago: int) -> SentGift:
    return send_gift(
        fan=fan,
        stream=stream,
        gift="moss-frog",
        key=uuid.uuid4(),
        sent_at=timezone.now() - timedelta(days=days_ago),
    ).gift


def amounts(creator: User) -> tuple[int, int]:
    return (
        ledger.balance("diamonds_held", "DIAMOND", creator.pk),
        ledger.balance("diamonds", "DIAMOND", creator.pk),
    )


def test_only_what_has_served_its_hold_is_released_and_once(
    alice: User, bob: User, stream: Stream
) -> None:
    send(alice, stream, 8)
    send(alice, stream, 7)
    send(alice, stream, 6)
    assert (release_due(), release_due()) == (50, 0)
    assert amounts(bob) == (25, 50)
    assert [row["diamonds"] for row in on_hold(bob)] == [25]
    assert not checks.run()


@pytest.mark.parametrize(("trust", "days"), [("new", 14), ("trusted", 7), ("flagged", 30)])
def test_the_hold_follows_trust(
    alice: User, bob: User, stream: Stream, trust: str, days: int
) -> None:
    bob.creator.trust = trust
    bob.creator.save()
    sent = send(alice, stream, 0)
    assert sent.release_at - sent.created_at == timedelta(days=days)


def test_what_was_taken_back_is_never_released(alice: User, bob: User, stream: Stream) -> None:
    sent = send(alice, stream, 0)
    undo_gift(fan=alice, key=sent.public_id)
    SentGift.objects.update(release_at=timezone.now())
    assert release_due() == 0
    assert amounts(bob) == (0, 0)


def test_what_was_released_is_not_taken_back(alice: User, bob: User, stream: Stream) -> None:
    sent = send(alice, stream, 8)
    SentGift.objects.update(undo_until=timezone.now() + timedelta(days=1))
    release_due()
    with pytest.raises(UndoTooLate):
        undo_gift(fan=alice, key=sent.public_id)
    with pytest.raises(DatabaseError, match="undone_gift_not_released"), transaction.atomic():
        SentGift.objects.update(undone_at=timezone.now())


def test_staff_can_end_a_hold_early(alice: User, bob: User, stream: Stream) -> None:
    send(alice, stream, 3)
    just_sent = send(alice, stream, 0)
    assert end_hold(creator=bob) == 1
    assert release_due() == 25
    just_sent.refresh_from_db()
    assert just_sent.released_at is None


def trust(bob: User, level: str) -> None:
    bob.creator.trust = level
    bob.creator.save()


def test_a_flag_holds_what_was_sent_before_it(alice: User, bob: User, stream: Stream) -> None:
    released, due, held, undone = (send(alice, stream, days) for days in (40, 8, 3, 0))
    SentGift.objects.exclude(pk=released.pk).update(release_at=timezone.now() + timedelta(days=9))
    assert release_due() == 25
    undo_gift(fan=alice, key=undone.public_id)
    kept = SentGift.objects.get(pk=undone.pk).release_at
    trust(bob, "flagged")
    for gift in (due, held):
        gift.refresh_from_db()
        assert gift.release_at == gift.created_at + timedelta(days=30)
    released.refresh_from_db()
    assert released.release_at == released.created_at + timedelta(days=7)
    assert SentGift.objects.get(pk=undone.pk).release_at == kept
    assert release_due() == 0


def test_without_the_flag_gifts_wait_as_the_others_do(
    alice: User, bob: User, stream: Stream
) -> None:
    sent = send(alice, stream, 8)
    trust(bob, "flagged")
    assert release_due() == 0
    trust(bob, "trusted")
    sent.refresh_from_db()
    assert sent.release_at == sent.created_at + timedelta(days=7)
    assert release_due() == 25


def test_other_changes_of_trust_leave_running_holds(alice: User, bob: User, stream: Stream) -> None:
    sent = send(alice, stream, 3)
    trust(bob, "new")
    sent.refresh_from_db()
    assert sent.release_at == sent.created_at + timedelta(days=7)


def test_a_gift_that_did_not_see_the_flag_is_held_too(
    alice: User, bob: User, stream: Stream
) -> None:
    trust(bob, "flagged")
    sent = send(alice, stream, 8)
    SentGift.objects.update(release_at=timezone.now())  # sent while the flag was being written
    assert release_due() == 0
    sent.refresh_from_db()
    assert sent.release_at == sent.created_at + timedelta(days=30)


def test_staff_release_a_flagged_creators_gifts_early(
    alice: User, bob: User, dana: User, stream: Stream
) -> None:
    send(alice, stream, 8)
    trust(bob, "flagged")
    assert release_early(creators=[bob], by=dana, reason="Cleared by phone") == 25
