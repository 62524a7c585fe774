"""The API's schema and its page: complete, and readable without a key."""

from time import process_time
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from giftplatform.api.schema import drawn

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    with GENERATOR_STATS.silence():
        return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return, no-untyped-call]  # ships no types


def calls(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, call)
        for path, methods in schema["paths"].items()
        if path.startswith("/api/v1/")
        for method, call in methods.items()
    ]


def test_the_page_draws_the_schema_without_a_key(client: Client) -> None:
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert 'data-api-schema="/api/schema/"' in page.content.decode()
    assert "unsafe" not in page["Content-Security-Policy"]


def test_the_schema_is_drawn_once_and_sent_to_those_who_lack_it(client: Client) -> None:
    drawn.cache_clear()
    first = client.get("/api/schema/")
    with patch.object(SchemaGenerator, "get_schema", side_effect=AssertionError):
        spent = process_time()
        again = client.get("/api/schema/")
        known = client.get("/api/schema/", headers={"If-None-Match": first["ETag"]})
        spent = process_time() - spent
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert (known.status_code, known.content) == (304, b"")
    assert spent < 0.1
    json = client.get("/api/schema/", headers={"Accept": "application/json, */*;q=0.5"})
    assert json.json()["info"]["title"] == "Giftplatform API"
    assert "Accept," in json["Vary"]
    assert json["ETag"] != first["ETag"]


def test_every_call_says_what_it_does(schema: dict[str, Any]) -> None:
    assert len(calls(schema)) > 5
    assert [path for path, _, call in calls(schema) if not call.get("description")] == []


def test_me_shows_what_can_be_sent_and_what_comes_back(schema: dict[str, Any]) -> None:
    (patch,) = (call for path, method, call in calls(schema) if (path, method) == ME)
    sent = schema["components"]["schemas"]["PatchedMe"]["properties"]
    assert {name for name, field in sent.items() if not read_only(field)} == {
        "handle",
        "display_name",
        "country",
        "confirm_from_coins",
        "private_supporter",
    }
    assert set(patch["responses"]) == {"200"}
    assert "currency" in schema["components"]["schemas"]["Me"]["properties"]


def test_every_call_says_which_scope_a_key_needs(schema: dict[str, Any]) -> None:
    for path, method, call in calls(schema):
        public = {} in call["security"]
        assert public or call["x-scope"] in {"read", "send", "earn"}, (method, path)
        assert public or f"Scope of the key: `{call['x-scope']}`." in call["description"]
        assert {"apiKey": []} in call["security"], (method, path)
    described = schema["components"]["securitySchemes"]["apiKey"]["description"]
    assert all(f"`{scope}`" in described for scope in ("read", "send", "earn"))


ME = ("/api/v1/me/", "patch")


def read_only(field: dict[str, Any]) -> bool:
    return bool(field.get("readOnly"))


def test_the_schema_is_there_for_programs(client: Client) -> None:
    schema = client.get("/api/schema/")
    assert schema.status_code == 200
    assert b"/api/v1/me/" in schema.content


def test_no_two_calls_or_choices_go_by_one_name(capsys: pytest.CaptureFixture[str]) -> None:
    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # ships no types
    said = capsys.readouterr().err
    assert "collision" not in said
