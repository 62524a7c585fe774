"""Issuing: each paid order gets its receipt, each refund its credit note, once and in order.

A worker does it right after the money moved, so that captures do not wait for each other. The
number is drawn and written in one transaction: what fails gives its number back, no gap stays.
"""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from foundation.jobs import nudge
from wallet.documents.refund_rule import REFUND_RULE
from wallet.models import Document, Purchase, Refund

Kind = Document.Kind
AT_ONCE = 200
PREFIX = {Kind.RECEIPT: "", Kind.CREDIT_NOTE: "CN-", Kind.DEBIT_NOTE: "DN-"}


def issue_due(since: datetime | None = None) -> int:
    """Issue what is missing, the oldest first, and return how many documents that were.

    `since` leaves out what was paid or refunded earlier: the quick look of every few seconds.
    """
    receipts = [issue_receipt(pk) for pk in _pks(paid_without_receipt(since), "captured_at")]
    credits = [issue_credit_note(pk) for pk in _pks(refunded_without_note(since), "done_at")]
    debits = [issue_debit_note(pk) for pk in _pks(returned_without_note(), "pk")]
    return sum(document is not None for document in (*receipts, *credits, *debits))


def paid_without_receipt(since: datetime | None = None) -> QuerySet[Purchase]:
    """Return the paid orders that have no receipt yet."""
    paid = Purchase.objects.filter(state=Purchase.State.PAID)
    if since:
        paid = paid.filter(captured_at__gte=since)
    return paid.exclude(Exists(Document.objects.filter(purchase=OuterRef("pk"), kind=Kind.RECEIPT)))


def refunded_without_note(since: datetime | None = None) -> QuerySet[Refund]:
    """Return the refunds that are done and have no credit note yet."""
    done = Refund.objects.filter(state=Refund.State.DONE)
    if since:
        done = done.filter(done_at__gte=since)
    return done.exclude(_has(Kind.CREDIT_NOTE))


def returned_without_note() -> QuerySet[Refund]:
    """Return the refunds that came back after their credit note, and have no debit note yet."""
    failed = Refund.objects.filter(_has(Kind.CREDIT_NOTE), state=Refund.State.FAILED)
    return failed.exclude(_has(Kind.DEBIT_NOTE))


def _has(kind: Document.Kind) -> Exists:
    return Exists(Document.objects.filter(refund=OuterRef("pk"), kind=kind))


def _pks(rows: "QuerySet[Purchase] | QuerySet[Refund]", order: str) -> Iterator[int]:
    yield from rows.order_by(order, "pk").values_list("pk", flat=True)[:AT_ONCE]


@transaction.atomic
def issue_receipt(purchase_id: int) -> Document | None:
    """Issue the receipt of a paid order; nothing where it is issued or being issued."""
    rows = paid_without_receipt().filter(pk=purchase_id).order_by("pk")
    purchase = rows.select_for_update(no_key=True, skip_locked=True).first()
    # Read again under the lock: another worker may have issued it while we looked.
    if purchase is None or purchase.documents.filter(kind=Kind.RECEIPT).exists():
        return None
    return _write(
        Document(
            kind=Kind.RECEIPT,
            purchase=purchase,
            coins=purchase.coins,
            net_minor=purchase.net_minor,
            tax_minor=purchase.tax_minor,
            total_minor=purchase.total_minor,
            moved_at=purchase.captured_at or timezone.now(),
            terms_version=purchase.terms_version,
            refund_rule=REFUND_RULE,
            payment_reference=purchase.provider_reference,
            **_seller(),
        )
    )


@transaction.atomic
def issue_credit_note(refund_id: int) -> Document | None:
    """Issue the credit note of a refund that is done; it waits for the order's receipt."""
    rows = refunded_without_note().filter(pk=refund_id).order_by("pk")
    refund = rows.select_for_update(no_key=True, skip_locked=True).first()
    if refund is None or refund.documents.filter(kind=Kind.CREDIT_NOTE).exists():
        return None
    receipt = Document.objects.filter(purchase=refund.purchase_id, kind=Kind.RECEIPT).first()
    if receipt is None:
        return None
    return _write(
        Document(
            kind=Kind.CREDIT_NOTE,
            purchase=refund.purchase,
            refund=refund,
            corrects=receipt,
            coins=refund.coins,
            net_minor=refund.net_minor,
            tax_minor=refund.tax_minor,
            loss_minor=refund.loss_minor,
            total_minor=refund.total_minor,
            moved_at=refund.done_at or timezone.now(),
            terms_version=receipt.terms_version,
            refund_rule=receipt.refund_rule,
            payment_reference=refund.provider_reference,
            **_seller(),
        )
    )


@transaction.atomic
def issue_debit_note(refund_id: int) -> Document | None:
    """Take the credit note back of a refund that the fan's bank returned: the same, reversed."""
    rows = returned_without_note().filter(pk=refund_id).order_by("pk")
    refund = rows.select_for_update(no_key=True, skip_locked=True).first()
    if refund is None or refund.documents.filter(kind=Kind.DEBIT_NOTE).exists():
        return None
    note = Document.objects.get(refund=refund, kind=Kind.CREDIT_NOTE)
    same = ("coins", "net_minor", "tax_minor", "loss_minor", "total_minor")
    kept = ("terms_version", "refund_rule", "payment_reference")
    return _write(
        Document(
            kind=Kind.DEBIT_NOTE,
            purchase=refund.purchase,
            refund=refund,
            corrects=note,
            moved_at=timezone.now(),
            **{name: getattr(note, name) for name in (*same, *kept)},
            **_seller(),
        )
    )


def _seller() -> dict[str, str]:
    lines = filter(None, (line.strip() for line in settings.SELLER_ADDRESS.split("|")))
    return {
        "seller_name": settings.SELLER_NAME,
        "seller_address": "\n".join(lines),
        "seller_tax_id": settings.SELLER_TAX_ID,
    }


def _write(document: Document) -> Document:
    """Complete a document from its order, number it and write it."""
    order, now = document.purchase, timezone.now()
    document.buyer_name, document.buyer_handle = order.user.name, order.user.handle
    document.country_code, document.country_name = order.country_id, order.country.name
    document.currency, document.method = order.currency, order.method
    document.tax_name, document.tax_rate_bp = order.tax_name, order.tax_rate_bp
    document.sandbox = settings.SANDBOX
    document.issued_at = document.due_at = now
    document.series = series_of(Kind(document.kind), now)
    document.number = draw(document.series)
    document.save(force_insert=True)
    nudge("wallet.tasks.email_documents")
    return document


def series_of(kind: Document.Kind, at: datetime) -> str:
    """Return the series of a kind at a moment: 2026, CN-2026, in a sandbox SANDBOX-2026."""
    return f"{'SANDBOX-' if settings.SANDBOX else ''}{PREFIX[kind]}{at:%Y}"


def draw(series: str) -> int:
    """Return the next number of a series; who draws next waits until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wallet_documentseries AS s (name, last) VALUES (%s, 1)"
            " ON CONFLICT (name) DO UPDATE SET last = s.last + 1 RETURNING last",
            [series],
        )
        return int(cursor.fetchone()[0])
