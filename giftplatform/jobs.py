"""Ringing for a job: after commit, and without minding whether anybody hears."""

import logging
from typing import Any

from celery import Task
from django.db import transaction

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
