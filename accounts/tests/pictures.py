"""Pictures to upload."""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import Creator, Part, User
from accounts.pictures import services

RED, BLUE = (200, 20, 20), (20, 20, 200)


def picture(
    kind: str = "PNG",
    size: tuple[int, int] = (600, 400),
    mode: str = "RGB",
    colour: object = RED,
    **more: Any,
) -> bytes:
    """Return a picture of one colour."""
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **more)  # type: ignore[arg-type]  # a colour
    return out.getvalue()


def upload(user: User, data: bytes, part: Part = Part.PICTURE) -> Creator:
    return services.save_picture(creator=user, part=part, file=ContentFile(data, "me.png"))


def files(media: Path) -> list[str]:
    return sorted(file.name for file in media.glob("*"))
