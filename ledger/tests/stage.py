"""What the tests of the ledger share."""

import time

from django.db import connection


def fold_all() -> int:
    """Fold until nothing is left, and return what the folds hold.

    A transaction that still runs makes the fold late, not wrong.
    """
    deadline = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT ledger_fold()")
            cursor.execute(
                "SELECT count(*) FROM ledger_transfer t, ledger_horizon h WHERE t.xid >= h.xid"
            )
            if cursor.fetchone()[0] == 0:
                break
            time.sleep(0.05)
        cursor.execute("SELECT coalesce(sum(debits), 0) FROM ledger_fold")
        return int(cursor.fetchone()[0])
