"""Asking for a job after commit, and time for a long one."""

import logging
from typing import Any

from celery import Task
from django.db import connection, transaction

log = logging.getLogger(__name__)


def nudge(task: "Task[Any, Any]", *ids: int | str) -> None:
    """Ask for a task to run once the transaction is committed.

    A lost ring is found by the sweep.
    """

    def ring() -> None:
        try:
            task.apply_async(args=ids, retry=False)
        except Exception:
            log.warning("The job queue did not hear the ring for %s; the sweep will.", task.name)

    transaction.on_commit(ring)


def take_time(minutes: int) -> None:
    """Let this transaction, and each of its statements, last longer than the site's bounds."""
    with connection.cursor() as cursor:
        # A running transaction's clock is set anew only after it was stopped. 0 stops it.
        for bound in ("0", f"{minutes}min"):
            cursor.execute(
                "SELECT set_config(name, %s, true) FROM pg_settings"
                " WHERE name IN ('statement_timeout', 'transaction_timeout')",
                [bound],
            )
