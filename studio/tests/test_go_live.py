"""Going live from the studio's page, and changing what is said of a stream."""

import pytest
from django.test import Client

from accounts.models import User
from live.models import Stream
from live.streams import services

pytestmark = pytest.mark.django_db
TYPED = {"title": "Requests", "topic": "music", "language": "de", "adults_only": "on"}


@pytest.fixture
def studio(bob: User) -> Client:
    """Bob, signed in."""
    client = Client()
    client.force_login(bob)
    return client


def test_a_stream_begins_as_it_was_described(studio: Client) -> None:
    studio.post("/studio/go-live/", TYPED | {"when": "now"})
    stream = Stream.objects.get()
    assert (stream.title, stream.topic, stream.language) == ("Requests", "music", "de")
    assert stream.adults_only
    assert stream.is_on_air


def test_the_next_one_is_described_as_the_last(bob: User, studio: Client) -> None:
    services.end(creator=bob, stream=services.go_live(creator=bob, title="A", topic="food"))
    assert '<option value="food" selected>' in studio.get("/studio/go-live/").text


def test_it_is_changed_while_it_is_live(studio: Client, stream: Stream) -> None:
    page = f"/studio/go-live/{stream.public_id}/"
    assert page in studio.get("/studio/go-live/").text
    assert stream.title in studio.get(page).text
    saved = studio.post(page, TYPED)
    assert saved.headers["Location"] == "/studio/go-live/"
    stream.refresh_from_db()
    assert (stream.title, stream.adults_only) == ("Requests", True)


def test_what_cannot_be_shown_comes_back_with_a_sentence(studio: Client, stream: Stream) -> None:
    page = f"/studio/go-live/{stream.public_id}/"
    for wrong in ({"title": ""}, {"title": "\u200b"}, {"topic": "crime"}, {"language": "xx"}):
        answer = studio.post(page, TYPED | wrong)
        assert answer.status_code == 422
        assert "field__error" in answer.text
    stream.refresh_from_db()
    assert stream.title == "Bob plays at night"


def test_what_is_over_is_not_changed(bob: User, studio: Client, stream: Stream) -> None:
    services.end(creator=bob, stream=stream)
    assert studio.get(f"/studio/go-live/{stream.public_id}/").status_code == 404
