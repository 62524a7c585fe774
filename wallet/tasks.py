"""The wallet's jobs: doorbells without a payload; the rows say whether there is work."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from wallet import recognition, settlement
from wallet.ledger import checks, pruning
from wallet.models import LedgerCheck, Purchase

log = logging.getLogger(__name__)

POLL_EVERY_SECONDS = 60
POLL_BACK = timedelta(hours=2)


@shared_task(name="wallet.tasks.sweep")
def sweep() -> None:
    """Look at everything that is due: webhooks that came, orders, and what no webhook told."""
    if settings.SANDBOX:
        from wallet.providers.sandbox import clockwork

        clockwork.run()
    settlement.read_inbox()
    settlement.sweep()
    if cache.add("wallet:polled", True, timeout=POLL_EVERY_SECONDS) and settlement.poll(POLL_BACK):
        settlement.sweep()


@shared_task(name="wallet.tasks.look")
def look(purchase_id: int) -> None:
    """Look at one order now, because somebody waits for it."""
    purchase = Purchase.objects.filter(pk=purchase_id).first()
    if purchase and purchase.is_open:
        settlement.look(purchase)


@shared_task(name="wallet.tasks.fold")
def fold() -> None:
    """Add what open accounts moved to their snapshots, so that reading them stays quick."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_fold()")


@shared_task(name="wallet.tasks.prune_keys")
def prune_keys() -> None:
    """Forget the keys of old gifts, where the operator wants it."""
    if days := settings.KEEP_GIFT_KEYS_DAYS:
        pruned = pruning.prune_keys(older_than_days=days)
        log.info("Keys of gifts older than %s days forgotten: %s.", days, pruned)


@shared_task(name="wallet.tasks.recognise")
def recognise() -> None:
    """Book the hour's spent coins as revenue."""
    recognition.recognise()


@shared_task(name="wallet.tasks.check")
def check() -> None:
    """Prove the books and keep the result; a breach freezes payouts."""
    breaches = checks.run()
    report = "\n".join(f"{b.invariant}: {b.sentence} {b.rows}" for b in breaches)
    LedgerCheck.objects.create(ok=not breaches, report=report or "All invariants hold.")
