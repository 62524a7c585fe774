"""Staff stop a stream: for a reason, at once, once; its creator reads why."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from live import tasks
from live.models import Audience, Stream
from live.streams import services

pytestmark = pytest.mark.django_db
REASON = "Music that isn't yours."


def test_it_ends_and_its_creator_is_told_once(stream: Stream) -> None:
    for reason in (REASON, "Another one."):
        services.stop(stream=stream, reason=reason)
    stream.refresh_from_db()
    assert (stream.state, stream.stopped_because) == (Stream.State.ENDED, REASON)
    assert stream.events.filter(kind="ended").count() == 1
    tasks.send_notices()
    tasks.send_notices()
    (told,) = mail.outbox
    assert told.to == ["bob@example.com"]
    assert REASON in told.body
    assert "/contact/" in told.body


def test_what_is_over_is_not_stopped(bob: User, stream: Stream) -> None:
    services.end(creator=bob, stream=stream)
    services.stop(stream=stream, reason=REASON)
    stream.refresh_from_db()
    assert stream.stopped_because == ""
    tasks.send_notices()
    assert mail.outbox == []


def test_without_a_reason_nothing_is_stopped(stream: Stream) -> None:
    with pytest.raises(services.StopReasonMissing):
        services.stop(stream=stream, reason=" \u200b ")
    stream.refresh_from_db()
    assert stream.is_on_air


def test_the_table_knows_no_stopped_stream_on_air(stream: Stream) -> None:
    with pytest.raises(IntegrityError):
        Stream.objects.filter(pk=stream.pk).update(stopped_because=REASON)


def test_staff_stop_it_on_its_page(dana: User, bob: User, stream: Stream) -> None:
    staff, creator = Client(), Client()
    staff.force_login(dana)
    creator.force_login(bob)
    page = f"/admin/live/stream/{stream.pk}/change/"
    typed = {"title": stream.title, "stop": "on", "reason": ""}
    refused = staff.post(page, typed)
    assert "Write a reason." in refused.text
    assert Stream.objects.on_air().exists()
    staff.post(page, typed | {"reason": REASON})
    assert not Stream.objects.on_air().exists()
    assert REASON in LogEntry.objects.latest("pk").get_change_message()
    assert "Stop this stream" not in staff.get(page).text
    told = creator.get("/studio/go-live/").text
    assert "We stopped your stream" in told
    services.go_live(creator=bob, title="Once more")
    assert "We stopped your stream" not in creator.get("/studio/go-live/").text


def test_the_reason_for_a_planned_stream_is_read_too(bob: User, client: Client) -> None:
    client.force_login(bob)
    tomorrow = timezone.now() + timedelta(days=1)
    services.schedule(creator=bob, title="Another", scheduled_for=tomorrow)
    planned = services.schedule(creator=bob, title="Tomorrow", scheduled_for=tomorrow)
    services.stop(stream=planned, reason=REASON)
    assert "We stopped your stream" in client.get("/studio/go-live/").text
    services.end(creator=bob, stream=services.go_live(creator=bob, title="Once more"))
    assert "We stopped your stream" not in client.get("/studio/go-live/").text


@pytest.mark.parametrize("over", [True, False])
def test_a_title_that_staff_type_can_be_seen(
    dana: User, stream: Stream, client: Client, over: bool
) -> None:
    client.force_login(dana)
    page = f"/admin/live/stream/{stream.pk}/change/"
    if over:
        services.end(creator=stream.creator, stream=stream)
    before = stream.title
    refused = client.post(page, {"title": "\u200b"})
    assert (refused.status_code, "Enter a title" in refused.text) == (200, True)
    stream.refresh_from_db()
    assert stream.title == before
    client.post(page, {"title": "Night\u202e songs"})
    stream.refresh_from_db()
    assert stream.title == "Night songs"


def test_what_staff_change_the_room_hears(dana: User, stream: Stream, client: Client) -> None:
    client.force_login(dana)
    page = f"/admin/live/stream/{stream.pk}/change/"
    client.post(page, {"title": stream.title, "adults_only": "on"})
    (event,) = stream.events.filter(kind="changed")
    assert event.payload["adults_only"]


def test_a_page_of_staff_that_is_old_takes_no_mark_away(
    dana: User, bob: User, stream: Stream, client: Client
) -> None:
    client.force_login(dana)
    page = f"/admin/live/stream/{stream.pk}/change/"
    assert 'name="initial-adults_only"' in client.get(page).text
    old = {"title": "Quieter", "initial-title": stream.title, "initial-adults_only": "False"}
    services.change(creator=bob, stream=stream, adults_only=True)
    client.post(page, old)
    stream.refresh_from_db()
    assert (stream.title, stream.adults_only) == ("Quieter", True)


def test_who_watches_is_counted_by_the_minute(stream: Stream) -> None:
    for number, viewers in enumerate((3, 4)):
        Audience.objects.create(
            stream=stream, process=f"p{number}", viewers=viewers, seen_at=timezone.now()
        )
    tasks.count_watching()
    Audience.objects.filter(process="p1").delete()
    tasks.count_watching()
    stream.refresh_from_db()
    assert (stream.most_viewers, stream.watched_minutes) == (7, 10)
    services.end(creator=stream.creator, stream=stream)
    tasks.count_watching()
    stream.refresh_from_db()
    assert stream.watched_minutes == 10
