"""Waking a worker for a job after commit, and more time for a long job."""

import logging
from typing import Any

from celery import Task, current_app
from django.db import connection, transaction

log = logging.getLogger(__name__)


def nudge(task: "Task[Any, Any] | str", *ids: int | str) -> None:
    """Ask for a task, or for the task of a name, to run once the transaction is committed.

    If the message is lost, the sweep finds the row.
    """
    name = task if isinstance(task, str) else task.name

    def send() -> None:
        try:
            current_app.send_task(name, args=ids, retry=False)
        except Exception:
            log.warning("The job queue did not take %s; the sweep finds the row.", name)

    transaction.on_commit(send)


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
