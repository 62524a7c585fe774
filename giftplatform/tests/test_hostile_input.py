"""Every call of the API is asked with values that nobody sends: none answers 5xx.

Each call meets a few of the values, other ones than its neighbours, so that it stays short.
"""

import re
import uuid
from collections.abc import Iterator
from itertools import chain, cycle, repeat
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Creator
from conftest import give_coins, person
from live.models import Stream
from live.streams.services import go_live

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
    """Return what asks, and takes back what that changed; its answer is the status."""
    client = Client(raise_request_exception=False)
    client.force_login(stream.creator)
    cookies = client.cookies.output(header="", sep=";")

    def asked(method: str, path: str, body: str = "", kind: str = JSON) -> int:
        client.cookies.load(cookies)
        with transaction.atomic():
            status: int = client.generic(method, path, body, kind).status_code
            transaction.set_rollback(True)
        return status

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


def test_no_value_makes_a_call_of_the_api_fail(ask: Any, stream: Stream) -> None:
    with GENERATOR_STATS.silence():
        schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # ships no types
    failed, places, sent = [], cycle(IN_PLACES), cycle(SENT)
    for route, methods in schema["paths"].items():
        path = filled(re.sub(r"\{(\w+)\}", r"<\1>", route[1:]), stream, places)
        for method, call in methods.items():
            ref = str(call.get("requestBody", {}))
            shape = re.search(r"#/components/schemas/(\w+)", ref)
            fields = schema["components"]["schemas"][shape[1]]["properties"] if shape else {}
            for values in (sent, sent, sent, *(repeat(value) for value in BROKEN_SENT)):
                body = ", ".join(
                    f'"{name}": {value}' for name, value in zip(fields, values, strict=False)
                )
                if ask(method.upper(), path, f"{{{body}}}", JSON) >= 500:
                    failed.append((method, path, body[:300]))
            named = [one["name"] for one in call.get("parameters", []) if one["in"] == "query"]
            for value in chain(TYPED, BROKEN) if named else ():
                query = "&".join(f"{name}={value}" for name in named)
                if ask(method.upper(), f"{path}?{query}", "{}", JSON) >= 500:
                    failed.append((method, path, query[:300]))
    assert not failed
