"""Snapshots for the tests of the ledger."""

import time

from django.db import connection


def snapshot_all() -> int:
    """Take snapshots until nothing is left, and return what they hold.

    A transaction that still runs makes the snapshot late, not wrong.
    """
    deadline = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT ledger_take_snapshots()")
            cursor.execute(
                "SELECT count(*) FROM ledger_transfer t, ledger_checkpoint h WHERE t.xid >= h.xid"
            )
            if cursor.fetchone()[0] == 0:
                break
            time.sleep(0.05)
        cursor.execute("SELECT coalesce(sum(debits), 0) FROM ledger_snapshot")
        return int(cursor.fetchone()[0])
