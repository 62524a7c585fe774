"""Figures as their reader writes them: 12,345.60 or 12.345,60, and on which side the € stands.

The words of a page stay in its language; the figures follow the language that the reader's browser
asks for first. Here is where the server writes them. Scripts copy the example in the page's
`data-figures` (`giftplatform/static/js/page.js`), so that both write alike. What is written without
a request (emails, files, jobs) has the figures of the site's own language.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property, lru_cache

from babel import Locale
from babel.numbers import get_currency_symbol
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header

# The locales that write differently from each other. What a header asks for beyond them is written
# as in its language, or the site's own: Babel keeps each locale that it ever read, at 250 KB.
KNOWN = frozenset(
    """
    af az bg bn ca cs da de de_at de_ch el en en_au en_ca en_gb en_ie en_in en_nz en_sg en_za es
    es_ar es_cl es_co es_mx es_us et eu fi fil fr fr_be fr_ca fr_ch ga gl hi hr hu hy id is it it_ch
    ja ka kk ko lb lt lv mr ms mt nb nl nl_be nn no pl pt pt_pt ro ru sk sl sr sv sw ta te th tr uk
    vi zh zh_hk zh_tw
    """.split()  # noqa: SIM905  # as words they can be read
)
NO_BREAK = "\u00a0"
LATIN = "latn"  # the digits 0 to 9, as in the words around them


@dataclass(frozen=True)
class Figures:
    """How the readers of one locale write numbers and money."""

    locale: Locale

    @cached_property
    def _signs(self) -> dict[str, str]:
        systems = self.locale.number_symbols
        signs: dict[str, str] = systems.get(LATIN) or next(iter(systems.values()))
        return signs

    def number(self, value: Decimal | int, places: int | None = None) -> str:
        """Return a number with its thousands apart; with so many decimals, or all that it has."""
        value = Decimal(value)
        if places is not None:
            value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        whole, _point, rest = f"{abs(value):f}".partition(".")
        sign = "-" if value < 0 else ""
        return sign + self._grouped(whole) + (self._signs["decimal"] + rest if rest else "")

    def money(self, value: Decimal, currency: str, places: int) -> str:
        """Return an amount with its currency where these readers put it."""
        pattern = self.locale.currency_formats["standard"]
        symbol = get_currency_symbol(currency, self.locale)
        before, after = (
            part.replace("¤", symbol) for part in (pattern.prefix[0], pattern.suffix[0])
        )
        # A currency of letters keeps off its figure: EUR 10.
        before += NO_BREAK if before[-1:].isalpha() else ""
        after = (NO_BREAK if after[:1].isalpha() else "") + after
        sign = "-" if value < 0 else ""
        return f"{sign}{before}{self.number(abs(value), places)}{after}"

    def _grouped(self, whole: str) -> str:
        first, later = self.locale.decimal_formats[None].grouping
        groups = [whole[-first:]]
        whole = whole[:-first]
        while whole:
            groups.insert(0, whole[-later:])
            whole = whole[:-later]
        return self._signs["group"].join(groups)


@lru_cache(maxsize=500)
def figures_of(asked: str) -> Figures:
    """Return the figures of a browser's `Accept-Language`; the site's own where it says none.

    Who reads from right to left has the site's own as well, until there is a page in their words.
    """
    wanted = [tag for tag, _q in parse_accept_lang_header(asked) if tag != "*"]
    parts = wanted[0].split("-") if wanted else []
    while parts:
        name = "_".join(parts).lower()
        if name in KNOWN:
            return Figures(Locale.parse(name))
        parts.pop()
    return Figures(Locale.parse(settings.LANGUAGE_CODE, sep="-"))


_asked: ContextVar[str] = ContextVar("asked", default="")


def current() -> Figures:
    """Return the figures of who reads what is being written."""
    return figures_of(_asked.get())


@contextmanager
def read_by(accept_language: str) -> Iterator[None]:
    """Write for a reader whose browser asks for these languages."""
    token = _asked.set(accept_language)
    try:
        yield
    finally:
        _asked.reset(token)


class FiguresMiddleware:
    """Let each answer have the figures of its reader."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the reader's figures."""
        with read_by(request.headers.get("Accept-Language", "")):
            return self.get_response(request)


def figure(value: Decimal | int) -> str:
    """Return a number as its reader writes it: 12,345."""
    return current().number(value)


def example() -> str:
    """Return the figure from which scripts learn how this page writes them: 12,345,678.9."""
    return current().number(Decimal("12345678.9"))
