"""The queues of staff, and the age at which they turn red."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from giftplatform.staff.queues import Queue, all_queues
from gifts.sending.services import send_gift
from ledger.models import LedgerCheck
from live.models import Stream
from payouts.tests.builders import ready
from wallet.models import FxRate, Purchase, WebhookEvent
from wallet.tests.stage import paid

pytestmark = pytest.mark.django_db
MOST_QUERIES = 62


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


def figures(client: Client) -> dict[str, tuple[str, str]]:
    shown = client.get("/admin/").context["figures"]
    return {figure.label: (str(figure.value), figure.note) for figure in shown}


def test_money_stands_on_the_first_page(client: Client, dana: User, alice: User, bob: User) -> None:
    """In the site's currency, dollars here: the euro's rate is 0.92."""
    FxRate.objects.create(currency="EUR", per_usd=Decimal("0.8"))
    first, second = paid(alice), paid(alice, 500)
    Purchase.objects.filter(pk=second.pk).update(captured_at=timezone.now() - timedelta(days=3))
    payout = ready(bob, 10_000)
    client.force_login(dana)
    seen = figures(client)
    sums = (first.total_minor, first.total_minor + second.total_minor)
    today, month = (f"${Decimal(cents) / 80:.2f}" for cents in sums)
    assert seen["Live now"] == ("0", "")
    assert seen["Sold today"] == (today, "1 order, 1,000 coins")
    assert seen["Sold in 30 days"] == (month, "2 orders, 1,500 coins")
    assert seen["Coins outstanding"] == ("$65.00", "6,500 coins in fans' wallets")
    assert seen["Diamonds available"] == ("$0.00", "0 diamonds")
    assert seen["Payouts under way"] == (f"${payout.amount_minor / Decimal(80):.2f}", "1 payout")


def test_the_first_page_costs_no_more_on_a_busy_day(
    client: Client, dana: User, alice: User, stream: Stream
) -> None:
    client.force_login(dana)
    paid(alice)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as quiet:
        client.get("/admin/")
    for _ in range(3):
        paid(alice, 500)
        send_gift(fan=alice, stream=stream, gift="pebble", key=uuid4(), confirmed=True)
    with CaptureQueriesContext(connection) as busy:
        client.get("/admin/")
    assert len(busy) == len(quiet) <= MOST_QUERIES


def test_each_figure_leads_to_its_rows(client: Client, dana: User, alice: User) -> None:
    paid(alice)
    client.force_login(dana)
    for figure in client.get("/admin/").context["figures"]:
        assert "e=1" not in client.get(figure.href, follow=True).request["QUERY_STRING"]
