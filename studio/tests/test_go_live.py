"""Going live from the studio's page, and changing what is said of a stream."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

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


@pytest.fixture
def planned(bob: User) -> Stream:
    at = (timezone.now() + timedelta(days=1)).replace(second=30)
    return services.schedule(creator=bob, title="Later", scheduled_for=at)


def test_a_stream_that_comes_is_moved(studio: Client, planned: Stream) -> None:
    page = f"/studio/go-live/{planned.public_id}/"
    assert page in studio.get("/studio/go-live/").text
    assert planned.scheduled_for
    assert f'data-at="{planned.scheduled_for.isoformat()}"' in studio.get(page).text
    day = planned.scheduled_for + timedelta(days=3)
    typed = TYPED | {"scheduled_for": f"{day:%Y-%m-%d}T20:30", "zone": "Asia/Tokyo"}
    assert studio.post(page, typed).status_code == 302
    planned.refresh_from_db()
    assert planned.title == "Requests"
    assert planned.scheduled_for == datetime(
        day.year, day.month, day.day, 20, 30, tzinfo=ZoneInfo("Asia/Tokyo")
    )


def test_only_its_title_changes_where_the_time_stays(studio: Client, planned: Stream) -> None:
    before = planned.scheduled_for
    assert before
    Stream.objects.update(scheduled_for=before - timedelta(days=2))  # its time went by
    at = before - timedelta(days=2)
    typed = TYPED | {"scheduled_for": f"{at:%Y-%m-%dT%H:%M}", "zone": "UTC"}
    assert studio.post(f"/studio/go-live/{planned.public_id}/", typed).status_code == 302
    planned.refresh_from_db()
    assert (planned.title, planned.scheduled_for) == ("Requests", at)


@pytest.mark.parametrize("typed", ["", "2020-01-01T10:00", "2999-01-01T10:00", "soon"])
def test_a_time_that_cannot_be_changes_nothing(studio: Client, planned: Stream, typed: str) -> None:
    page = f"/studio/go-live/{planned.public_id}/"
    answer = studio.post(page, TYPED | {"scheduled_for": typed, "zone": "UTC"})
    assert answer.status_code == 422
    assert "field__error" in answer.text
    before = planned.scheduled_for
    planned.refresh_from_db()
    assert (planned.title, planned.scheduled_for) == ("Later", before)
