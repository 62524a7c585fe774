"""Another time for a stream that comes: by its creator, by the API, by staff."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Scope, User
from conftest import api_key, person
from live import tasks
from live.models import Event, Notice, Stream
from live.streams import services
from live.streams.services import HasStarted, InThePast, StreamEnded, TooFarAhead

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


@pytest.fixture
def planned(bob: User) -> Stream:
    at = (timezone.now() + TOMORROW).replace(second=30, microsecond=0)
    return services.schedule(creator=bob, title="Night songs", scheduled_for=at)


def test_the_room_hears_of_the_new_time_once(bob: User, planned: Stream) -> None:
    at = timezone.now() + 2 * TOMORROW
    for _again in range(2):
        services.reschedule(creator=bob, stream=planned, scheduled_for=at)
    planned.refresh_from_db()
    assert planned.scheduled_for == at
    (event,) = Event.objects.filter(stream=planned)
    assert event.kind == "rescheduled"
    assert datetime.fromisoformat(event.payload["scheduled_for"]) == at


def test_what_cannot_be_planned_changes_nothing(bob: User, planned: Stream) -> None:
    before = planned.scheduled_for
    for moved, refusal in ((-TOMORROW, InThePast), (400 * TOMORROW, TooFarAhead)):
        with pytest.raises(refusal):
            services.reschedule(creator=bob, stream=planned, scheduled_for=timezone.now() + moved)
    planned.refresh_from_db()
    assert planned.scheduled_for == before
    assert not Event.objects.exists()


def test_what_is_live_or_over_is_not_moved(bob: User, planned: Stream) -> None:
    at = timezone.now() + 2 * TOMORROW
    services.start(creator=bob, stream=planned)
    with pytest.raises(HasStarted):
        services.reschedule(creator=bob, stream=planned, scheduled_for=at)
    services.end(creator=bob, stream=planned)
    with pytest.raises(StreamEnded):
        services.reschedule(creator=bob, stream=planned, scheduled_for=at)


def test_nobody_moves_another_ones(planned: Stream) -> None:
    with pytest.raises(Stream.DoesNotExist):
        services.reschedule(
            creator=person("mira", is_creator=True),
            stream=planned,
            scheduled_for=timezone.now() + TOMORROW,
        )


def test_followers_are_told_when_it_begins_and_not_before(
    bob: User, alice: User, planned: Stream
) -> None:
    services.follow(user=alice, creator=bob)
    services.reschedule(creator=bob, stream=planned, scheduled_for=timezone.now() + 2 * TOMORROW)
    assert not Notice.objects.exists()
    services.start(creator=bob, stream=planned)
    tasks.send_notices()
    assert [sent.to for sent in mail.outbox] == [[alice.email]]


def test_the_api_moves_it(client: Client, bob: User, planned: Stream) -> None:
    page = f"/api/v1/me/streams/{planned.public_id}/time/"
    how = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Token {api_key(bob, Scope.EARN)}"},
    }
    moved = client.put(page, {"scheduled_for": "2099-01-01T20:00:00Z"}, **how)  # type: ignore[arg-type]
    assert (moved.status_code, moved.json()["code"]) == (422, "too_far_ahead")
    at = (timezone.now() + 3 * TOMORROW).replace(microsecond=0)
    moved = client.put(page, {"scheduled_for": at.isoformat()}, **how)  # type: ignore[arg-type]
    assert datetime.fromisoformat(moved.json()["scheduled_for"]) == at
    others = person("mira", is_creator=True)
    how["headers"] = {"Authorization": f"Token {api_key(others)}"}
    assert client.put(page, {"scheduled_for": at.isoformat()}, **how).status_code == 404  # type: ignore[arg-type]


def test_staff_move_it_as_its_creator_would(client: Client, dana: User, planned: Stream) -> None:
    client.force_login(dana)
    page = f"/admin/live/stream/{planned.pk}/change/"
    at = (timezone.now() + 2 * TOMORROW).astimezone(UTC).replace(second=0, microsecond=0)
    typed = {"title": planned.title, "scheduled_for_0": f"{at:%Y-%m-%d}"}
    client.post(page, typed | {"scheduled_for_1": f"{at:%H:%M:%S}"})
    planned.refresh_from_db()
    assert planned.scheduled_for == at
    assert Event.objects.filter(kind="rescheduled").count() == 1
    past = {"scheduled_for_0": "2020-01-01", "scheduled_for_1": "20:00:00"}
    assert "in the past" in client.post(page, typed | past).text
    planned.refresh_from_db()
    assert planned.scheduled_for == at
