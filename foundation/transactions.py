"""Two writers who waited for each other: PostgreSQL ends one of them, and we try it once more.

Nothing of the one that was ended stayed, so its second try is its first one. Only a whole
transaction can be tried again: what runs inside another one leaves that to it.
"""

from collections.abc import Callable
from contextlib import ContextDecorator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection
from django.db.transaction import Atomic

P = ParamSpec("P")
R = TypeVar("R")

LOST_RACES = ("40P01", "40001")  # deadlock_detected, serialization_failure


def lost_race(error: OperationalError) -> bool:
    """Return whether PostgreSQL ended this transaction for the sake of another one."""
    return getattr(error.__cause__, "sqlstate", None) in LOST_RACES


def once_more(write: Callable[P, R]) -> Callable[P, R]:
    """Let a writer that lost a race try once more, where it is a whole transaction."""

    @wraps(write)
    def written(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return write(*args, **kwargs)
        except OperationalError as error:
            if connection.in_atomic_block or not lost_race(error):
                raise
        return write(*args, **kwargs)

    return written


def retry_lost_races() -> None:
    """Let every function under `@transaction.atomic` that loses a race be tried once more.

    A block under `with transaction.atomic()` could not be: a test keeps those out of the tree.
    """

    def decorate(self: Atomic, write: Callable[..., Any]) -> Callable[..., Any]:
        decorated = ContextDecorator.__call__(self, write)  # type: ignore[arg-type]  # its base: the stubs leave it out
        return once_more(decorated)

    Atomic.__call__ = decorate  # type: ignore[method-assign,assignment]  # the one place for all
