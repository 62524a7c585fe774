"""A creator sets up their page: pictures on pages, by the API, and how staff take one down."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Creator, Part, PictureTakedown, Scope, User
from accounts.tests.pictures import picture
from conftest import api_key, person
from live.models import Stream
from live.streams.services import go_live

pytestmark = pytest.mark.django_db

PAGE = "/studio/page/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def chosen(data: bytes | None = None) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("me.png", data or picture())}


@pytest.fixture
def studio(client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


@pytest.mark.parametrize("part", Part)
def test_a_picture_is_set_seen_and_removed(studio: Client, bob: User, part: Part) -> None:
    address = reverse("studio:upload_picture", args=[part])
    answer = studio.post(address, chosen())
    assert answer["Location"] == f"{PAGE}#{part}"
    path = getattr(Creator.objects.get(user=bob), part)
    assert f'src="/media/{path}"' in studio.get(PAGE).content.decode()
    served = studio.get(f"/media/{path}")
    assert (served.status_code, served["Content-Type"]) == (200, "image/webp")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    studio.post(reverse("studio:remove_picture", args=[part]))
    assert getattr(Creator.objects.get(user=bob), part) == ""
    assert path not in studio.get(PAGE).content.decode()


def test_a_refusal_stands_under_its_picture(studio: Client, bob: User) -> None:
    for data, code in ((b"hello", "picture_unknown_format"), (None, "picture_missing")):
        sent = chosen(data) if data else {}
        answer = studio.post(reverse("studio:upload_picture", args=["cover"]), sent)
        assert (answer.status_code, answer["X-Error-Code"]) == (422, code)
        page = answer.content.decode()
        assert page.count('class="field__error"') == 1
        assert 'id="error-cover"' in page
    assert Creator.objects.get(user=bob).cover == ""


def test_other_people_and_other_parts(client: Client, carol: User, bob: User) -> None:
    client.force_login(carol)
    for name in ("upload_picture", "remove_picture"):
        answer = client.post(reverse(f"studio:{name}", args=["cover"]), chosen())
        assert (answer.status_code, answer["X-Error-Code"]) == (403, "not_a_creator")
    client.force_login(bob)
    for name in ("upload_picture", "remove_picture"):
        assert client.post(reverse(f"studio:{name}", args=["bio"]), chosen()).status_code == 404


def test_uploads_keep_a_pace(studio: Client, bob: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"picture": "2/h/user"}
    address = reverse("studio:upload_picture", args=["picture"])
    answers = [studio.post(address, chosen(b"hello")).status_code for _again in range(3)]
    assert answers == [422, 422, 429]
    key = {"authorization": f"Token {api_key(bob)}"}
    answer = put(studio, "picture", picture(), key)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_pictures")
    assert Creator.objects.get(user=bob).picture == ""


@pytest.mark.parametrize("name", ["../../settings.py", "a.webp", f"{'0' * 40}.webp", "0.svg"])
def test_only_pictures_are_served(client: Client, media: Path, name: str) -> None:
    (media / "people").mkdir()
    (media / "people" / "a.webp").write_bytes(b"secret")
    assert client.get(f"/media/people/{name}").status_code == 404


def put(client: Client, part: str, data: bytes | None, headers: dict[str, str]) -> Any:
    """Send a picture as an app does."""
    edge = "frontier-of-parts"
    named = b'Content-Disposition: form-data; name="%s"; filename="a.png"' % (
        b"other" if data is None else b"file"
    )
    body = b"--%s\r\n%s\r\n\r\n%s\r\n--%s--\r\n" % (
        edge.encode(),
        named,
        data or b"",
        edge.encode(),
    )
    kind = f"multipart/form-data; boundary={edge}"
    return client.put(f"/api/v1/me/pictures/{part}/", body, content_type=kind, headers=headers)


def test_by_the_api(client: Client, bob: User, carol: User) -> None:
    mine = {"authorization": f"Token {api_key(bob)}"}
    answer = put(client, "poster", picture(), mine)
    assert answer.status_code == 200, answer.content
    assert re.fullmatch(r"/media/people/[0-9a-f]{40}\.webp", answer.json()["poster"])
    assert client.get("/api/v1/me/pictures/", headers=mine).json() == answer.json()
    assert put(client, "poster", b"hello", mine).json()["code"] == "picture_unknown_format"
    assert put(client, "poster", None, mine).json()["code"] == "picture_missing"
    assert put(client, "bio", picture(), mine).status_code == 404
    reader = {"authorization": f"Token {api_key(bob, Scope.READ)}"}
    assert put(client, "poster", picture(), reader).json()["code"] == "missing_scope"
    fan = {"authorization": f"Token {api_key(carol)}"}
    assert put(client, "poster", picture(), fan).json()["code"] == "not_a_creator"
    gone = client.delete("/api/v1/me/pictures/poster/", headers=mine)
    assert gone.json() == {"picture": "", "cover": "", "poster": ""}


def test_staff_take_a_picture_down_and_the_creator_reads_why(
    studio: Client, bob: User, dana: User
) -> None:
    studio.post(reverse("studio:upload_picture", args=["picture"]), chosen())
    staff = Client()
    staff.force_login(dana)
    address = reverse("admin:accounts_creator_change", args=[bob.pk])
    assert Creator.objects.get(user=bob).face in staff.get(address).content.decode()
    asked = {"trust": "trusted", "accepts_gifts": "on", "take_down": "picture"}
    assert "Give a reason" in staff.post(address, asked).content.decode()
    assert Creator.objects.get(user=bob).picture != ""
    staff.post(address, asked | {"reason": "This is a trademark."})
    assert Creator.objects.get(user=bob).picture == ""
    assert PictureTakedown.objects.get().by == dana
    assert "This is a trademark." in LogEntry.objects.latest("pk").change_message
    assert "This is a trademark." in staff.get(address).content.decode()
    page = studio.get(PAGE).content.decode()
    assert "Taken down by our staff." in page
    assert "This is a trademark." in page
    studio.post(reverse("studio:upload_picture", args=["picture"]), chosen())
    assert "Taken down" not in studio.get(PAGE).content.decode()


def test_a_stream_shows_its_creators_picture_and_nobody_elses(studio: Client, bob: User) -> None:
    """Neither a stock portrait nor another creator's picture can be chosen."""
    ann = person("ann", is_creator=True)
    go_live(creator=ann, title="Pots", poster="live/posters/pottery-wheel.svg")
    page = studio.get(reverse("studio:go_live")).content.decode()
    assert "live/posters/" not in page
    facts = {"title": "Tea", "when": "now", "poster": "live/posters/pottery-wheel.svg"}
    assert studio.post(reverse("studio:go_live"), facts).status_code == 422
    studio.post(reverse("studio:upload_picture", args=["poster"]), chosen())
    assert studio.post(reverse("studio:go_live"), facts | {"poster": ""}).status_code == 302
    stream = Stream.objects.get(creator=bob)
    assert stream.poster == ""
    assert stream.poster_url == f"/media/{Creator.objects.get(user=bob).poster}"
