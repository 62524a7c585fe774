"""Queues of staff: what is waiting, since when, and whether that is too long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from gifts.models import SentGift
from ledger import open_transactions
from payouts.models import Batch, Payout, PayoutPolicy
from wallet.models import Purchase, WebhookEvent

OPEN_AT_MOST = timedelta(minutes=1)


@dataclass(frozen=True)
class Queue:
    """Rows that wait for a person or for a worker that should long have come."""

    name: str
    title: StrOrPromise
    model: str
    query: str
    count: int
    oldest: datetime | None
    patience: timedelta

    @property
    def late(self) -> bool:
        """Whether the oldest row has waited longer than it should."""
        return self.oldest is not None and timezone.now() - self.oldest > self.patience


def _of(rows: QuerySet[Any], since: str) -> dict[str, Any]:
    return rows.aggregate(count=Count("pk"), oldest=Min(since))


def all_queues() -> list[Queue]:
    """Return every queue, the ones that people work first."""
    return [*_for_people(), *_for_workers()]


def _for_people() -> Iterable[Queue]:
    yield Queue(
        "contradictions",
        _("Payouts that the bank contradicts"),
        "payouts.Payout",
        "contradiction=yes",
        **_of(Payout.objects.exclude(held_reason=""), "held_at"),
        patience=timedelta(0),
    )
    yield Queue(
        "payouts",
        _("Payouts waiting for a bank file"),
        "payouts.Payout",
        "state__exact=ready",
        **_of(Payout.objects.filter(state=Payout.State.READY), "created_at"),
        patience=timedelta(days=2),
    )
    yield Queue(
        "batches",
        _("Bank files waiting for approval"),
        "payouts.Batch",
        "state__exact=built",
        **_of(Batch.objects.filter(state=Batch.State.BUILT), "built_at"),
        patience=timedelta(days=1),
    )
    yield Queue(
        "in_transit",
        _("Payouts with no answer from the bank"),
        "payouts.Payout",
        "state__exact=sent",
        **_of(Payout.objects.filter(state=Payout.State.SENT), "created_at"),
        patience=timedelta(days=PayoutPolicy.current().in_transit_days),
    )
    yield Queue(
        "purchases",
        _("Purchases to review"),
        "wallet.Purchase",
        "state__exact=review",
        **_of(Purchase.objects.filter(state=Purchase.State.REVIEW), "created_at"),
        patience=timedelta(days=1),
    )


def _for_workers() -> Iterable[Queue]:
    now = timezone.now()
    yield Queue(
        "webhooks",
        _("Unprocessed webhooks"),
        "wallet.WebhookEvent",
        "",
        **_of(WebhookEvent.objects.filter(processed_at__isnull=True), "received_at"),
        patience=timedelta(minutes=5),
    )
    yield Queue(
        "releases",
        _("Gifts ready for release"),
        "gifts.SentGift",
        "",
        **_of(SentGift.objects.due_for_release(), "release_at"),
        patience=timedelta(minutes=10),
    )
    yield Queue(
        "due_purchases",
        _("Purchases waiting for a worker"),
        "wallet.Purchase",
        "",
        **_of(Purchase.objects.filter(due_at__lte=now), "due_at"),
        patience=timedelta(minutes=5),
    )
    forgotten = [began for began in open_transactions.open_since() if now - began > OPEN_AT_MOST]
    yield Queue(
        "transactions",
        _("Open database transactions blocking ledger snapshots"),
        "",
        "",
        count=len(forgotten),
        oldest=min(forgotten, default=None),
        patience=OPEN_AT_MOST,
    )
