"""Every call of the API is asked with values that no program sends: none answers 5xx, and a body
that is no text is refused before anything reads it.

Each call meets a few of the values, other ones than its neighbours, so that it stays short.
"""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, cycle, repeat
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Creator
from conftest import give_coins, person
from foundation.incoming import LARGEST_JSON, LONGEST_TEXT, MOST_VALUES
from live.models import Stream
from live.streams.services import go_live
from testing.browsers import just_signed_in
from testing.costs import LETTERS, LONGEST_CPU_S, cpu_of

pytestmark = pytest.mark.django_db
JSON = "application/json"

HALF = "%ED%A0%80"  # of a surrogate pair, as bytes
# No text at all: what has one of these is refused as a whole, so they do not mix with the others.
BROKEN = ["%00", HALF]
TYPED = ["abc", "-1", "9" * 40, "1e400", "9" * 300, "%5B" * 90, "NaN", "a%0Ab", "", "0001-01-01"]
IN_PLACES = ["abc", "9" * 40, "_00", "%00", HALF, "x" * 3_000, "1E5"]
BY_KIND = {"uuid": [str(uuid.UUID(int=7))], "int": ["1", "9" * 25], "slug": ["abc"]}
BROKEN_SENT = ['"\\ud800"', '"a\\u0000"']
SENT = [
    *("null", "-1", "1e400", "9" * 40, '""', "{}", '["abc", 1]'),
    *(f'"{"x" * 9_000}"', "[" * 12 + "]" * 12, "true", f'"{uuid.UUID(int=7)}"', '"9999-12-31"'),
]


@pytest.fixture
def stream(db: None) -> Stream:
    """The room of a person who may do everything, so that no right stands before the input."""
    user = person("dana", is_staff=True, is_superuser=True, is_creator=True)
    Creator.objects.create(user=user, trust="trusted")
    give_coins(user, 500)
    return go_live(creator=user, title="Night")


@pytest.fixture
def ask(stream: Stream) -> Any:
    """Return what asks, and takes back what that changed; its answer is the response."""
    client = Client(raise_request_exception=False)
    client.force_login(stream.creator)
    just_signed_in(client)
    cookies = client.cookies.output(header="", sep=";")

    def asked(method: str, path: str, body: str = "", kind: str = JSON) -> Any:
        client.cookies.load(cookies)
        with transaction.atomic():
            answer = client.generic(method, path, body, kind)
            transaction.set_rollback(True)
        return answer

    return asked


def filled(route: str, stream: Stream, values: Iterator[str]) -> str:
    """Return the address of a route, its places filled."""

    def value(place: re.Match[str]) -> str:
        if place[2] in {"stream_id", "public_id"}:
            return str(stream.public_id)
        kind = BY_KIND.get(place[1] or "str")
        return kind[len(route) % len(kind)] if kind else next(values)

    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", value, route).replace("\\", "")


@dataclass(frozen=True)
class Call:
    """A call of the API: where, and the names of its body and of its query."""

    method: str
    route: str
    fields: list[str]
    query: list[str]

    def body(self, values: Iterator[str]) -> str:
        """Return a body with these values under the names that the call takes."""
        pairs = zip(self.fields, values, strict=False)
        return "{" + ", ".join(f'"{name}": {value}' for name, value in pairs) + "}"


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    with GENERATOR_STATS.silence():
        schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # ships no types
    found = []
    for path, methods in schema["paths"].items():
        route = re.sub(r"\{(\w+)\}", r"<\1>", path[1:])
        for method, call in methods.items():
            shape = re.search(r"#/components/schemas/(\w+)", str(call.get("requestBody", {})))
            fields = schema["components"]["schemas"][shape[1]]["properties"] if shape else {}
            named = [one["name"] for one in call.get("parameters", []) if one["in"] == "query"]
            found.append(Call(method.upper(), route, list(fields), named))
    return found


def test_no_value_makes_a_call_of_the_api_fail(ask: Any, stream: Stream, calls: list[Call]) -> None:
    failed, places, sent = [], cycle(IN_PLACES), cycle(SENT)
    for call in calls:
        path = filled(call.route, stream, places)
        for values in (sent, sent, sent, *(repeat(value) for value in BROKEN_SENT)):
            body = call.body(values)
            if ask(call.method, path, body).status_code >= 500:
                failed.append((call.method, path, body[:300]))
        for value in chain(TYPED, BROKEN) if call.query else ():
            query = "&".join(f"{name}={value}" for name in call.query)
            if ask(call.method, f"{path}?{query}", "{}").status_code >= 500:
                failed.append((call.method, path, query[:300]))
    assert not failed


def test_no_call_of_the_api_reads_what_is_no_text(
    ask: Any, stream: Stream, calls: list[Call]
) -> None:
    """Some fields would refuse it by themselves; whether one does decides nothing."""
    passed = []
    for call in calls:
        path = filled(call.route, stream, repeat("abc"))
        for value in BROKEN_SENT if call.fields else ():
            answer = ask(call.method, path, call.body(repeat(value)))
            told = (answer.status_code, answer.json()["code"])
            each = (400, "check_input") if call.route.endswith("gifts/batch/") else None
            if told not in {(400, "unreadable_input"), (404, "not_found"), each}:
                passed.append((call.method, path, told))
    assert not passed


def test_no_call_of_the_api_takes_long_for_its_longest_body(
    ask: Any, stream: Stream, calls: list[Call]
) -> None:
    slow, letters = [], cycle(LETTERS)
    for call in calls:
        path = filled(call.route, stream, repeat("abc"))
        for shape in ('"%s"', '["%s"]') if call.fields else ():
            one = next(letters)
            text = json.dumps((one * LONGEST_TEXT)[:LONGEST_TEXT])[1:-1]
            body = call.body(repeat(shape % text))[:LARGEST_JSON]
            if (spent := cpu_of(ask, call.method, path, body)) > LONGEST_CPU_S:
                slow.append((call.method, path, one, spent))
        many = call.body(repeat(f"[{'1,' * (MOST_VALUES - 100)}1]"))
        if (spent := cpu_of(ask, call.method, path, many)) > LONGEST_CPU_S:
            slow.append((call.method, path, "many", spent))
    assert not slow
