"""The ledger's jobs."""

from celery import shared_task
from django.db import connection, transaction

from ledger import checks
from ledger.models import LedgerCheck


@shared_task(name="ledger.tasks.take_snapshots")
@transaction.atomic
def take_snapshots() -> None:
    """Add what open accounts moved to their snapshots, so that reading them stays quick."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_take_snapshots()")


@shared_task(name="ledger.tasks.check")
def check() -> None:
    """Prove the ledger and keep the result; a breach freezes payouts."""
    breaches = checks.run()
    report = "\n".join(f"{b.invariant}: {b.sentence} {b.rows}" for b in breaches)
    LedgerCheck.objects.create(ok=not breaches, report=report or "All invariants hold.")
