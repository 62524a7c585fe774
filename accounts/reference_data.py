"""Reference data: what staff decide and every page reads, such as prices, rates, rules and terms.

A process reads such rows once and keeps them until one of them changes. The database gives all of
them together one version, which triggers renew with every change (`accounts/sql/reference.sql`);
what was read is kept under the version that was found before it was read. A version is a random
UUID: a number that a transaction took and gave back would come again with other rows.
"""

import copy
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import connection, models

from foundation.once import once

P = ParamSpec("P")
T = TypeVar("T")

VERSIONS = 4  # a transaction that changes something reads under a version of its own
MOST_ROWS = 2_000  # arguments come from addresses too

READS: list[Callable[..., Any]] = []  # what is decorated, for the test that each table is watched

_kept: OrderedDict[UUID, dict[Any, Any]] = OrderedDict()
_held: ContextVar[UUID | None] = ContextVar("held", default=None)


def reference_data(read: Callable[P, T]) -> Callable[P, T]:
    """Decorate what reads rows of tables with the trigger: it reads them when they have changed.

    The answer must hold at every moment: of rows with dates it has those in force and those to
    come, and who asks decides which of them has begun. Each caller gets copies of the rows; rows
    that hang on them (a country's region, a pack's prices) are everybody's, and are never changed.
    """

    READS.append(read)

    @wraps(read)
    def kept(*args: P.args, **named: P.kwargs) -> T:
        rows = _rows_of(version())
        key = (read, *args, *sorted(named.items()))
        if key not in rows:
            if len(rows) >= MOST_ROWS:
                rows.clear()
            rows[key] = read(*args, **named)
        return cast(T, _copied(rows[key]))

    return kept


def version() -> UUID:
    """Return the version of all reference data, as one page or one piece of work finds it."""
    return _held.get() or _version()


@contextmanager
def held() -> Iterator[None]:
    """Let a piece of work that changes no reference data ask for the version once, at its start.

    What waits for a lock begins a new one behind it: what changed meanwhile counts.
    """
    before = _held.set(_version())
    try:
        yield
    finally:
        _held.reset(before)


@once
def _version() -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM accounts_referenceversion")
        [found] = cursor.fetchone()
    return cast(UUID, found)


def _rows_of(found: UUID) -> dict[Any, Any]:
    rows = _kept.get(found)
    if rows is None:
        rows = _kept[found] = {}
        while len(_kept) > VERSIONS:
            _kept.popitem(last=False)
    return rows


def _copied(found: Any) -> Any:
    """Copy rows: what one page works out with a row is not another's."""
    if isinstance(found, models.Model):
        return copy.copy(found)
    if isinstance(found, list):
        return [copy.copy(row) for row in found]
    return found
