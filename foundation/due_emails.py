"""Emails that are due by rows, one after the other: twice rather than never."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.db.models.functions import Now

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)
AT_ONCE = 100
LEASE = timedelta(minutes=5)
LONGEST_WAIT = 12  # leases


def send_due(
    rows: QuerySet[Row],
    send: Callable[[Row], bool],
    told: Callable[[Row, bool], object],
    *,
    due: str = "notify_at",
    tries: str = "",
    raises: bool = False,
) -> int:
    """Send the email of each row that is due, the one that waits longest first, and return how many
    were sent.

    `send` says whether there was something to tell, and `told` notes what became of the row. A row
    that the mail server does not take is due again after a lease, and later with each of its
    `tries` where they are counted; the others go on. If it `raises`, the round ends there, and the
    task that sends fails for all to see.
    """
    sent = 0
    for _turn in range(AT_ONCE):
        row = _lease(rows, due, tries)
        if row is None:
            break
        try:
            went = send(row)
        except OSError:
            if raises:
                raise
            kind = row._meta.verbose_name
            log.warning("The mail server did not take the email of %s %s; it waits.", kind, row.pk)
            continue
        told(row, went)
        sent += went
    return sent


@transaction.atomic
def _lease(rows: QuerySet[Row], due: str, tries: str) -> Row | None:
    """Return the row that is due longest: no other worker sends it meanwhile."""
    waiting = rows.filter(**{f"{due}__lte": Now()}).order_by(due, "pk")
    row = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if row is not None:
        before = getattr(row, tries) if tries else 0
        later = {due: Now() + LEASE * min(before + 1, LONGEST_WAIT)}
        counted = {tries: F(tries) + 1} if tries else {}
        type(row)._default_manager.filter(pk=row.pk).update(**later, **counted)
    return row
