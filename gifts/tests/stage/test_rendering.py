"""An upload is drawn once, within bounds, before a gift shows it."""

import struct
import uuid
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from gifts.models import Gift, GiftPrice, Upload
from gifts.sending.refusals import UnknownGift
from gifts.sending.services import send_gift
from gifts.stage import uploads
from gifts.stage.rendering import queue, render
from gifts.tasks import draw_uploads
from gifts.tests.stage.files import (
    FILL,
    RECT,
    chunk,
    copies,
    drawing,
    film,
    group,
    moving,
    nested,
    reel,
    shapes,
    still,
)
from live.models import Stream

SHIPPED = Path(__file__).parents[2] / "static" / "gifts"
PNG = b"\x89PNG\r\n\x1a\n"
SLOW = "Drawing it takes longer than 1 seconds. Simplify the drawing."
LARGE = "Drawing it takes too much memory. Simplify the drawing."
BROKEN = "The file can't be drawn. Export it again from the drawing program."


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def boat(media: Path, db: None) -> Gift:
    gift = Gift.objects.create(slug="boat", name="Boat", kind="small", duration_ms=2_000)
    GiftPrice.objects.create(gift=gift, coins=10)
    return gift


def submit(gift: Gift, data: bytes | None = None, part: str = "art") -> Upload:
    kept = drawing() if data is None else data
    look = uploads.inspect_picture if part == "art" else uploads.inspect_animation
    return queue.submit(gift=gift, part=Upload.Part(part), data=kept, found=look(kept))


# --- One upload in its process --------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        ((SHIPPED / "art" / "sky-orchard.svg").read_bytes(), "svg"),
        ((SHIPPED / "lottie" / "leviathan-parade.json").read_bytes(), "json"),
        (moving(), "png"),
    ],
    ids=["svg", "lottie", "apng"],
)
def test_what_is_drawn_gives_a_picture(data: bytes, suffix: str) -> None:
    outcome = render.render(data, suffix)
    assert (outcome.sentence, outcome.picture[:8]) == ("", PNG)
    assert outcome.took_ms > 0


ENDLESS = drawing(nested("pattern", "fill"))


def swollen() -> bytes:
    """Return an APNG whose one frame inflates to gigabytes."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(b"\0" * 10_000_000) for _ in range(300)]
    frame = b"".join([*parts, packer.flush()])
    return PNG + b"".join(
        [
            chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)),
            chunk(b"acTL", struct.pack(">II", 1, 0)),
            chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 2, 2, 0, 0, 50, 100, 0, 0)),
            chunk(b"IDAT", frame),
            chunk(b"IEND"),
        ]
    )


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (ENDLESS, "svg"),
        (shapes(group(RECT, FILL), copies(still(2_000_000)), ip=0, op=60, st=0), "json"),
        (swollen(), "png"),
    ],
    ids=["svg", "lottie", "apng"],
)
def test_what_takes_too_much_is_stopped(
    data: bytes, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "CPU_SECONDS", 1)
    outcome = render.render(data, suffix)
    assert outcome.sentence in (SLOW, LARGE)
    assert outcome.took_ms < 20_000


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "MEMORY", 100_000_000)
    assert render.render(ENDLESS, "svg").sentence == LARGE


@pytest.mark.parametrize(("data", "suffix"), [(b"<svg", "svg"), (b"{}", "json")])
def test_what_is_damaged_is_refused(data: bytes, suffix: str) -> None:
    assert render.render(data, suffix).sentence == BROKEN


def test_without_a_renderer_nothing_is_said_of_the_upload(
    boat: Gift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "RENDERER", Path("/nowhere/renderer.py"))
    upload = submit(boat)
    assert queue.draw_due() == 0
    upload.refresh_from_db()
    assert (upload.state, upload.attempts) == ("waiting", 1)
    assert upload.due_at > timezone.now()


# --- The queue ------------------------------------------------------------------------------


def test_a_gift_is_not_on_offer_before_its_picture_was_drawn(
    boat: Gift, alice: User, stream: Stream
) -> None:
    upload = submit(boat)
    assert not Gift.objects.on_offer().filter(pk=boat.pk).exists()
    with pytest.raises(UnknownGift), transaction.atomic():
        send_gift(fan=alice, stream=stream, gift="boat", key=uuid.uuid4())
    assert draw_uploads() == 1
    upload.refresh_from_db()
    boat.refresh_from_db()
    assert (upload.state, boat.art) == ("drawn", upload.path)
    assert default_storage.open(upload.poster.removeprefix("/media/")).read(8) == PNG
    assert Gift.objects.on_offer().filter(pk=boat.pk).exists()
    assert send_gift(fan=alice, stream=stream, gift="boat", key=uuid.uuid4()).gift.coins == 10
    assert draw_uploads() == 0


@pytest.mark.parametrize("field", ["art", "motion"])
def test_the_database_refuses_what_was_not_drawn(boat: Gift, field: str) -> None:
    upload = submit(boat)
    with pytest.raises(IntegrityError, match="only once it was drawn"), transaction.atomic():
        Gift.objects.filter(pk=boat.pk).update(**{field: upload.path})
    queue.draw_due()
    assert Gift.objects.filter(pk=boat.pk).update(**{field: upload.path}) == 1


def test_what_is_refused_leaves_the_gift_as_it_was(boat: Gift) -> None:
    submit(boat)
    queue.draw_due()
    before = Gift.objects.get(pk=boat.pk).art
    upload = submit(boat, drawing("<circle r='3'/>"))
    assert queue.settle(upload, render.Outcome(1, LARGE))
    upload.refresh_from_db()
    assert (upload.state, upload.sentence) == ("refused", LARGE)
    assert Gift.objects.get(pk=boat.pk).art == before


def test_an_upload_of_a_dead_worker_comes_back(boat: Gift) -> None:
    upload = submit(boat)
    assert queue.claim() == [upload]
    assert queue.claim() == []  # another worker has it
    Upload.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert draw_uploads() == 1
    assert Upload.objects.get().state == "drawn"


def test_an_upload_is_not_tried_for_ever(boat: Gift) -> None:
    submit(boat)
    Upload.objects.update(attempts=queue.MOST_ATTEMPTS)
    queue.draw_due()
    upload = Upload.objects.get()
    said = "The site could not draw it in 5 attempts. Upload it again."
    assert (upload.state, upload.sentence) == ("refused", said)


def test_a_newer_upload_takes_the_place_of_one_that_waits(boat: Gift) -> None:
    submit(boat)
    (older,) = queue.claim()
    newer = submit(boat, drawing("<circle r='3'/>"))
    assert not queue.draw(older)
    assert queue.draw_due() == 1
    assert Gift.objects.get(pk=boat.pk).art == newer.path


def test_two_workers_settle_an_upload_once(boat: Gift) -> None:
    submit(boat)
    (upload,) = queue.claim()
    assert queue.draw(upload)
    assert not queue.settle(upload, render.Outcome(1, "Too late."))
    assert Upload.objects.get().state == "drawn"


def test_a_film_is_shown_once_a_worker_has_seen_it(boat: Gift) -> None:
    for data in (film(), moving(), reel()):
        upload = submit(boat, data, "motion")
        queue.draw_due()
        assert Gift.objects.get(pk=boat.pk).motion == upload.path
