"""What creators, viewers, programs and staff see of live video."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Scope, User
from conftest import api_key
from live.models import Stream
from live.tests.guests import open_to, seated
from video import broadcasts, guests, stream_keys
from video.models import Broadcast, StreamKey
from video.troubles import Trouble

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio(client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def shown(creator: User) -> Broadcast:
    broadcast = broadcasts.connect(creator=creator, source=Broadcast.Source.RTMP)
    return broadcasts.show(broadcast=broadcast, width=1280, height=720)


def room(client: Client, stream: Stream | None) -> str:
    assert stream
    return client.get(reverse("live:room", args=[stream.public_id])).content.decode()


def test_a_stream_key_is_shown_once(studio: Client) -> None:
    address = reverse("studio:encoder_key")
    page = studio.post(address)
    key = page.context["key"]
    assert key in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    found = stream_keys.use(key)
    assert found
    again = studio.get(address, follow=True)
    assert again.redirect_chain[0][0] == reverse("studio:go_live")
    assert key not in again.content.decode()
    assert found.ending in again.content.decode()


def test_only_creators_get_one(client: Client, carol: User) -> None:
    client.force_login(carol)
    assert client.post(reverse("studio:encoder_key")).status_code == 403
    assert not StreamKey.objects.exists()


def test_the_page_says_how_it_goes(studio: Client, bob: User) -> None:
    def said() -> str:
        return studio.get(reverse("studio:encoder_picture")).content.decode()

    assert "Create a stream key" in said()
    stream_keys.rotate(creator=bob)
    assert "Nothing comes in yet" in said()
    broadcast = broadcasts.connect(creator=bob, source=Broadcast.Source.RTMP)
    assert "first picture is on its way" in said()
    broadcasts.show(broadcast=broadcast, width=1280, height=720)
    assert "1280 × 720" in said()
    broadcasts.lose(broadcast=broadcast, trouble=Trouble.TOO_FAST)
    assert "back in a moment" in said()
    assert "Set a lower bitrate" in said()


def test_the_room_plays_what_comes_in(client: Client, bob: User) -> None:
    broadcast = shown(bob)
    page = room(client, broadcast.stream)
    assert f'data-picture="{broadcast.address}"' in page
    assert '<p class="glass" data-gap hidden>' in page
    broadcasts.lose(broadcast=broadcast)
    page = room(client, broadcast.stream)
    assert 'data-picture=""' in page
    assert '<p class="glass" data-gap>' in page


def test_the_api_tells_the_picture_of_a_room(client: Client, bob: User) -> None:
    broadcast = shown(bob)
    assert broadcast.stream
    address = f"/api/v1/streams/{broadcast.stream.public_id}/picture/"
    assert client.get(address).json() == {
        "state": "live",
        "url": f"http://testserver{broadcast.address}",
        "kind": "",
        "guests": [],
    }
    broadcasts.lose(broadcast=broadcast)
    gap = {"state": "gap", "url": "", "kind": "", "guests": []}
    assert client.get(address).json() == gap


def test_the_api_tells_the_pictures_of_guests(
    client: Client, bob: User, alice: User, stream: Stream
) -> None:
    open_to(bob)
    guest = seated(stream, alice)
    sent = guests.show(broadcast=guests.connect(guest=guest), width=640, height=360)
    address = f"/api/v1/streams/{stream.public_id}/picture/"
    (one,) = client.get(address).json()["guests"]
    url = f"http://testserver{sent.address}"
    assert one == {"id": str(guest.public_id), "state": "live", "url": url}


def test_the_api_makes_keys_and_tells_how_it_goes(client: Client, bob: User) -> None:
    as_bob = {"Authorization": f"Token {api_key(bob, Scope.EARN, Scope.READ)}"}
    made = client.post("/api/v1/me/encoder/key/", headers=as_bob)
    assert made.status_code == 201
    assert stream_keys.use(made.json()["key"])
    broadcasts.lose(broadcast=shown(bob), trouble=Trouble.TOO_FAST)
    told = client.get("/api/v1/me/encoder/", headers=as_bob).json()
    assert (told["state"], told["trouble"], told["width"]) == ("gap", "too_fast", 1280)
    assert told["key_ending"] == made.json()["key"][-4:]
    reader = {"Authorization": f"Token {api_key(bob, Scope.READ)}"}
    assert client.post("/api/v1/me/encoder/key/", headers=reader).status_code == 403


def test_staff_see_broadcasts_and_no_key(client: Client, dana: User, bob: User) -> None:
    key = stream_keys.rotate(creator=bob)
    shown(bob)
    client.force_login(dana)
    assert "1280 × 720" in client.get(reverse("admin:video_broadcast_changelist")).content.decode()
    kept = StreamKey.objects.get()
    for address in (
        reverse("admin:video_streamkey_changelist"),
        reverse("admin:video_streamkey_change", args=[kept.pk]),
    ):
        page = client.get(address).content.decode()
        assert key[-4:] in page
        assert key not in page
        assert kept.digest not in page


def test_staff_who_stop_a_stream_stop_its_video(client: Client, dana: User, bob: User) -> None:
    broadcast = shown(bob)
    assert broadcast.stream
    client.force_login(dana)
    page = reverse("admin:live_stream_change", args=[broadcast.stream.pk])
    client.post(page, {"title": broadcast.stream.title, "stop": "on", "reason": "Not this."})
    assert broadcasts.beat([broadcast.pk]) == {broadcast.pk: Trouble.STREAM_ENDED}
