"""A page's request, and numbers read from an address."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

MOST_DIGITS = 18  # every whole number that long fits into PostgreSQL's bigint


class PageRequest(HttpRequest):
    """A request for a page or a part of one: `htmx` is true where a script puts the answer in."""

    htmx: HtmxDetails


def number(text: str) -> int | None:
    """Return the whole number that was typed into an address; nothing where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
