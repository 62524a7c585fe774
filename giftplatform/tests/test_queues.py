"""The queues of staff, and the age at which they turn red."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from giftplatform.staff.queues import Queue, all_queues
from ledger.models import LedgerCheck
from wallet.models import WebhookEvent

pytestmark = pytest.mark.django_db


def queue(name: str) -> Queue:
    return next(queue for queue in all_queues() if queue.name == name)


def hear(minutes_ago: int) -> None:
    """Leave a provider's notice unprocessed for a while."""
    event = WebhookEvent.objects.create(provider="sandbox", event_id=str(minutes_ago), body=b"{}")
    heard = timezone.now() - timedelta(minutes=minutes_ago)
    WebhookEvent.objects.filter(pk=event.pk).update(received_at=heard)


def test_an_empty_queue_is_never_late() -> None:
    assert [queue.late for queue in all_queues() if not queue.count] == [False] * len(all_queues())


def test_a_queue_is_late_once_its_oldest_waited_too_long() -> None:
    hear(minutes_ago=4)
    assert (queue("webhooks").count, queue("webhooks").late) == (1, False)
    hear(minutes_ago=6)
    assert (queue("webhooks").count, queue("webhooks").late) == (2, True)


def test_red_is_for_what_is_late(client: Client, dana: User) -> None:
    client.force_login(dana)
    assert "is-late" not in client.get("/admin/").content.decode()
    hear(minutes_ago=6)
    page = client.get("/admin/").content.decode()
    assert page.count("is-late") == 1
    assert "Unprocessed webhooks" in page


def test_a_ledger_that_does_not_balance_is_said_first(client: Client, dana: User) -> None:
    LedgerCheck.objects.create(ok=False, report="COIN: 1")
    client.force_login(dana)
    assert "The ledger doesn't balance." in client.get("/admin/").content.decode()
    LedgerCheck.objects.create(ok=True, report="")
    assert "The ledger doesn't balance." not in client.get("/admin/").content.decode()


def test_the_figures_count_what_happened(client: Client, dana: User, alice: User) -> None:
    client.force_login(dana)
    figures = {figure.label: figure.value for figure in client.get("/admin/").context["figures"]}
    assert figures["Coins outstanding"] == 5_000
    assert figures["Live now"] == 0
