"""The wallet's jobs. They carry an id or nothing; the rows say whether there is work."""

import logging
from datetime import timedelta
from time import monotonic

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from wallet.bonus import emails as bonus_emails
from wallet.bonus import expiry
from wallet.codes import tries
from wallet.coins import recognition
from wallet.documents import emails as document_emails
from wallet.documents import issuing
from wallet.evidence import handing_in
from wallet.models import Purchase
from wallet.purchases import inbox, settlement
from wallet.reconciliation import booking, by_hand, reading
from wallet.refunds import emails as refund_emails
from wallet.refunds import sending
from wallet.reviews import emails as review_emails
from wallet.statements import emails as statement_emails
from wallet.top_ups import cards, running
from wallet.top_ups import emails as top_up_emails
from wallet.transfers import matching
from wallet.velocity import tracing

log = logging.getLogger(__name__)
POLL_EVERY_SECONDS = 60
POLL_BACK = timedelta(hours=2)
# A quick look finds what was paid lately; now and then a long one finds what was left behind.
LATELY = timedelta(days=1)
LOOK_EVERYWHERE_EVERY_SECONDS = 600
PLAN_EVERY_SECONDS = 600
WORKS_ON = timedelta(seconds=20)


@shared_task(name="wallet.tasks.sweep")
def sweep() -> None:
    """Work off everything that is due: webhooks, orders, and what no webhook told."""
    if settings.SANDBOX:
        from wallet.providers.sandbox import clockwork

        clockwork.run()
    polls = cache.add("wallet:polled", True, timeout=POLL_EVERY_SECONDS)
    if polls:
        inbox.ask_for_missed(POLL_BACK)
    matching.work_off()
    if polls:
        matching.give_up_partly_paid()
    hear_and_settle()
    cards.sweep()
    running.run()
    sending.send_due()
    refund_emails.send_due()
    handing_in.send_due()
    if polls and settlement.poll(POLL_BACK):
        hear_and_settle()


def hear_and_settle() -> None:
    """Read the inbox and inspect what is due, a batch of each in turns while there is a full one.

    After a storm a worker goes on for `WORKS_ON`, and lets the other work have its turn.
    """
    until = monotonic() + WORKS_ON.total_seconds()
    while True:
        inbox.read()
        if settlement.sweep() < settlement.BATCH or monotonic() > until:
            return


@shared_task(name="wallet.tasks.inspect")
def inspect(purchase_id: int) -> None:
    """Inspect one order now: its fan is waiting."""
    purchase = Purchase.objects.filter(pk=purchase_id).first()
    if purchase and purchase.is_open:
        settlement.inspect(purchase)


@shared_task(name="wallet.tasks.recognise")
def recognise() -> None:
    """Book the hour's spent coins as revenue."""
    recognition.recognise()


@shared_task(name="wallet.tasks.issue_documents")
def issue_documents() -> None:
    """Issue the receipts and credit notes that are missing, and email what is due."""
    everywhere = cache.add("wallet:documents", True, timeout=LOOK_EVERYWHERE_EVERY_SECONDS)
    issuing.issue_due(None if everywhere else timezone.now() - LATELY)
    document_emails.send_due()


@shared_task(name="wallet.tasks.email_documents")
def email_documents() -> None:
    """Email the documents that are due."""
    document_emails.send_due()


@shared_task(name="wallet.tasks.email_statements")
def email_statements() -> None:
    """Email the months that are over and due."""
    if cache.add("wallet:statements", True, timeout=PLAN_EVERY_SECONDS):
        statement_emails.plan()
    statement_emails.send_due()


@shared_task(name="wallet.tasks.email_top_ups")
def email_top_ups() -> None:
    """Email what fans are told of auto top-up."""
    top_up_emails.send_due()


@shared_task(name="wallet.tasks.email_holds")
def email_holds() -> None:
    """Email fans whose orders wait for a person, and how that ended."""
    review_emails.send_due()


@shared_task(name="wallet.tasks.end_bonuses")
def end_bonuses() -> None:
    """Tell fans whose bonus coins end soon, take those that ended, forget old tries of codes."""
    expiry.expire_due()
    bonus_emails.send_due()
    tries.forget_old()


@shared_task(name="wallet.tasks.reconcile")
def reconcile() -> None:
    """Read the providers' books, book what has its row, and say where two people were early."""
    reading.read_all()
    booking.book()
    by_hand.notice_rows()


@shared_task(name="wallet.tasks.prune_traces")
def prune_traces() -> None:
    """Cut the addresses of old orders to their networks, and forget the oldest traces."""
    cut, gone = tracing.prune(ip_days=settings.TRACE_IP_DAYS, days=settings.TRACE_DAYS)
    log.info("Addresses of orders cut: %s; traces of orders forgotten: %s.", cut, gone)
