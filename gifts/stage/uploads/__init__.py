"""Pictures and animations that staff upload: inspected, and stored under their hash."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from gifts.stage.uploads import apng, lottie, svg, webm
from gifts.stage.uploads.limits import Inspected, UploadRefused

__all__ = [
    "FOLDER",
    "LARGEST",
    "TYPES",
    "Inspected",
    "UploadRefused",
    "inspect_animation",
    "inspect_picture",
    "keep",
]

FOLDER = "gifts"
LARGEST = max(svg.LARGEST, lottie.LARGEST, webm.LARGEST, apng.LARGEST)
# As served; anything else is not.
TYPES = {
    "svg": "image/svg+xml",
    "json": "application/json",
    "webm": "video/webm",
    "png": "image/apng",
}


def inspect_picture(data: bytes) -> Inspected:
    """Return what a still picture is. Raises `UploadRefused`."""
    if b"<svg" not in data[:100_000]:
        raise UploadRefused(_("This picture is not an SVG file."))
    return svg.inspect(data)


def inspect_animation(data: bytes) -> Inspected:
    """Return what an animation is, by its content, not its name. Raises `UploadRefused`."""
    if data.startswith(apng.SIGNATURE):
        return apng.inspect(data)
    if data.startswith(webm.EBML.to_bytes(4, "big")):
        return webm.inspect(data)
    if data.lstrip()[:1] in (b"{", b"["):
        return lottie.inspect(data)
    raise UploadRefused(_("This animation is not a Lottie (JSON), WebM or APNG file."))


def keep(data: bytes, found: Inspected) -> str:
    """Store an inspected file and return its address; the same file has the same one."""
    name = f"{FOLDER}/{hashlib.sha256(data).hexdigest()[:40]}.{found.suffix}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return f"/media/{name}"
