"""Creators' own pictures: what is refused, what is kept, and that files really go."""

import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from accounts.creators import NotACreator
from accounts.models import Creator, Part, PictureTakedown, User
from accounts.pictures import drawer, drawing, refusals, services
from accounts.tasks import sweep_pictures
from accounts.tests.pictures import BLUE, RED, files, picture, upload
from conftest import person

pytestmark = pytest.mark.django_db
Committed = Callable[..., Any]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / services.FOLDER


def claiming(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says how large it is."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return len(body).to_bytes(4, "big") + kind + body + check.to_bytes(4, "big")

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b"")]
    )


def kept(path: str) -> Image.Image:
    with default_storage.open(path) as file:
        return Image.open(BytesIO(file.read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", Part)
def test_a_picture_is_drawn_anew_in_its_place_and_size(bob: User, kind: str, part: Part) -> None:
    creator = upload(bob, picture(kind), part)
    shown = kept(getattr(creator, part))
    assert (shown.format, shown.size) == ("WEBP", drawing.SIZES[part])


def test_the_place_where_it_was_taken_goes_and_it_stands_upright(bob: User) -> None:
    sideways = Image.new("RGB", (600, 400), RED)
    sideways.paste(BLUE, (0, 0, 300, 400))  # its left half is what the reader sees above
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 13.37)})
    out = BytesIO()
    sideways.save(out, "JPEG", exif=exif, comment=b"made by bob at home")
    assert Image.open(BytesIO(out.getvalue())).getexif().get_ifd(0x8825)
    creator = upload(bob, out.getvalue())
    shown = kept(creator.picture)
    assert not shown.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & shown.info.keys()
    above, below = (shown.convert("RGB").getpixel((256, at)) for at in (40, 470))
    assert above[2] > above[0], above  # type: ignore[index]  # a colour
    assert below[0] > below[2], below  # type: ignore[index]  # a colour


def test_what_is_clear_stays_clear(bob: User) -> None:
    creator = upload(bob, picture(mode="RGBA", colour=(0, 0, 0, 0)))
    assert kept(creator.picture).convert("RGBA").getpixel((9, 9))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_pictures_of_every_kind_of_colour_are_read(bob: User, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert upload(bob, picture(kind, mode=mode, colour=0)).picture


REFUSED = {
    "empty": (b"", refusals.PictureUnknown),
    "a text": (b"hello" * 100, refusals.PictureUnknown),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", refusals.PictureUnknown),
    "a GIF": (picture("GIF"), refusals.PictureUnknown),
    "a TIFF": (picture("TIFF"), refusals.PictureUnknown),
    "half a PNG": (picture()[:200], refusals.PictureDamaged),
    "half a JPEG": (picture("JPEG")[:700], refusals.PictureDamaged),
    "half a WebP": (picture("WEBP")[:40], refusals.PictureDamaged),
    "a JPEG by its name": (b"\xff\xd8\xff\xe0" + bytes(500), refusals.PictureDamaged),
    "small": (picture(size=(600, 199)), refusals.PictureTooSmall),
    "a bomb": (claiming(60_000, 60_000), refusals.PictureTooManyPixels),
    "just too many": (claiming(8_001, 5_000), refusals.PictureTooManyPixels),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_and_changes_nothing(
    bob: User, media: Path, name: str
) -> None:
    before = upload(bob, picture()).picture
    data, refusal = REFUSED[name]
    with pytest.raises(refusals.PictureRefused) as refused:
        upload(bob, data)
    assert type(refused.value) is refusal
    assert Creator.objects.get(user=bob).picture == before
    assert files(media) == [Path(before).name]


def test_a_file_that_is_too_large_is_not_read(bob: User) -> None:
    class Closed(File[bytes]):
        size = services.MOST_MB * 1_000_000 + 1

        def read(self, *_args: Any) -> bytes:
            raise AssertionError("It was read.")

    with pytest.raises(refusals.PictureTooLarge, match="larger than 5 MB"):
        services.save_picture(creator=bob, part=Part.COVER, file=Closed(BytesIO()))


def test_a_picture_gets_no_more_memory_than_its_share(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = picture(size=(7_000, 5_000), compress_level=1)
    monkeypatch.setattr(drawing, "MEMORY", 150_000_000)
    with pytest.raises(refusals.PictureTooMuch):
        upload(bob, many)


def test_a_picture_gets_no_more_time_than_its_share(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "PATIENCE_SECONDS", 0.001)
    with pytest.raises(refusals.PictureTooMuch):
        upload(bob, picture())


def test_a_site_that_cannot_draw_does_not_blame_the_picture(
    bob: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "DRAWER", media / "nothing.py")
    with pytest.raises(refusals.PicturesAway):
        upload(bob, picture())


def test_the_largest_that_is_taken_is_drawn(bob: User) -> None:
    size = (8_000, 5_000)
    assert size[0] * size[1] == drawer.MOST_PIXELS
    assert upload(bob, picture(size=size, mode="RGBA", colour=(9, 9, 9, 9), compress_level=1))


def test_only_creators_have_pictures(carol: User, media: Path) -> None:
    with pytest.raises(NotACreator):
        upload(carol, picture())
    with pytest.raises(NotACreator):
        services.remove_picture(creator=carol, part=Part.PICTURE)
    assert files(media) == []


def test_another_picture_deletes_the_one_before(
    bob: User, media: Path, django_capture_on_commit_callbacks: Committed
) -> None:
    before = upload(bob, picture()).picture
    with django_capture_on_commit_callbacks() as later:
        after = upload(bob, picture(colour=BLUE)).picture
    assert files(media) == sorted(Path(path).name for path in (before, after))
    for delete in later:  # not before the row names the other
        delete()
    assert files(media) == [Path(after).name]


def test_what_the_row_refuses_leaves_no_file(
    bob: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = upload(bob, picture()).picture
    monkeypatch.setattr("secrets.token_hex", lambda _size: "elsewhere")
    with pytest.raises(IntegrityError, match="own_pictures_are_ours"), transaction.atomic():
        upload(bob, picture())
    assert files(media) == [Path(before).name]


def test_removing_deletes_the_file_and_can_be_repeated(
    bob: User, media: Path, django_capture_on_commit_callbacks: Committed
) -> None:
    upload(bob, picture())
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            services.remove_picture(creator=bob, part=Part.PICTURE)
    assert Creator.objects.get(user=bob).picture == ""
    assert files(media) == []


def test_the_database_keeps_one_file_for_one_creator(bob: User) -> None:
    mine = upload(bob, picture()).picture
    other = person("ann", is_creator=True)
    with pytest.raises(IntegrityError, match="one_picture_per_creator"), transaction.atomic():
        Creator.objects.create(user=other, picture=mine)
    for path in ("people/../secret", "/etc/passwd", "people/a.svg", mine + "\n"):
        with pytest.raises(IntegrityError, match="own_pictures_are_ours"), transaction.atomic():
            Creator.objects.create(user=other, cover=path)


def test_taken_down_for_a_reason(
    bob: User, dana: User, media: Path, django_capture_on_commit_callbacks: Committed
) -> None:
    upload(bob, picture())
    with django_capture_on_commit_callbacks(execute=True):
        services.take_down(creator=bob.creator, parts=list(Part), by=dana, reason="Not yours.")
    told = PictureTakedown.objects.get()  # what was not there was not taken
    assert (told.part, told.reason, told.by) == (Part.PICTURE, "Not yours.", dana)
    assert (Creator.objects.get(user=bob).picture, files(media)) == ("", [])
    for wrong in ({"reason": ""}, {"part": "bio"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PictureTakedown.objects.create(
                **{"creator": bob.creator, "part": "cover", "reason": "x", "by": dana} | wrong
            )


def test_what_nobody_shows_is_swept_after_its_grace(
    bob: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert services.sweep() == 0  # there is no folder yet
    shown = upload(bob, picture(), Part.POSTER).poster
    default_storage.save(f"{services.FOLDER}/{'0' * 40}.webp", ContentFile(b"left behind"))
    sweep_pictures()
    assert len(files(media)) == 2
    later = timezone.now() + services.GRACE + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    sweep_pictures()
    assert files(media) == [Path(shown).name]
