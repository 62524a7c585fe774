"""Every address is asked with values that no browser sends, by a person who may enter: none answers
5xx, and none thinks about them for long.

The fields are those of the forms on the pages, of all form classes where no page shows a form, and
the names for which our views look into a request. Chance has a seed of its own for each address, so
that a fault comes again when the test does; `PROOF=full` takes ten turns.
"""

import random
import re
import sys
import traceback
import uuid
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from time import thread_time
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from accounts.models import User
from conftest import person
from foundation.incoming import LONGEST_TEXT
from giftplatform.tests.addresses import Things, things
from giftplatform.tests.page_forms import (
    Asker,
    Place,
    askers,
    names_asked_for,
    names_in_forms,
    places,
)
from giftplatform.tests.proof import FULL
from giftplatform.tests.staff_pages import without_sidebar
from live.models import Stream
from testing.costs import LETTERS, LONGEST_CPU_S, cpu_of, spent_by

pytestmark = pytest.mark.django_db
TURNS = 10 if FULL else 1
MOST_OF_ADMIN = 2
MOST_SENT, MOST_ASKED = 250_000, 7_900
FORM = "application/x-www-form-urlencoded"
OTHERS = str(uuid.UUID(int=7))

# As they stand in an address or a body. What is no text at all is refused as a whole by itself.
HALF = "%ED%A0%80"
BROKEN = ("%00", f"a{HALF}", "%FF%FE", "x" * 10_001)
VALUES = (
    *("abc", "-1", "0", "1", "9" * 40, "9" * 400, "1e400", "1E2000000", "-0.5", "NaN", "-Infinity"),
    *("", "+", "%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80", "%E2%80%AEmoc", "a%0D%0Ab%09", "%25s%7B%7D"),
    *("0001-01-01", "9999-12-31", "9999-12-31T23:59", "9999-12-31T23:59:59Z", "2026-02-30"),
    *("10000-01-01", "-1-1-1", "0001-01-01 00:00:00", "99:99", "24:00:00", "2026-13"),
    *(quote(word) for word in ("[1, {}]", "{}", '"x"', "null", "[" * 900 + "]" * 900, "1,2,x")),
    *(OTHERS, "custom:9", "../../etc/passwd", "//evil.example/", "javascript:1", "x" * 9_000),
    *("DE89370400440532013000", "%CD%85" * 900, "%C2%B2", "_00", "1_0", "on", "true"),
)
IN_PLACES = {
    "int": ("9" * 18, "9" * 25, "0"),
    "uuid": (OTHERS,),
    "slug": ("abc", "x" * 3_000, "9" * 40),
    "": ("abc", "9" * 40, "_00", "%00", HALF, "x" * 3_000, "1E5", "%F0%9F%91%A9", "..%5C", "-1"),
}
FILES = (
    ("empty.svg", b"", "image/svg+xml"),
    ("a\0b.svg", b"<svg", "text/html"),
    ("x" * 300 + ".json", b"[" * 50_000, "application/json"),
    ("moon.png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 300, "image/png"),
    ("bank.xml", b"<?xml version='1.0' encoding='utf-7'?><a>&b;</a>", "application/xml"),
    ("clip.webm", b"\x1a\x45\xdf\xa3" + b"\xff" * 2_000, "video/webm; charset=\xff"),
    ("large.xml", b"<a>" * 400_000, "application/xml"),
)
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {
        "Referer": "http://[x",
        "HX-Request": "true",
        "HX-Current-URL": "http://testserver//evil.example",
    },
    {"Referer": "abc", "Accept-Language": "x" * 900, "Range": f"bytes=0-{'9' * 5_000}"},
    {
        "HX-Request": "true",
        "HX-Current-URL": "//[",
        "Accept": "\xff",
        "X-Requested-With": "XMLHttpRequest",
    },
    {"Referer": "http://testserver/a%00?\xed\xa0", "If-None-Match": '"'},
    {
        "Authorization": "Token \xff",
        "If-Modified-Since": "Mon, 99 Jan 99999",
        "Accept-Encoding": "%",
    },
)
STRANGE = (
    (FORM, b"&&==;;&%&=%&a[]=1&a[0][b]=2&__proto__=1"),
    ("application/json", b'{"gift": [1]}'),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n'),
    ("multipart/form-data", b"x"),
    ("text/plain; charset=utf-7", b"+AAA-"),
)


@pytest.fixture
def there(alice: User, bob: User, dana: User, stream: Stream) -> Things:
    return things(alice=alice, bob=bob, moderator=person("max"), dana=dana, stream=stream)


@pytest.fixture
def found(
    alice: User,
    bob: User,
    dana: User,
    there: Things,
    settings: Any,
    tmp_path: Path,
) -> Iterator[dict[str, Place]]:
    settings.MEDIA_ROOT = tmp_path
    visitor, fan, creator, staff = askers(None, alice, bob, dana)
    with without_sidebar():
        yield places(there, [creator, fan, visitor], staff)


class Faults:
    """What went wrong, and where in the code."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}
        self.asked = 0
        self._headers = cycle(HEADERS)
        self._last = ""  # the error behind the last answer of 500
        got_request_exception.connect(self._note)

    def _note(self, **_: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            self._last = f"{type(error).__name__} at {frame.filename[-60:]}:{frame.lineno}"

    def ask(self, place: Place, asker: Asker, *asked: Any) -> None:
        """Ask, and note a fault, or that the answer took long."""
        self.asked += 1
        begun = thread_time()
        status = self._answer(asker, *asked)
        told = f"{asked!r:.500}"
        # 503 is what a probe says.
        if status >= 500 and not (status == 503 and place.route == "readyz"):
            self.seen.setdefault(self._last or place.route, f"{told}: {self._last}")
        took = thread_time() - begun
        # What the page costs that is drawn all the same has nothing to do with the values.
        empty = (self._answer, asker, asked[0], re.sub("=[^&]*", "=", asked[1]))
        if took > LONGEST_CPU_S and took > LONGEST_CPU_S + spent_by(*empty):
            spent = cpu_of(self._answer, asker, *asked)
            # A file that is drawn costs more than a page, and not the same each time.
            if spent > LONGEST_CPU_S + 2 * cpu_of(*empty):
                self.seen.setdefault(f"slow {place.route}", f"{told}: {spent:.2f} s")

    def _answer(
        self, asker: Asker, method: str, path: str, body: Any = b"", kind: str = FORM
    ) -> int:
        """Return the status of an answer, and take back what that changed."""
        before = transaction.savepoint()
        answer = asker.again().generic(method, path, body, kind, headers=next(self._headers))
        transaction.savepoint_rollback(before)
        connection.needs_rollback = False
        return answer.status_code


@pytest.fixture
def faults() -> Iterator[Faults]:
    kept = Faults()
    yield kept
    got_request_exception.disconnect(kept._note)


def hostile_paths(place: Place, there: Things, chance: random.Random) -> Iterator[str]:
    """Yield the address with one value after the other in its places."""
    if "<" not in place.route:
        return
    kinds = re.findall(r"<(?:(\w+):)?\w+>", re.sub(r"\(\?P<", "<str:", place.route))
    most = max(len(IN_PLACES.get(kind, IN_PLACES[""])) for kind in kinds)
    for _ in range(min(most, 3)):
        ids = dict(there.ids)
        for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", place.route):
            ids[name] = chance.choice(IN_PLACES.get(kind, IN_PLACES[""]))
        yield Things(ids, {}).path_of(place.route)


def body_of(fields: dict[str, str], chance: random.Random, share: float) -> str:
    """Return a form of which a share of the values is hostile, missing or there twice."""
    sent = []
    for name, value in fields.items():
        given = f"{quote(name)}={quote(value)}"
        if chance.random() < share:
            shape = chance.randrange(8)
            given = f"{quote(name)}={chance.choice(VALUES)}"
            sent += {0: [], 1: [given, f"{quote(name)}=", f"{quote(name)}[]=1"]}.get(shape, [given])
        else:
            sent.append(given)
    return "&".join(sent)


def with_files(place: Place, chance: random.Random) -> Iterator[bytes]:
    for file in FILES:
        fields: dict[str, Any] = dict(place.form.fields)
        for name in place.form.files:
            fields[name] = SimpleUploadedFile(*file)
        yield encode_multipart(BOUNDARY, fields)


def queries(place: Place, ours: list[str], chance: random.Random) -> Iterator[str]:
    """Yield hostile queries, with the names that the pages and our views know."""
    names = [*sorted(place.query), *chance.sample(ours, 12)]
    query = "&".join(f"{quote(name)}={chance.choice(VALUES)}" for name in names)
    yield query[:MOST_ASKED]
    yield f"{quote(chance.choice(names))}={chance.choice(BROKEN)}"


def bodies(place: Place, others: dict[str, str], chance: random.Random) -> Iterator[Any]:
    """Yield hostile forms and their kinds: all of it, some of it, broken, strange, long, files."""
    fields = place.form.fields or others
    text = quote((chance.choice(LETTERS) * LONGEST_TEXT)[:LONGEST_TEXT])
    yield "&".join(f"{quote(name)}={text}" for name in fields)[:MOST_SENT], FORM
    for share in (1.0, *((0.3, 0.1) if place.form.fields else ())):
        yield body_of(fields, chance, share), FORM
    name = quote(chance.choice(sorted(fields)))
    yield f"{body_of(place.form.fields, chance, 0)}&{name}={chance.choice(BROKEN)}", FORM
    if place.form.fields:
        yield chance.choice(STRANGE)[::-1]
    if place.form.files:
        for body in with_files(place, chance):
            yield body, MULTIPART_CONTENT


def all_asks(
    place: Place, there: Things, ours: list[str], others: dict[str, str], chance: random.Random
) -> Iterator[tuple[Any, ...]]:
    """Yield who asks an address for what, and how."""
    for asker in place.let_in[-1:]:
        for query in queries(place, ours, chance):
            yield asker, "GET", f"{place.path}?{query}"
        for path in hostile_paths(place, there, chance):
            yield asker, chance.choice(("GET", "POST")), path, "a=b"
    for asker in (place.form.shown_to or place.let_in)[-1:]:
        for body, kind in bodies(place, others, chance):
            yield asker, "POST", place.path, body, kind


def test_nothing_hostile_makes_an_address_fail(
    found: dict[str, Place], there: Things, faults: Faults
) -> None:
    ours = sorted(names_asked_for())
    others = dict.fromkeys(sorted(names_in_forms() | set(ours)), "1")
    for turn, place in product(range(TURNS), found.values()):
        chance = random.Random(f"{place.route} {turn}")
        asks = list(all_asks(place, there, ours, others, chance))
        # The pages of the admin are many, slow, and alike.
        few = place.route.startswith("admin/") and not FULL
        for asker, *asked in chance.sample(asks, min(len(asks), MOST_OF_ADMIN)) if few else asks:
            faults.ask(place, asker, *asked)
    assert faults.asked > 1_000
    assert not faults.seen, "\n".join(faults.seen.values())
