"""Gifts on the staff site: what staff can do there, and what the site never allows."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import ledger
from accounts.models import User
from gifts.earnings.release import ReasonNeeded, release_early
from gifts.models import Gift, SentGift
from gifts.sending.services import send_gift
from ledger import checks
from live.models import Stream
from testing.browsers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(dana: User) -> Client:
    client = signed_in(dana)
    return client


@pytest.fixture
def sent(alice: User, stream: Stream) -> SentGift:
    minute_ago = timezone.now() - timedelta(minutes=1)
    return send_gift(
        fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4(), sent_at=minute_ago
    ).gift


def test_staff_read_what_was_sent_and_change_nothing(staff: Client, sent: SentGift) -> None:
    page = staff.get(reverse("admin:gifts_sentgift_changelist"))
    assert page.status_code == 200
    assert "Moss Frog" in page.content.decode()
    one = reverse("admin:gifts_sentgift_change", args=[sent.pk])
    assert staff.get(one).status_code == 200
    assert staff.post(one, {"coins": "1"}).status_code == 403
    assert staff.get(reverse("admin:gifts_sentgift_add")).status_code == 403
    assert staff.post(reverse("admin:gifts_sentgift_delete", args=[sent.pk])).status_code == 403
    sent.refresh_from_db()
    assert sent.coins == 25


def act(staff: Client, model: str, action: str, *pks: int, **more: str) -> object:
    data = {"action": action, "_selected_action": [str(pk) for pk in pks], **more}
    return staff.post(reverse(f"admin:gifts_{model}_changelist"), data)


def test_a_gift_is_retired_and_brought_back_never_deleted(staff: Client) -> None:
    frog = Gift.objects.get(slug="moss-frog")
    act(staff, "gift", "retire", frog.pk)
    frog.refresh_from_db()
    assert frog.retired_at
    act(staff, "gift", "bring_back", frog.pk)
    frog.refresh_from_db()
    assert frog.retired_at is None
    assert staff.post(reverse("admin:gifts_gift_delete", args=[frog.pk])).status_code == 403


def gift_form(gift: Gift, coins: str, day: str) -> dict[str, str]:
    return {
        "name": gift.name, "alt": gift.alt, "kind": gift.kind, "from_level": "0",
        "duration_ms": str(gift.duration_ms), "position": str(gift.position), "combo": "on",
        "prices-TOTAL_FORMS": "1", "prices-INITIAL_FORMS": "0", "prices-0-coins": coins,
        "prices-0-valid_from_0": day, "prices-0-valid_from_1": "00:00:00",
    }  # fmt: skip


@pytest.mark.parametrize(("days", "versions"), [(2, 2), (-2, 1)])
def test_a_price_changes_only_forward(staff: Client, days: int, versions: int) -> None:
    frog = Gift.objects.get(slug="moss-frog")
    day = f"{timezone.now() + timedelta(days=days):%Y-%m-%d}"
    page = staff.post(
        reverse("admin:gifts_gift_change", args=[frog.pk]), gift_form(frog, "30", day)
    )
    assert frog.prices.count() == versions
    assert ("Prices can&#x27;t be changed in the past." in page.content.decode()) is (versions == 1)
    assert Gift.objects.get(pk=frog.pk).price.coins == 25


def test_the_policy_is_one_row(staff: Client) -> None:
    assert staff.get(reverse("admin:gifts_giftpolicy_add")).status_code == 403
    assert staff.get(reverse("admin:gifts_giftpolicy_change", args=[1])).status_code == 200


def test_an_early_release_asks_why_and_leaves_a_trace(
    staff: Client, dana: User, bob: User, sent: SentGift
) -> None:
    asked = act(staff, "sentgift", "release_now", sent.pk)
    assert "Reason" in asked.content.decode()  # type: ignore[attr-defined]  # a page
    assert ledger.balance("diamonds", "DIAMOND", bob.pk) == 0
    act(staff, "sentgift", "release_now", sent.pk, reason="Studio rent, talked on the phone")
    assert ledger.balance("diamonds", "DIAMOND", bob.pk) == 25
    assert ledger.balance("diamonds_held", "DIAMOND", bob.pk) == 0
    trace = LogEntry.objects.get(object_id=str(bob.pk))
    assert trace.user == dana
    assert "25 diamonds early: Studio rent" in trace.change_message
    assert not checks.run()


def test_no_early_release_without_a_reason(dana: User, bob: User, sent: SentGift) -> None:
    with pytest.raises(ReasonNeeded):
        release_early(creators=[bob], by=dana, reason="  ")
    assert ledger.balance("diamonds", "DIAMOND", bob.pk) == 0


def test_what_can_be_taken_back_is_not_released_early(
    alice: User, dana: User, bob: User, stream: Stream
) -> None:
    send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid.uuid4())
    assert release_early(creators=[bob], by=dana, reason="Asked") == 0
    assert ledger.balance("diamonds_held", "DIAMOND", bob.pk) == 25
