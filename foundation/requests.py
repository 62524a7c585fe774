"""A page's request, the page it came from, and numbers read from an address."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

MOST_DIGITS = 18  # every whole number that long fits into PostgreSQL's bigint


class PageRequest(HttpRequest):
    """A request for a page or a part of one: `htmx` is true where a script puts the answer in."""

    htmx: HtmxDetails


def way_back(request: HttpRequest, address: str, otherwise: str) -> str:
    """Return the page of this site that an address names; another one where it names none."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return otherwise
    asked = urlsplit(address)
    if not asked.path.startswith("/"):
        return otherwise
    path = escape_leading_slashes(asked.path)  # two would begin another site's address
    return f"{path}?{asked.query}" if asked.query else path


def number(text: str) -> int | None:
    """Return the whole number that was typed into an address; nothing where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
