"""Looking through a moving PNG: its chunks one by one, to the last byte."""

import struct
import zlib

from django.utils.translation import gettext as _

from gifts.stage.uploads.limits import (
    Inspected,
    UploadRefused,
    check_bound,
    check_sides,
    duration_of,
)

LARGEST = 4_000_000
MOST_FRAMES = 450
MOST_CHUNKS = 10_000  # drawing programs write some hundred bytes and more into each
MOST_PIXELS = 300_000_000  # of all frames
SIGNATURE = b"\x89PNG\r\n\x1a\n"
OPTIONAL = 0x20  # a small first letter: a reader that does not know it may skip it
Chunk = tuple[int, bytes, bytes]  # where it begins, its kind, what it holds
KNOWN = frozenset([b"IHDR", b"PLTE", b"IDAT", b"IEND"])


def inspect(data: bytes) -> Inspected:
    """Return what this moving picture is. Raises `UploadRefused`."""
    check_bound(_("APNG file size"), len(data) / 1_000_000, LARGEST / 1_000_000, "MB")
    found = chunks(data)
    width, height = size_of(found)
    check_sides(width, height)
    frames = frames_of(found)
    check_bound(_("Frames"), frames, MOST_FRAMES, _("total"))
    pixels = width * height * frames
    check_bound(_("All frames"), pixels / 1e6, MOST_PIXELS / 1e6, _("megapixels"))
    plays = 0.0
    for at, kind, body in found:
        if kind == b"fcTL":
            wide, high, left, top = struct.unpack(">IIII", body[4:20])
            if not (0 < wide <= width - left and 0 < high <= height - top):
                raise UploadRefused(
                    _("Byte %(at)s: a frame is larger than the picture.") % {"at": at}
                )
            hold, unit = struct.unpack(">HH", body[20:24])
            plays += hold / (unit or 100) * 1_000
    return Inspected("png", duration_of(plays))


def size_of(found: list[Chunk]) -> tuple[int, int]:
    """Return width and height. Raises `UploadRefused` for what is no PNG from end to end."""
    kinds = [kind for _at, kind, _body in found]
    if not kinds or kinds[0] != b"IHDR" or kinds.count(b"IHDR") > 1:
        raise UploadRefused(_("Not a valid PNG: the header is missing."))
    for at, kind, _body in found:
        if not kind[0] & OPTIONAL and kind not in KNOWN:
            said = {"at": at, "kind": kind.decode("ascii", "replace")}
            raise UploadRefused(_("Byte %(at)s: %(kind)s is not a PNG chunk.") % said)
    if kinds[-1] != b"IEND":
        raise UploadRefused(_("This PNG file is incomplete."))
    width, height = struct.unpack(">II", found[0][2][:8])
    return width, height


def frames_of(found: list[Chunk]) -> int:
    """Return how many pictures it is. Raises `UploadRefused`."""
    kinds = [kind for _at, kind, _body in found]
    told = [body for _at, kind, body in found if kind == b"acTL"]
    if len(told) != 1 or b"IDAT" not in kinds or kinds.index(b"acTL") > kinds.index(b"IDAT"):
        raise UploadRefused(_("This PNG is not animated. Upload an APNG."))
    frames = int.from_bytes(told[0][:4], "big")
    shown = kinds.count(b"fcTL")
    if frames != shown:
        said = {"frames": frames, "shown": shown}
        raise UploadRefused(_("The file declares %(frames)s frames but contains %(shown)s.") % said)
    return frames


def chunks(data: bytes) -> list[Chunk]:
    """Return where each chunk begins, its kind and what it holds. Raises `UploadRefused`."""
    if not data.startswith(SIGNATURE):
        raise UploadRefused(_("This is not a PNG file."))
    found: list[Chunk] = []
    at = len(SIGNATURE)
    while at < len(data):
        head = data[at : at + 8]
        size = int.from_bytes(head[:4], "big")
        body = data[at + 8 : at + 8 + size]
        check = data[at + 8 + size : at + 12 + size]
        kind = head[4:]
        if len(check) < 4 or zlib.crc32(kind + body) != int.from_bytes(check, "big"):
            raise UploadRefused(_("Byte %(at)s: the PNG is damaged here.") % {"at": at})
        least = {b"IHDR": 13, b"acTL": 8, b"fcTL": 26}.get(kind, 0)
        if len(found) == MOST_CHUNKS:
            raise UploadRefused(_("The PNG has too many parts. Export it again."))
        if size < least or (found and found[-1][1] == b"IEND"):
            raise UploadRefused(_("Byte %(at)s: unexpected data in the PNG.") % {"at": at})
        found.append((at, kind, body))
        at += 12 + size
    return found
