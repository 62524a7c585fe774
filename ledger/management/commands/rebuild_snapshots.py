"""Rebuild the snapshots of open accounts."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from foundation import jobs


class Command(BaseCommand):
    """Throw the snapshots away and take them again from the transfers. Run it after every
    `pg_restore`.

    A dump carries transaction ids of the server that it was taken from; another server begins to
    count elsewhere. Until the snapshots are rebuilt, what is written there lies before the
    checkpoint and is missing from the balances of open accounts.
    """

    help = "Rebuild the snapshots of open accounts from their transfers. Required after pg_restore."

    @transaction.atomic(durable=True)
    def handle(self, *args: Any, **options: Any) -> None:
        """Do all of it in one transaction: readers see the old balances or the new ones."""
        jobs.take_time(minutes=24 * 60)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM ledger_checkpoint FOR UPDATE")
            if foreign := written_elsewhere():
                bring_within_this_server()
            cursor.execute("DELETE FROM ledger_snapshot")
            cursor.execute("UPDATE ledger_checkpoint SET xid = '0'::xid8")
            cursor.execute("SELECT ledger_take_snapshots()")
            (rebuilt,) = cursor.fetchone()
        self.stdout.write(
            f"Account snapshots rebuilt: {rebuilt:,}. Transfers from another server: {foreign:,}."
        )


def written_elsewhere() -> int:
    """Return how many transfers carry an id that another server drew: ours has not reached it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_transfer"
            " WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())"
        )
        return int(cursor.fetchone()[0])


def bring_within_this_server() -> None:
    """Give such transfers the oldest id, so that the snapshots hold them now and not in a year.

    Rewriting the column fires no trigger, needs the tables' owner, and waits for every writer.
    The id says only which transactions had ended when; amounts, accounts and order stay.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE ledger_transfer ALTER COLUMN xid TYPE xid8 USING"
            " CASE WHEN xid >= pg_snapshot_xmax(pg_current_snapshot()) THEN '3'::xid8 ELSE xid END"
        )
