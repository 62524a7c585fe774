"""The API's schema and its page: complete, and readable without a key."""

import pytest
from django.test import Client

from giftplatform.api_docs import chapters

pytestmark = pytest.mark.django_db


def test_the_page_shows_every_call_of_the_api(client: Client) -> None:
    page = client.get("/api/docs/")
    assert page.status_code == 200
    calls = [call for chapter in chapters() for call in chapter.calls]
    assert len(calls) > 5
    for call in calls:
        assert call.path in page.content.decode()


def test_every_call_says_what_it_does() -> None:
    silent = [call.path for chapter in chapters() for call in chapter.calls if not call.words]
    assert silent == []


def test_me_shows_what_can_be_sent_and_what_comes_back() -> None:
    (patch,) = (
        call
        for chapter in chapters()
        for call in chapter.calls
        if (call.method, call.path) == ("PATCH", "/api/v1/me/")
    )
    assert {part.name for part in patch.sends} == {
        "handle",
        "display_name",
        "country",
        "confirm_from_coins",
        "private_supporter",
    }
    ((status, _words, fields),) = patch.answers
    assert status == "200"
    assert "currency" in {part.name for part in fields}


def test_the_schema_is_there_for_programs(client: Client) -> None:
    schema = client.get("/api/schema/")
    assert schema.status_code == 200
    assert b"/api/v1/me/" in schema.content
