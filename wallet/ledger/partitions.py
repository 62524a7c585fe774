"""Postings and transfers in monthly parts: the switch, the months ahead, and how it stands."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from foundation import jobs

KINDS = ("posting", "transfer")
MONTHS_AHEAD = 3
# The first part may not end while it is still being made ready: it would refuse what comes then.
TIME_TO_SWITCH = timedelta(days=3)
TRIES = 60
TRIES_OF_A_JOB = 10
PAUSE_S = 1.0


class NotSwitched(Exception):
    """The tables were in use at every try, and are as they were."""


@dataclass(frozen=True)
class Part:
    """One part of a ledger table: the rows from `since` until before `until`, or those of no month.

    `rows` is the server's estimate, except in the late part, where it is counted.
    """

    kind: str
    name: str
    since: datetime | None
    until: datetime | None
    late: bool
    rows: int
    size: str


def value(sql: str, params: tuple[Any, ...] = ()) -> Any:
    """Run a statement and return the first value of its first row, if it has one."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def is_partitioned() -> bool:
    """Whether the ledger lies in monthly parts."""
    return bool(value("SELECT EXISTS (SELECT FROM ledger_months())"))


def make_months(ahead: int = MONTHS_AHEAD) -> list[str]:
    """Make the parts of this month and of those ahead that are missing; return their names.

    Does nothing while the tables are plain. Raises `NotSwitched` where they are in use all the
    time: then the next call does it.
    """
    return patiently("SELECT ledger_make_months(%s)", (ahead,), tries=TRIES_OF_A_JOB)


def parts() -> list[Part]:
    """Return every part, in order of time; none while the tables are plain."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.kind, m.part, m.since, m.until, m.late, greatest(c.reltuples, 0)::bigint,"
            " pg_size_pretty(pg_total_relation_size(c.oid))"
            " FROM ledger_months() m JOIN pg_namespace n ON n.nspname = 'ledger'"
            " JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = m.part"
            " ORDER BY m.kind, m.late, m.until"
        )
        return [
            Part(kind, name, since, until, late, rows_without_month(kind) if late else rows, size)
            for kind, name, since, until, late, rows, size in cursor.fetchall()
        ]


def months_ahead() -> int | None:
    """Return how many months after this one have their part in both tables; None while plain.

    Less than nothing: this month has none, and its rows wait in the late part.
    """
    months: int | None = value(
        "SELECT (extract(year FROM age(l.until, ledger_month(clock_timestamp()))) * 12"
        " + extract(month FROM age(l.until, ledger_month(clock_timestamp()))))::int - 1 FROM ("
        " SELECT min(k.until) AS until FROM"
        " (SELECT max(m.until) AS until FROM ledger_months() m GROUP BY m.kind) k) l"
        " WHERE l.until IS NOT NULL"
    )
    return months


def rows_without_month(kind: str) -> int:
    """Return how many rows of a partitioned table lie in none of its months."""
    return int(
        value(
            f"SELECT count(*) FROM ledger_{kind} WHERE created_at >= ("  # noqa: S608  # our own word
            " SELECT max(m.until) FROM ledger_months() m WHERE m.kind = %s)",
            (kind,),
        )
    )


def switch(tell: Callable[[str], object]) -> None:
    """Put the ledger into monthly parts, while the site goes on; `tell` gets a line per step.

    Raises `NotSwitched` where no moment was found at which nobody held the tables.
    """
    until = value("SELECT ledger_month(clock_timestamp() + %s, 1)", (TIME_TO_SWITCH,))
    with alone(), prepared(until, tell):
        patiently("SELECT ledger_partition(%s)", (until,))
        patiently("SELECT ledger_make_months(%s)", (MONTHS_AHEAD,))
    value("ANALYZE ledger_posting, ledger_transfer")
    tell(f"Switched. What was there is the first part; it ends with {until:%Y-%m-%d} UTC.")


@contextmanager
def alone() -> Iterator[None]:
    """Keep the job that makes months away meanwhile, and let statements take their time."""
    value("SET statement_timeout = 0")
    value("SELECT pg_advisory_lock(hashtext('ledger_months'))")
    try:
        yield
    finally:
        value("SELECT pg_advisory_unlock(hashtext('ledger_months'))")
        value("RESET statement_timeout")


@contextmanager
def prepared(until: datetime, tell: Callable[[str], object]) -> Iterator[None]:
    """Make what the switch needs without stopping anybody, and leave nothing behind if it fails.

    A constraint that stayed would refuse every send from `until` on. Where even the taking away is
    killed, the hourly job does it.
    """
    forget_preparation()
    try:
        for kind in KINDS:
            tell(f"Preparing {kind}s ...")
            value(
                f"CREATE UNIQUE INDEX CONCURRENTLY first_{kind}_id_moment"
                f" ON ledger_{kind} (id, created_at)"
            )
            patiently(
                f"ALTER TABLE ledger_{kind} ADD CONSTRAINT first_{kind}_until"
                f" CHECK (created_at < '{until.isoformat()}') NOT VALID"
            )
            value(f"ALTER TABLE ledger_{kind} VALIDATE CONSTRAINT first_{kind}_until")
        yield
    finally:
        if not is_partitioned():
            forget_preparation()


def forget_preparation() -> None:
    """Take away what a switch that did not come to its end prepared."""
    patiently("SELECT ledger_forget_switch()")
    for name in (f"first_{kind}_id_moment" for kind in KINDS):
        if value("SELECT to_regclass(%s)::text", (name,)):
            value(f"DROP INDEX CONCURRENTLY {name}")


def patiently(sql: str, params: tuple[Any, ...] = (), *, tries: int | None = None) -> list[Any]:
    """Run a statement that needs a table for itself, without letting others queue behind it; return
    the first value of each row.

    Half a second, then a pause in which they go on, then again. Raises `NotSwitched` in the end.
    """
    for left in reversed(range(tries or TRIES)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # What reads much, as taking in late rows does, may take longer than a page may.
                jobs.take_time(minutes=10)
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                cursor.execute(sql, params)
                return [row[0] for row in cursor.fetchall()] if cursor.description else []
        except OperationalError as error:
            if not left:
                raise NotSwitched from error
            time.sleep(PAUSE_S)
    return []
