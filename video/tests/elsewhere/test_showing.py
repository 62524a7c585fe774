"""Video from elsewhere in a room: shown and taken away by presses, and by nothing else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.creators import NotACreator
from accounts.models import Scope, User
from conftest import api_key, person
from foundation.errors import WrongState
from live.models import Event, Stream
from live.streams import services as streams
from video import broadcasts
from video.elsewhere import services
from video.models import Broadcast, Elsewhere
from video.pictures import encoder_of, picture_of
from video.troubles import Trouble

pytestmark = pytest.mark.django_db
YOUTUBE = "https://youtu.be/dQw4w9WgXcQ"
HLS = "https://video.example.net/live/index.m3u8"
Source = Broadcast.Source


def told(stream: Stream) -> list[str]:
    events = Event.objects.filter(stream=stream, kind="picture").order_by("pk")
    return [event.payload["state"] for event in events]


def live(creator: User, source: Broadcast.Source = Source.BROWSER) -> Broadcast:
    coming = broadcasts.connect(creator=creator, source=source)
    return broadcasts.show(broadcast=coming, width=640, height=360)


def test_a_press_begins_the_stream_and_the_room_is_told(bob: User) -> None:
    shown = services.show(creator=bob, address=YOUTUBE, title="Night songs")
    stream = Stream.objects.get()
    assert (stream.is_on_air, stream.title) == (True, "Night songs")
    assert picture_of(stream).elsewhere == shown
    (event,) = Event.objects.filter(kind="picture")
    assert event.payload == {
        "state": "elsewhere",
        "src": "",
        "name": "YouTube",
        "host": "www.youtube-nocookie.com",
    }


def test_it_starts_the_stream_that_is_due(bob: User) -> None:
    soon = timezone.now() + timedelta(minutes=10)
    room = streams.schedule(creator=bob, title="Night songs", scheduled_for=soon)
    assert services.show(creator=bob, address=YOUTUBE).stream == room


def test_the_same_again_changes_nothing(bob: User, stream: Stream) -> None:
    first = services.show(creator=bob, address=YOUTUBE)
    assert services.show(creator=bob, address=f"{YOUTUBE}?si=2") == first
    assert told(stream) == ["elsewhere"]


def test_another_takes_its_place_and_what_was_shown_stays_on_record(
    bob: User, stream: Stream
) -> None:
    services.show(creator=bob, address=YOUTUBE)
    services.show(creator=bob, address=HLS)
    shown = picture_of(stream).elsewhere
    assert shown and shown.address == HLS
    assert Elsewhere.objects.count() == 2
    assert told(stream) == ["elsewhere", "elsewhere"]


def test_taken_away_the_stream_goes_on(bob: User, stream: Stream) -> None:
    services.show(creator=bob, address=YOUTUBE)
    services.take_away(creator=bob)
    services.take_away(creator=bob)
    stream.refresh_from_db()
    assert stream.is_on_air
    assert picture_of(stream)[:2] == ("", "")
    assert told(stream) == ["elsewhere", ""]


def test_no_picture_ends_it_and_the_end_of_the_stream_does(bob: User, stream: Stream) -> None:
    services.show(creator=bob, address=YOUTUBE)
    broadcasts.sweep(watching_since=timezone.now() - timedelta(days=1))
    stream.refresh_from_db()
    assert picture_of(stream).elsewhere
    streams.stop(stream=stream, reason="Not yours to show")
    stream.refresh_from_db()
    assert picture_of(stream).elsewhere is None
    assert not Elsewhere.objects.shown().exists()


def test_what_came_in_ends_with_a_sentence_and_the_stream_goes_on(bob: User) -> None:
    coming = live(bob, Source.RTMP)
    assert coming.stream
    Stream.objects.filter(pk=coming.stream.pk).update(still=f"{'0' * 32}/still-00000001.jpg")
    services.show(creator=bob, address=YOUTUBE)
    assert broadcasts.beat([coming.pk]) == {coming.pk: Trouble.SHOWN_ELSEWHERE}
    broadcasts.sweep(watching_since=timezone.now() - timedelta(days=1))
    coming.stream.refresh_from_db()
    assert coming.stream.is_on_air
    assert coming.stream.still == ""
    assert "elsewhere" in encoder_of(bob).trouble


def test_a_gap_before_it_ends_no_stream(bob: User) -> None:
    coming = live(bob)
    broadcasts.lose(broadcast=coming)
    services.show(creator=bob, address=YOUTUBE)
    Broadcast.objects.update(gap_at=timezone.now() - timedelta(minutes=5))
    broadcasts.sweep(watching_since=timezone.now() - timedelta(days=1))
    assert Stream.objects.get().is_on_air


def test_a_first_picture_that_comes_too_late_is_not_shown(bob: User, stream: Stream) -> None:
    coming = broadcasts.connect(creator=bob, source=Source.RTMP)
    services.show(creator=bob, address=YOUTUBE)
    with pytest.raises(WrongState):
        broadcasts.show(broadcast=coming, width=640, height=360)
    assert picture_of(stream).elsewhere


@pytest.mark.parametrize("source", [Source.RTMP, Source.FILM])
def test_an_encoder_that_tries_again_by_itself_is_not_let_in(
    bob: User, stream: Stream, source: Broadcast.Source
) -> None:
    services.show(creator=bob, address=YOUTUBE)
    with pytest.raises(broadcasts.ShownElsewhere):
        broadcasts.connect(creator=bob, source=source)
    services.take_away(creator=bob)
    assert live(bob, source).stream == stream


def test_the_camera_takes_its_place_with_its_first_picture(bob: User, stream: Stream) -> None:
    services.show(creator=bob, address=YOUTUBE)
    coming = broadcasts.connect(creator=bob, source=Source.BROWSER)
    assert picture_of(stream).elsewhere
    broadcasts.show(broadcast=coming, width=640, height=360)
    assert picture_of(stream)[:2] == ("live", coming.address)
    assert not Elsewhere.objects.shown().exists()
    assert told(stream) == ["elsewhere", "live"]


def test_a_server_that_is_allowed_no_more_is_shown_no_more(
    bob: User, stream: Stream, settings: Settings
) -> None:
    settings.VIDEO_ELSEWHERE = {"cast.example.org": "owncast"}
    services.show(creator=bob, address="https://cast.example.org/")
    assert picture_of(stream).elsewhere
    settings.VIDEO_ELSEWHERE = {"cast.example.org": "peertube", "owncast": "owncast"}
    assert picture_of(stream).elsewhere is None


def test_only_creators_show(carol: User) -> None:
    for press in (lambda: services.show(creator=carol, address=YOUTUBE),
                  lambda: services.take_away(creator=carol)):  # fmt: skip
        with pytest.raises(NotACreator):
            press()


@pytest.mark.parametrize(
    ("kind", "host", "path"),
    [
        ("youtube", "evil.example", "/embed/dQw4w9WgXcQ"),
        ("youtube", "www.youtube-nocookie.com", "/embed/dQw4w9WgXcQ?x=1"),
        ("hls", "127.0.0.1", "/live.m3u8"),
        ("hls", "video.example.net:8443", "/live.m3u8"),
        ("hls", "video.example.net", "/../live.m3u8"),
        ("hls", "video.example.net", "/live.mp4"),
        ("hls", "a.example; script-src *", "/live.m3u8"),
        ("owncast", "cast.example.org", "/admin"),
        ("other", "video.example.net", "/live.m3u8"),
    ],
)
def test_the_table_takes_known_forms_only(stream: Stream, kind: str, host: str, path: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Elsewhere.objects.create(stream=stream, kind=kind, host=host, path=path)


def test_a_room_shows_one_at_once(stream: Stream) -> None:
    facts = {"kind": "hls", "host": "video.example.net", "path": "/live.m3u8"}
    Elsewhere.objects.create(stream=stream, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Elsewhere.objects.create(stream=stream, **facts)


# --- Its page: the only one that may ask that server --------------------------------------------


def policy(answer: object) -> dict[str, str]:
    said = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    parts = (part.strip().partition(" ") for part in said.split(";"))
    return {name: sources for name, _space, sources in parts}


def test_a_frame_may_show_its_server_and_no_other_page_may(
    client: Client, bob: User, stream: Stream
) -> None:
    services.show(creator=bob, address="https://www.twitch.tv/harbour")
    page = client.get(f"/live/{stream.public_id}/elsewhere/")
    rules = policy(page)
    assert rules["frame-src"] == "https://player.twitch.tv"
    assert rules["frame-ancestors"] == "'self'"
    assert (rules["connect-src"], rules["media-src"]) == ("'self'", "'self' blob:")
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "https://player.twitch.tv/?channel=harbour&amp;autoplay=true" in page.text
    assert "parent=testserver" in page.text
    assert 'sandbox="allow-scripts allow-same-origin allow-presentation"' in page.text
    room = client.get(f"/live/{stream.public_id}/")
    assert "twitch.tv" not in room.headers["Content-Security-Policy"]
    assert "player.twitch.tv/?" not in room.text
    assert "Whoever runs that server sees your network address" in room.text


def test_our_player_may_fetch_from_its_server(client: Client, bob: User, stream: Stream) -> None:
    services.show(creator=bob, address=HLS)
    page = client.get(f"/live/{stream.public_id}/elsewhere/")
    rules = policy(page)
    assert rules["connect-src"] == "'self' https://video.example.net"
    assert rules["media-src"] == "'self' blob: https://video.example.net"
    assert rules["frame-src"] == "'none'"
    assert f'data-picture="{HLS}"' in page.text
    assert HLS not in client.get(f"/live/{stream.public_id}/").text


def test_peertube_shows_no_viewer_another_ones_address(
    client: Client, bob: User, stream: Stream, settings: Settings
) -> None:
    settings.VIDEO_ELSEWHERE = {"tube.example.org": "peertube"}
    services.show(creator=bob, address="https://tube.example.org/w/kkGMgK9ZtnKfYAgnEtQxbv")
    assert "p2p=0" in client.get(f"/live/{stream.public_id}/elsewhere/").text


def test_where_nothing_is_shown_the_page_asks_nobody(client: Client, stream: Stream) -> None:
    page = client.get(f"/live/{stream.public_id}/elsewhere/")
    assert policy(page)["frame-src"] == "'none'"
    assert "Nothing is shown from elsewhere" in page.text


def test_a_stream_for_adults_asks_for_the_age_there_too(
    client: Client, bob: User, stream: Stream
) -> None:
    services.show(creator=bob, address=HLS)
    streams.change(creator=bob, stream=stream, adults_only=True)
    refused = client.get(f"/live/{stream.public_id}/elsewhere/")
    assert refused.status_code == 403
    assert "video.example.net" not in refused.text + str(refused.headers)
    client.force_login(person("grown"))
    assert client.get(f"/live/{stream.public_id}/elsewhere/").status_code == 200


# --- Doors: the studio, the API, staff -----------------------------------------------------------


def test_the_studio_shows_it_and_takes_it_away(client: Client, bob: User) -> None:
    client.force_login(bob)
    assert "/studio/go-live/elsewhere/" in client.get("/studio/go-live/").text
    shown = client.post(
        "/studio/go-live/elsewhere/", {"address": YOUTUBE, "title": "Songs"}, follow=True
    )
    stream = Stream.objects.get()
    assert f'src="/live/{stream.public_id}/elsewhere/"' in shown.text
    assert "Your room shows video from YouTube" in client.get("/studio/go-live/").text
    assert "Video from YouTube" in client.get("/studio/live/").text
    client.post("/studio/go-live/elsewhere/end/")
    assert not Elsewhere.objects.shown().exists()


@pytest.mark.parametrize(
    "address", ["http://youtu.be/dQw4w9WgXcQ", "https://evil.example/", "https://youtu.be/", ""]
)
def test_what_is_refused_stands_at_the_field(client: Client, bob: User, address: str) -> None:
    client.force_login(bob)
    answer = client.post("/studio/go-live/elsewhere/", {"address": address})
    assert answer.status_code == 422
    assert "field__error" in answer.text
    assert not Stream.objects.exists()


def test_the_api_shows_reads_and_takes_away(client: Client, bob: User) -> None:
    headers = {"Authorization": f"Token {api_key(bob)}"}
    kind = {"content_type": "application/json", "headers": headers}
    assert client.get("/api/v1/me/elsewhere/", headers=headers).status_code == 204
    refused = client.put("/api/v1/me/elsewhere/", {"address": "http://youtu.be/x"}, **kind)  # type: ignore[arg-type]
    assert (refused.status_code, refused.json()["code"]) == (422, "unsafe_address")
    put = client.put("/api/v1/me/elsewhere/", {"address": HLS, "title": "Songs"}, **kind)  # type: ignore[arg-type]
    assert put.json() == client.get("/api/v1/me/elsewhere/", headers=headers).json()
    assert put.json()["url"] == HLS
    picture = client.get(f"/api/v1/streams/{put.json()['stream']}/picture/").json()
    assert picture == {"state": "elsewhere", "url": HLS, "kind": "hls", "guests": []}
    assert client.delete("/api/v1/me/elsewhere/", headers=headers).status_code == 204
    assert not Elsewhere.objects.shown().exists()


def test_a_key_that_only_reads_shows_nothing(client: Client, bob: User) -> None:
    answer = client.put(
        "/api/v1/me/elsewhere/",
        {"address": HLS},
        content_type="application/json",
        headers={"Authorization": f"Token {api_key(bob, Scope.READ)}"},
    )
    assert answer.status_code == 403


def test_staff_see_what_rooms_show(client: Client, bob: User, stream: Stream, dana: User) -> None:
    services.show(creator=bob, address=HLS)
    client.force_login(dana)
    page = client.get("/admin/video/elsewhere/")
    assert "video.example.net" in page.text
    shown = Elsewhere.objects.get()
    assert HLS in client.get(f"/admin/video/elsewhere/{shown.pk}/change/").text
