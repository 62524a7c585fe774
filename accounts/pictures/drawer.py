"""A process of its own that draws one uploaded picture anew: a bomb goes off in here only.

    python -I drawer.py WIDTH HEIGHT CPU_SECONDS MEMORY_BYTES < upload > picture.webp

The size that the file claims is read before any of its pixels. What comes out is made of pixels
alone: no place, camera or name that the file knew. It ends with 0 and the picture, with one of the
codes below, or by the system's hand. It knows nothing of the site.
"""

import resource
import sys
import warnings
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
LEAST_SIDE = 200
# None is what Python itself ends with.
DAMAGED, UNKNOWN, TOO_MANY_PIXELS, TOO_SMALL = 65, 66, 67, 68


class Refused(Exception):
    """The picture is refused with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def limit(cpu_seconds: int, memory: int) -> None:
    """Bound what this process may use."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def measured(data: bytes) -> Image.Image:
    """Return the picture, of which only the head has been read. Raises `Refused`."""
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise Refused(DAMAGED if begins_as_one(data) else UNKNOWN) from None
    except Image.DecompressionBombError:
        raise Refused(TOO_MANY_PIXELS) from None
    except MemoryError:
        raise
    except Exception:
        raise Refused(DAMAGED) from None
    if image.width * image.height > MOST_PIXELS:
        raise Refused(TOO_MANY_PIXELS)
    if min(image.size) < LEAST_SIDE:
        raise Refused(TOO_SMALL)
    return image


def begins_as_one(data: bytes) -> bool:
    """Whether the first bytes are those of a format that we take."""
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def fitted(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return the middle of the picture in the size wanted, upright and in sRGB."""
    profile = image.info.get("icc_profile")
    image.draft("RGB", (2 * max(width, height),) * 2)  # a JPEG is decoded smaller at once
    upright = ImageOps.exif_transpose(image)
    clear = upright.has_transparency_data
    whole = upright.convert("RGBA" if clear else "RGB")
    small = ImageOps.fit(whole, (width, height), Image.Resampling.LANCZOS)
    if profile and image.mode in ("RGB", "RGBA"):
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            small = ImageCms.profileToProfile(small, own, ImageCms.createProfile("sRGB")) or small
        except (ImageCms.PyCMSError, OSError):
            pass  # its colours are taken as they are
    small.info.clear()
    return small


def draw(data: bytes, width: int, height: int) -> bytes:
    """Return the picture as a WebP without anything but its pixels. Raises `Refused`."""
    image = measured(data)
    try:
        drawn = fitted(image, width, height)
    except MemoryError:
        raise
    except Exception:
        raise Refused(DAMAGED) from None  # a decoder meets hostile bytes in many ways
    out = BytesIO()
    drawn.save(out, "WEBP", quality=84, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def main() -> int:
    """Draw what comes in; return how it ended."""
    width, height, cpu_seconds, memory = map(int, sys.argv[1:])
    warnings.simplefilter("ignore")
    data = sys.stdin.buffer.read()
    limit(cpu_seconds, memory)
    try:
        picture = draw(data, width, height)
    except Refused as refused:
        return refused.code
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
