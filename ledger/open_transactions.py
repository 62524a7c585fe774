"""Transactions that are open and have written: the checkpoint waits for them."""

from datetime import datetime

from django.db import connection

# Whose sessions our role may not look into has no beginning here. The one of them that the
# checkpoint stands at was open when the checkpoint came to stand there.
OPEN_SINCE = """
SELECT s.xact_start FROM pg_stat_activity s
WHERE s.backend_xid IS NOT NULL AND s.pid <> pg_backend_pid() AND s.xact_start IS NOT NULL
UNION ALL
SELECT prepared FROM pg_prepared_xacts
UNION ALL
SELECT h.moved_at FROM ledger_checkpoint h
JOIN pg_stat_activity s ON s.backend_xid = h.xid::xid AND s.xact_start IS NULL
ORDER BY 1
"""


def open_since() -> list[datetime]:
    """Return since when each transaction that has written is open, the oldest first.

    The checkpoint cannot pass the oldest of them: balances stay right and take longer to read.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN_SINCE)
        return [began for (began,) in cursor.fetchall()]
