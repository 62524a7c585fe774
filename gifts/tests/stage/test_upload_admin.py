"""From the staff site to everybody's screen: a gift that staff drew up."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gifts.admin.forms import GiftForm
from gifts.models import Gift, Upload
from gifts.sending.services import send_gift
from gifts.stage.rendering import queue
from gifts.stage.rendering.queue import draw_due
from gifts.tests.stage.files import drawing, film, moving, reel
from live.models import Event, Stream

pytestmark = pytest.mark.django_db

ADD = "admin:gifts_gift_add"
SAFE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def staff(dana: User) -> Client:
    browser = Client()
    browser.force_login(dana)
    return browser


def file(data: bytes, name: str = "a.svg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def form(**fields: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "name": "Paper Boat",
        "slug": "paper-boat",
        "alt": "A boat folded of paper",
        "kind": "medium",
        "duration_ms": "3000",
        "message_length": "",
        "position": "30",
        "from_level": "0",
        "picture_file": file(drawing()),
        "prices-TOTAL_FORMS": "1",
        "prices-INITIAL_FORMS": "0",
        "prices-0-coins": "150",
        "prices-0-valid_from_0": now.strftime("%Y-%m-%d"),
        "prices-0-valid_from_1": now.strftime("%H:%M:%S"),
        **fields,
    }


def said(staff: Client, **fields: Any) -> str:
    answer = staff.post(reverse(ADD), form(**fields))
    assert answer.status_code == 200
    assert not Gift.objects.filter(slug="paper-boat").exists()
    text: str = answer.content.decode()
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'")


def added(staff: Client, **fields: Any) -> Gift:
    answer = staff.post(reverse(ADD), form(**fields))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    draw_due()
    return Gift.objects.get(slug="paper-boat")


MOTIONS = [(film(), "json"), (moving(), "png"), (reel(), "webm")]


@pytest.mark.parametrize(("data", "suffix"), MOTIONS, ids=[suffix for _, suffix in MOTIONS])
def test_an_uploaded_gift_is_sent_and_shown(
    staff: Client, alice: User, stream: Stream, media: Path, data: bytes, suffix: str
) -> None:
    boat = added(staff, motion_file=file(data, f"b.{suffix}"))
    assert boat.message_length == 120  # as its kind allows
    sent = send_gift(fan=alice, stream=stream, gift="paper-boat", key=uuid.uuid4())
    assert sent.gift.coins == 150
    told = Event.objects.get(payload__id=str(sent.gift.public_id)).payload
    assert (told["art"], told["motion"]) == (boat.art, boat.motion)
    for address, content in ((boat.art, drawing()), (boat.motion, data)):
        answer = Client().get(address)
        assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    browser = Client()
    browser.force_login(alice)
    for page in (reverse("gifts:catalogue"), reverse("gifts:tray", args=[stream.public_id])):
        assert boat.art in browser.get(page).content.decode()
    assert len(list(media.rglob("*.svg"))) == 1


def test_a_file_has_the_name_of_what_is_in_it(staff: Client, media: Path) -> None:
    boat = added(staff)
    assert boat.art.startswith("/media/gifts/")
    change = reverse("admin:gifts_gift_change", args=[boat.pk])
    prices = {"prices-TOTAL_FORMS": "0"}
    assert staff.post(change, form(**prices)).status_code == 302
    boat.refresh_from_db()
    assert len(list(media.rglob("*.svg"))) == 1
    other = drawing("<circle r='3'/>")
    assert staff.post(change, form(picture_file=file(other), **prices)).status_code == 302
    first = boat.art
    boat.refresh_from_db()
    assert boat.art == first  # until the new one was drawn
    draw_due()
    boat.refresh_from_db()
    assert boat.art != first
    assert Client().get(first).status_code == 200  # what was sent with it still shows


def test_what_is_said_to_be_drawn_is_shown_even_if_a_worker_drew_it_meanwhile(
    staff: Client,
) -> None:
    staff.post(reverse(ADD), form())
    boat = Gift.objects.get(slug="paper-boat")

    def drawn_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if 'FROM "gifts_upload"' in sql and not drawn:
            drawn.append(boat)
            draw_due()
        return execute(sql, *rest)

    drawn: list[Gift] = []
    with connection.execute_wrapper(drawn_meanwhile):
        page = staff.get(reverse("admin:gifts_gift_change", args=[boat.pk])).content.decode()
    assert drawn
    assert "<strong>picture</strong>: drawn" in page
    assert "<iframe" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"picture_file": ""}, "Upload a picture for the gift."),
        ({"picture_file": file(drawing("<script/>"))}, "Line 2: <script> is a script."),
        ({"picture_file": file(film())}, "This picture is not an SVG file."),
        (
            {"motion_file": file(drawing())},
            "This animation is not a Lottie (JSON), WebM or APNG file.",
        ),
        ({"motion_file": file(reel(kinds=(1, 2)))}, "Gift videos are silent."),
        ({"motion_file": file(b"x" * 4_000_001)}, "This file is larger than 4 MB."),
        ({"message_length": "301"}, "Enter 300 or less"),
        ({"from_level": "11"}, "Enter 10 or less"),
        ({"countries": ["QQ"]}, "Choose an option from the list"),
        (
            {
                "available_from_0": "2027-01-02",
                "available_from_1": "00:00",
                "retired_at_0": "2027-01-01",
                "retired_at_1": "00:00",
            },
            "The end date is before the start date.",
        ),
    ],
)
def test_what_staff_cannot_save(staff: Client, fields: dict[str, Any], sentence: str) -> None:
    assert sentence in said(staff, **fields)


def test_nothing_is_kept_of_a_form_that_was_refused(staff: Client, media: Path) -> None:
    said(staff, motion_file=file(b"nothing"))
    assert not list(media.rglob("*.*"))


def test_eligibility_is_set_where_the_gift_is(staff: Client) -> None:
    boat = added(staff, countries=["JP", "DE"], from_level="3", club_only="on", confirm_twice="on")
    assert (sorted(boat.countries), boat.from_level) == (["DE", "JP"], 3)
    assert boat.club_only
    assert boat.confirm_twice
    listed = staff.get(reverse("admin:gifts_gift_changelist")).content.decode()
    assert "Only in Germany, Japan, From supporter level 3" in listed


def test_an_animation_is_taken_away(staff: Client) -> None:
    boat = added(staff, motion_file=file(film()))
    change = reverse("admin:gifts_gift_change", args=[boat.pk])
    fields = form(drop_motion="on", picture_file="", **{"prices-TOTAL_FORMS": "0"})
    assert staff.post(change, fields).status_code == 302
    boat.refresh_from_db()
    assert (boat.motion, bool(boat.art)) == ("", True)


def test_without_a_price_it_is_not_offered_and_staff_are_warned(staff: Client) -> None:
    answer = staff.post(reverse(ADD), form(**{"prices-TOTAL_FORMS": "0"}), follow=True)
    assert "A gift goes on sale as soon as it has a price." in answer.content.decode()
    assert not Gift.objects.on_offer().filter(slug="paper-boat").exists()


def test_staff_see_it_play(staff: Client, alice: User) -> None:
    boat = added(staff, motion_file=file(film()))
    play = reverse("admin:gifts_gift_play", args=[boat.pk])
    assert play in staff.get(reverse("admin:gifts_gift_change", args=[boat.pk])).content.decode()
    page = staff.get(play)
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert json.dumps(boat.motion).strip('"') in page.content.decode()
    fan = Client()
    fan.force_login(alice)
    assert fan.get(play).status_code == 302


def test_staff_see_how_far_an_upload_has_got(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert staff.post(reverse(ADD), form()).status_code == 302
    boat = Gift.objects.get(slug="paper-boat")
    change = reverse("admin:gifts_gift_change", args=[boat.pk])

    def page() -> str:
        return staff.get(change).content.decode()

    assert "waiting to be drawn" in page()
    assert "/play/" not in page()
    draw_due()
    upload = Upload.objects.get()
    assert f'<img src="{upload.poster}"' in page()
    other = form(picture_file=file(drawing("<g/>")), **{"prices-TOTAL_FORMS": "0"})
    assert staff.post(change, other).status_code == 302
    monkeypatch.setattr(queue, "MOST_ATTEMPTS", 0)
    draw_due()
    assert "The site could not draw it in 0 attempts. Upload it again." in page()
    boat.refresh_from_db()
    assert boat.art == upload.path


def test_saving_the_form_leaves_what_a_worker_let_the_gift_show(
    staff: Client, rf: RequestFactory
) -> None:
    assert staff.post(reverse(ADD), form()).status_code == 302
    stale = Gift.objects.get(slug="paper-boat")
    draw_due()
    fields = form(picture_file="", name="Tin Boat")
    bound = GiftForm(fields, instance=stale)
    assert bound.is_valid(), bound.errors
    bound.save(commit=False)
    admin.site.get_model_admin(Gift).save_model(rf.post("/"), stale, bound, change=True)
    saved = Gift.objects.get(slug="paper-boat")
    assert (saved.name, bool(saved.art)) == ("Tin Boat", True)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (None, "image/svg+xml"),
        (film(), "application/json"),
        (reel(), "video/webm"),
        (moving(), "image/apng"),
    ],
)
def test_an_upload_does_nothing_even_by_itself(
    staff: Client, client: Client, data: bytes | None, kind: str
) -> None:
    boat = added(staff, **({"motion_file": file(data)} if data else {}))
    answer = client.get(boat.motion or boat.art)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Security-Policy"] == SAFE
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "immutable" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_a_player_gets_the_part_it_asks_for(staff: Client, client: Client) -> None:
    boat = added(staff, motion_file=file(reel()))
    whole = reel()
    part = client.get(boat.motion, headers={"range": "bytes=4-9"})
    assert (part.status_code, part.content) == (206, whole[4:10])
    assert part.headers["Content-Range"] == f"bytes 4-9/{len(whole)}"
    rest = client.get(boat.motion, headers={"range": f"bytes={len(whole) - 2}-"})
    assert rest.content == whole[-2:]
    for odd in ("bytes=99999999-", f"bytes={'9' * 5_000}-"):
        assert client.get(boat.motion, headers={"range": odd}).status_code == 200


@pytest.mark.parametrize(
    "name", ["..%2f..%2fkey", f"{'0' * 40}.svg", f"{'0' * 40}.html", "a.svg", "../manage.py"]
)
def test_nothing_else_is_served(client: Client, name: str) -> None:
    assert client.get(f"/media/gifts/{name}").status_code == 404
