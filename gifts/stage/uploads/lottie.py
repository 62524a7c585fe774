"""Looking through a Lottie animation: shapes that move, and nothing that runs or is fetched."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.figures import figure
from gifts.stage.uploads.film_drawn import count_drawn
from gifts.stage.uploads.film_values import Path, refuse
from gifts.stage.uploads.limits import (
    Inspected,
    UploadRefused,
    check_bound,
    check_sides,
    duration_of,
)

LARGEST = 1_000_000
LARGEST_NUMBER = 1e9
MOST_VALUES = 120_000
DEEPEST = 60
OUTSIDE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//)|[<>]", re.IGNORECASE)
NAMES = {"nm", "mn", "t", "meta", "v"}  # what an author calls things, and words to be read
PAGE_NAMES = gettext_lazy("page names (ids and classes) are not allowed")
SLOTS = gettext_lazy("slots are not allowed. Save their values where they are used")
FILES = gettext_lazy("external files are not allowed")
FORBIDDEN = {
    "ln": PAGE_NAMES,
    "cl": PAGE_NAMES,
    "sid": SLOTS,
    "slots": SLOTS,
    "fPath": FILES,
    "sound": FILES,
}
# A text without an end is one to the end: each byte is read once.
MARKS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]|,', re.DOTALL)


def inspect(data: bytes) -> Inspected:
    """Return what this animation is. Raises `UploadRefused`."""
    check_bound(_("Lottie file size"), len(data) / 1_000, LARGEST / 1_000, "KB")
    film = read(data)
    for key in ("layers", "w", "h", "fr", "ip", "op"):
        if key not in film:
            raise UploadRefused(_("Not a Lottie file: %(key)s is missing.") % {"key": key})
    width, height, rate, first, last = (number(film, key) for key in ("w", "h", "fr", "ip", "op"))
    check_sides(width, height)
    if not 1 <= rate <= 120:
        raise UploadRefused(_("fr: %(rate)s frames per second. Use 1 to 120.") % {"rate": rate})
    for path, key, value in walk(film):
        check(path, key, value)
    count_drawn(film)
    return Inspected("json", duration_of((last - first) / rate * 1_000))


def read(data: bytes) -> dict[str, Any]:
    """Return the file as JSON, measured before it is read. Raises `UploadRefused`."""
    measure(data)

    def unreal(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        film = json.loads(
            data.decode("utf-8"), parse_constant=unreal, parse_int=whole, parse_float=fraction
        )
    except (ValueError, RecursionError):
        raise UploadRefused(_("This is not valid JSON.")) from None
    if not isinstance(film, dict):
        raise UploadRefused(_("Not a Lottie file: it contains no object."))
    return film


def measure(data: bytes) -> None:
    """Refuse a file with too many values, or too deep ones. Raises `UploadRefused`."""
    depth = values = 0
    for mark in MARKS.finditer(data):
        sign = mark[0]
        if sign in (b"[", b"{"):
            depth += 1
        elif sign in (b"]", b"}"):
            depth -= 1
        values += sign in (b"[", b"{", b",")
        if values > MOST_VALUES:
            raise UploadRefused(
                _("More than %(most)s values. Simplify the drawing.")
                % {"most": figure(MOST_VALUES)}
            )
        if depth > DEEPEST:
            raise UploadRefused(_("Nested more than %(most)s levels deep.") % {"most": DEEPEST})


def whole(text: str) -> int:
    """Return a whole number. Raises `UploadRefused` for one that no drawing needs."""
    fraction(text)
    return int(text)


def fraction(text: str) -> float:
    """Return a number. Raises `UploadRefused` for one that no drawing needs."""
    number = float(text)
    if abs(number) > LARGEST_NUMBER:
        raise UploadRefused(_("The number %(it)s is too large.") % {"it": text[:20]})
    return number


def number(film: dict[str, Any], key: str) -> float:
    """Return a number of the file. Raises `UploadRefused`."""
    value = film[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UploadRefused(_("%(key)s is not a number.") % {"key": key})
    return float(value)


def walk(film: dict[str, Any]) -> Iterator[tuple[Path, str, Any]]:
    """Give every value with where it stands and its key."""
    todo: list[tuple[Path, Any]] = [((), film)]
    while todo:
        path, node = todo.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                yield path, key, value
                todo.append(((*path, key), value))
        elif isinstance(node, list):
            todo += [((*path, at), value) for at, value in enumerate(node)]


def check(path: Path, key: str, value: object) -> None:
    """Refuse one value that is code, or leads out of the file. Raises `UploadRefused`."""
    here = (*path, key)
    if key == "x" and _holds_text(value):
        raise refuse(here, _("expressions are not allowed"))
    if key in FORBIDDEN and value:
        raise refuse(here, str(FORBIDDEN[key]))
    if path and path[0] == "assets" and key in ("p", "u") and len(path) == 2 and value:
        raise refuse(here, _("external images are not allowed. Use shapes"))
    texts = value if isinstance(value, list) else [value]
    for text in texts:
        if (
            isinstance(text, str)
            and key not in NAMES
            and "meta" not in path
            and OUTSIDE.search(text)
        ):
            raise refuse(here, _("links out of the file are not allowed"))
    if key == "ty" and not isinstance(value, int | str):
        raise refuse(here, _("unknown layer or shape type"))


def _holds_text(value: object) -> bool:
    """Return whether it is text, also within lists: a script in a list runs like one without."""
    if isinstance(value, list):
        return any(_holds_text(one) for one in value)
    return isinstance(value, str)
