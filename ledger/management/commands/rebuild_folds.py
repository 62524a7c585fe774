"""Make the folds of open accounts anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from foundation import jobs


class Command(BaseCommand):
    """Throw the folds away and fold again from the transfers. Run it after every `pg_restore`.

    A dump carries transaction ids of the server that it was taken from; another server begins to
    count elsewhere. Until the folds are made anew, what is written there lies before the horizon
    and is missing from the balances of open accounts.
    """

    help = "Rebuild the snapshots of open accounts from their transfers. Required after pg_restore."

    @transaction.atomic(durable=True)
    def handle(self, *args: Any, **options: Any) -> None:
        """Do all of it in one transaction: readers see the old balances or the new ones."""
        jobs.take_time(minutes=24 * 60)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM ledger_horizon FOR UPDATE")
            if foreign := written_elsewhere():
                bring_within_this_server()
            cursor.execute("DELETE FROM ledger_fold")
            cursor.execute("UPDATE ledger_horizon SET xid = '0'::xid8")
            cursor.execute("SELECT ledger_fold()")
            (folded,) = cursor.fetchone()
        self.stdout.write(
            f"Account snapshots rebuilt: {folded:,}. Transfers from another server: {foreign:,}."
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
    """Give such transfers the oldest id, so that the fold takes them now and not in a year.

    Rewriting the column fires no trigger, needs the tables' owner, and waits for every writer.
    The id says only which transactions had ended when; amounts, accounts and order stay.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE ledger_transfer ALTER COLUMN xid TYPE xid8 USING"
            " CASE WHEN xid >= pg_snapshot_xmax(pg_current_snapshot()) THEN '3'::xid8 ELSE xid END"
        )
