"""Queues of staff: what is waiting, since when, and whether that is too long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from care.models import GuardianCase
from gifts.models import SentGift
from ledger import open_transactions
from payouts.models import Batch, Payout, PayoutPolicy, Proposal
from payouts.statements import balances
from wallet.models import (
    BankTransfer,
    CodeBatch,
    Dispute,
    Document,
    GiveBack,
    MovementBooking,
    ProviderMovement,
    Purchase,
    Refund,
    RefusedFile,
    TransferStatement,
    VelocityHit,
    WebhookEvent,
)

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


@dataclass(frozen=True)
class Waiting:
    """What a queue counts: rows, and since when each of them waits."""

    name: str
    title: StrOrPromise
    query: str
    rows: QuerySet[Any]
    since: str
    patience: timedelta

    @property
    def counted(self) -> QuerySet[Any]:
        """The queue's name, count and oldest as one row, or none: to be read with others."""
        named = self.rows.order_by().annotate(queue=Value(self.name)).values("queue")
        counted: QuerySet[Any] = named.annotate(count=Count("pk"), oldest=Min(self.since))
        return counted


def all_queues() -> list[Queue]:
    """Return every queue, the ones that people work first; most are counted in one statement."""
    queues = [*_for_people(), *_for_workers()]
    first, *others = [each.counted for each in queues if isinstance(each, Waiting)]
    found = {row["queue"]: row for row in first.union(*others, all=True)}
    return [
        each if isinstance(each, Queue) else _counted(each, found.get(each.name, {}))
        for each in queues
    ]


def _counted(waiting: Waiting, row: dict[str, Any]) -> Queue:
    return Queue(
        waiting.name,
        waiting.title,
        waiting.rows.model._meta.label,
        waiting.query,
        count=row.get("count", 0),
        oldest=row.get("oldest"),
        patience=waiting.patience,
    )


def _for_people() -> Iterable[Queue | Waiting]:
    yield Waiting(
        "contradictions",
        _("Payouts that the bank contradicts"),
        "contradiction=yes",
        Payout.objects.exclude(held_reason=""),
        "held_at",
        timedelta(0),
    )
    unanswered = Q(state=Dispute.State.NEEDS_RESPONSE, evidence=None)
    yield Waiting(
        "disputes",
        _("Disputes that need our evidence or a look"),
        "",
        Dispute.objects.filter(unanswered | ~Q(needs_attention="")),
        "opened_at",
        timedelta(days=2),
    )
    yield Waiting(
        "guardians",
        _("Cases of guardians to decide"),
        "state__exact=open",
        GuardianCase.objects.waiting(),
        "confirmed_at",
        timedelta(days=settings.GUARDIAN_ANSWER_DAYS),
    )
    yield Waiting(
        "proposals",
        _("Bookings that a second person must confirm"),
        "state__exact=open",
        Proposal.objects.open(),
        "proposed_at",
        timedelta(days=1),
    )
    count, oldest = balances.open_questions()
    yield Queue(
        "balances",
        _("Unexplained bank balances"),
        "payouts.BankStatement",
        "",
        count=count,
        oldest=oldest,
        patience=timedelta(0),
    )
    yield Waiting(
        "payouts",
        _("Payouts waiting for a bank file"),
        "state__exact=ready",
        Payout.objects.filter(state=Payout.State.READY),
        "created_at",
        timedelta(days=2),
    )
    yield Waiting(
        "batches",
        _("Bank files waiting for approval"),
        "state__exact=built",
        Batch.objects.filter(state=Batch.State.BUILT),
        "built_at",
        timedelta(days=1),
    )
    yield Waiting(
        "in_transit",
        _("Payouts with no answer from the bank"),
        "state__exact=sent",
        Payout.objects.filter(state=Payout.State.SENT),
        "created_at",
        timedelta(days=PayoutPolicy.current().in_transit_days),
    )
    yield Waiting(
        "purchases",
        _("Purchases to review"),
        "state__exact=review",
        Purchase.objects.filter(state=Purchase.State.REVIEW),
        "created_at",
        timedelta(days=1),
    )
    yield Waiting(
        "velocity",
        _("Fraud checks to decide"),
        "state=open",
        VelocityHit.objects.open(),
        "created_at",
        timedelta(days=1),
    )
    yield Waiting(
        "codes",
        _("Codes that a second person must confirm"),
        "state__exact=proposed",
        CodeBatch.objects.filter(state=CodeBatch.State.PROPOSED),
        "created_at",
        timedelta(days=1),
    )
    yield Waiting(
        "refunds",
        _("Refunds that a second person must confirm"),
        "state__exact=proposed",
        Refund.objects.filter(state=Refund.State.PROPOSED),
        "created_at",
        timedelta(days=1),
    )

    yield Waiting(
        "transfers",
        _("Bank transfers to review or approve"),
        "waiting=yes",
        BankTransfer.objects.waiting(),
        "created_at",
        timedelta(days=1),
    )
    yield Waiting(
        "give_back",
        _("Bank transfers to give back"),
        "waiting=yes",
        GiveBack.objects.waiting(),
        "created_at",
        timedelta(days=3),
    )
    yield Waiting(
        "statements",
        _("Statements with rows to look into"),
        "unseen=yes",
        TransferStatement.objects.filter(seen_by=None).exclude(attention=""),
        "uploaded_at",
        timedelta(days=1),
    )
    yield Waiting(
        "refused_files",
        _("Statements that could not be read"),
        "unseen=yes",
        RefusedFile.objects.filter(seen_by=None),
        "found_at",
        timedelta(days=1),
    )
    yield Waiting(
        "failed_refunds",
        _("Refunds to look into, or to give back by hand"),
        "needs_attention__isempty=0",
        Refund.objects.exclude(needs_attention=""),
        "created_at",
        timedelta(days=2),
    )
    yield Waiting(
        "movements",
        _("Money at a payment provider that no order explains"),
        "booked_at__isempty=1&by_hand__exact=0",
        ProviderMovement.objects.unexplained(),
        "moved_at",
        timedelta(days=1),
    )
    yield Waiting(
        "movement_bookings",
        _("Movements at a provider that a second person must confirm"),
        "waiting=yes",
        MovementBooking.objects.waiting(),
        "proposed_at",
        timedelta(days=1),
    )
    yield Waiting(
        "attention",
        _("Paid orders to look into"),
        "attention=unseen",
        Purchase.objects.unseen(),
        "captured_at",
        timedelta(days=3),
    )


def _for_workers() -> Iterable[Queue | Waiting]:
    now = timezone.now()
    yield Waiting(
        "webhooks",
        _("Unprocessed webhooks"),
        "",
        WebhookEvent.objects.filter(processed_at__isnull=True),
        "received_at",
        timedelta(minutes=5),
    )
    yield Waiting(
        "releases",
        _("Gifts ready for release"),
        "",
        SentGift.objects.due_for_release(),
        "release_at",
        timedelta(minutes=10),
    )
    yield Waiting(
        "due_purchases",
        _("Purchases waiting for a worker"),
        "",
        Purchase.objects.filter(due_at__lte=now),
        "due_at",
        timedelta(minutes=5),
    )
    yield Waiting(
        "due_refunds",
        _("Refunds waiting for a worker"),
        "state__exact=held",
        Refund.objects.filter(state=Refund.State.HELD, due_at__lte=now),
        "due_at",
        timedelta(minutes=10),
    )
    yield Waiting(
        "documents",
        _("Receipts and credit notes waiting for their email"),
        "",
        Document.objects.filter(due_at__isnull=False),
        "issued_at",
        timedelta(minutes=30),
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
