"""Rows that wait for a worker: it leases a few, and what goes wrong is tried later and later.

Such a row has `due_at`, `attempts` and, where staff are told, `needs_attention`.
"""

import logging
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.db.models.functions import Now

from foundation.errors import DomainError

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)
LONGEST_WAIT = timedelta(minutes=10)
TROUBLE_AFTER = 6


@transaction.atomic
def claim(rows: QuerySet[Row], *, lease: timedelta, most: int, **noted: object) -> list[Row]:
    """Return the rows that are due longest, leased, with this try among their `attempts`.

    No other worker takes them meanwhile; if this one dies, they are due again after the lease.
    The rows that are returned are due at the end of the lease: another moment means that somebody
    made them due meanwhile. What is `noted` is written with the lease; they do not have it.
    """
    due = rows.filter(due_at__lte=Now()).order_by("due_at", "pk")
    locked = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
    claimed: list[Any] = list(locked[:most])
    mine = rows.model._default_manager.filter(pk__in=[row.pk for row in claimed])
    mine.update(due_at=Now() + lease, attempts=F("attempts") + 1, **noted)
    leased = dict(mine.values_list("pk", "due_at")) if claimed else {}
    for row in claimed:
        row.attempts += 1
        row.due_at = leased[row.pk]
    return claimed


def put_off(row: Any, name: str, trouble: Exception) -> None:
    """Note why a claimed row went wrong, have it tried later, and tell staff when it goes on."""
    known = isinstance(trouble, DomainError)
    log.warning("%s: %s", name, trouble, exc_info=None if known else trouble)
    wait = min(timedelta(seconds=2 ** min(row.attempts, 12)), LONGEST_WAIT)
    note = f"{type(trouble).__name__}: {trouble}"[:200] if row.attempts >= TROUBLE_AFTER else ""
    type(row)._default_manager.filter(pk=row.pk, due_at__isnull=False).update(
        due_at=Now() + wait, needs_attention=note
    )
