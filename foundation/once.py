"""Rows that many parts of a page ask for are read once while the page is made.

Prices, rates, rules and what a person may still do are such rows. Only what is asked for by GET or
HEAD keeps them: whatever may write reads them anew each time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
T = TypeVar("T")
_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept", default=None)


def once(read: Callable[P, T]) -> Callable[P, T]:
    """Decorate what reads a row: a page that asks again with the same arguments gets the same.

    A method of a query set must read the same of its whole table, whatever it was filtered by.
    """

    @wraps(read)
    def kept(*args: P.args, **named: P.kwargs) -> T:
        rows = _kept.get()
        if rows is None:
            return read(*args, **named)
        key = (read, *(getattr(each, "model", each) for each in args), *sorted(named.items()))
        if key not in rows:
            rows[key] = read(*args, **named)
        return cast(T, rows[key])

    return kept


@contextmanager
def reading() -> Iterator[None]:
    """Keep rows for a piece of work that only reads, as a page does."""
    before = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(before)


class OnceMiddleware:
    """Keeps rows for one request that only reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and forget the rows."""
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with reading():
            return self.get_response(request)
