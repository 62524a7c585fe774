"""Rows that a page reads again and again."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from foundation.once import OnceMiddleware, once

reads: list[str] = []


@once
def price(currency: str) -> int:
    reads.append(currency)
    return len(reads)


def answered(method: str) -> tuple[int, ...]:
    reads.clear()
    seen: list[int] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.extend(price(each) for each in ("EUR", "EUR", "USD"))
        return HttpResponse()

    OnceMiddleware(view)(RequestFactory().generic(method, "/"))
    return tuple(seen)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_reads_a_row_once_and_the_next_page_reads_it_anew(method: str) -> None:
    assert answered(method) == (1, 1, 2)
    assert answered(method) == (1, 1, 2)
    assert price("EUR") == 3  # outside of a page it is read each time


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_may_write_reads_each_time(method: str) -> None:
    assert answered(method) == (1, 2, 3)


def test_a_page_that_fails_leaves_nothing_behind() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        price("EUR")
        raise ValueError

    with pytest.raises(ValueError):
        OnceMiddleware(view)(RequestFactory().get("/"))
    reads.clear()
    assert (price("EUR"), price("EUR")) == (1, 2)
