"""Looking through a WebM film: its EBML elements, as far as they say what is in it."""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from gifts.stage.uploads.limits import (
    Inspected,
    UploadRefused,
    check_bound,
    check_sides,
    duration_of,
)

LARGEST = 4_000_000
EBML, SEGMENT, INFO, TRACKS, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
VOID, CRC, CUES, SEEK, TAGS = 0xEC, 0xBF, 0x1C53BB6B, 0x114D9B74, 0x1254C367
DOCTYPE, SCALE, DURATION, TIMESTAMP = 0x4282, 0x2AD7B1, 0x4489, 0xE7
ENTRY, KIND, CODEC, VIDEO, WIDTH, HEIGHT = 0xAE, 0x83, 0x86, 0xE0, 0xB0, 0xBA
IN_SEGMENT = {INFO, TRACKS, CLUSTER, VOID, CRC, CUES, SEEK, TAGS}
FILM = 1
BLOCKS = (0xA3, 0xA0)
MOST_FRAMES = 900
MOST_LOOKED_AT = 20_000  # elements, each as often as it is: a film has some thousand
LONGEST_WHOLE = 8  # bytes of a whole number: more are no WebM, and no fraction holds them
CODECS = {b"V_VP8", b"V_VP9", b"V_AV1"}


class Element(NamedTuple):
    """One element: what it is, and from where to where its content goes."""

    id: int
    start: int
    end: int


@dataclass
class File:
    """A file, and how many elements may still be looked at: two bytes are one, so 4 MB are too
    many.
    """

    data: bytes
    left: int = MOST_LOOKED_AT


def inspect(data: bytes) -> Inspected:
    """Return what this film is. Raises `UploadRefused`."""
    check_bound(_("WebM file size"), len(data) / 1_000_000, LARGEST / 1_000_000, "MB")
    file = File(data)
    top = [one for one in elements(file, 0, len(data)) if one.id not in (VOID, CRC)]
    if [one.id for one in top] != [EBML, SEGMENT] or text(file, top[0], DOCTYPE) != b"webm":
        raise UploadRefused(_("This is not a WebM file."))
    inside = list(elements(file, top[1].start, top[1].end))
    for one in inside:
        if one.id not in IN_SEGMENT:
            raise UploadRefused(
                _("Byte %(at)s: attachments are not allowed in a WebM.") % {"at": one.start}
            )
    track(file, inside)
    scale = 1_000_000
    length = 0.0
    for info in (one for one in inside if one.id == INFO):
        scale = whole(file, info, SCALE) or scale
        length = real(file, info, DURATION)
    if length <= 0:
        raise UploadRefused(_("The duration is missing. Export it as a file, not a stream."))
    frames = sum(
        block.id in BLOCKS
        for one in inside
        if one.id == CLUSTER
        for block in elements(file, one.start, one.end)
    )
    check_bound(_("Frames"), frames, MOST_FRAMES, _("total"))
    last = max((whole(file, one, TIMESTAMP) for one in inside if one.id == CLUSTER), default=-1)
    if last < 0:
        raise UploadRefused(_("This WebM has no video."))
    return Inspected("webm", duration_of(max(length, last) * scale / 1_000_000))


def track(file: File, inside: list[Element]) -> None:
    """Refuse anything but one track of pictures of a bounded size. Raises `UploadRefused`."""
    entries = [
        entry
        for one in inside
        if one.id == TRACKS
        for entry in elements(file, one.start, one.end)
        if entry.id == ENTRY
    ]
    if any(whole(file, entry, KIND) != FILM for entry in entries):
        raise UploadRefused(_("Remove the sound and subtitles. Gift videos are silent."))
    if len(entries) != 1:
        raise UploadRefused(
            _("The file has %(many)s video tracks. Use only one.") % {"many": len(entries)}
        )
    codec = text(file, entries[0], CODEC)
    if codec not in CODECS:
        said = codec.decode("ascii", "replace")
        raise UploadRefused(_("The codec is %(codec)s. Use VP8, VP9 or AV1.") % {"codec": said})
    film = first(file, entries[0], VIDEO)
    if film is None:
        raise UploadRefused(_("The width or height is zero."))
    check_sides(whole(file, film, WIDTH), whole(file, film, HEIGHT))


def elements(file: File, at: int, end: int) -> Iterator[Element]:
    """Give the elements that stand one after the other. Raises `UploadRefused`."""
    while at < end:
        file.left -= 1
        if file.left < 0:
            raise UploadRefused(_("The WebM has too many parts. Export it again."))
        identity, start = variable(file.data, at, keep_marker=True)
        size, start = variable(file.data, start, keep_marker=False)
        unknown = size < 0
        if unknown and identity != SEGMENT:
            raise UploadRefused(_("Byte %(at)s: an element of unknown length.") % {"at": at})
        stop = end if unknown else start + size
        if stop > end:
            raise UploadRefused(_("Byte %(at)s: the WebM is incomplete.") % {"at": at})
        yield Element(identity, start, stop)
        at = stop


def variable(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """Return a number of variable length and where it ends; -1 for an unknown one."""
    lead = data[at] if at < len(data) else 0
    length = 9 - lead.bit_length()
    if not lead or at + length > len(data):
        raise UploadRefused(_("Byte %(at)s: this is not valid WebM.") % {"at": at})
    value = int.from_bytes(data[at : at + length], "big")
    if keep_marker:
        return value, at + length
    value &= (1 << (7 * length)) - 1
    return (-1 if value == (1 << (7 * length)) - 1 else value), at + length


def first(file: File, parent: Element, wanted: int) -> Element | None:
    """Return the first such element inside another."""
    return next((one for one in elements(file, parent.start, parent.end) if one.id == wanted), None)


def text(file: File, parent: Element, wanted: int) -> bytes:
    """Return the text of an element inside another, or nothing."""
    found = first(file, parent, wanted)
    return file.data[found.start : found.end].rstrip(b"\0") if found else b""


def whole(file: File, parent: Element, wanted: int) -> int:
    """Return the whole number of an element inside another, or 0. Raises `UploadRefused`."""
    found = first(file, parent, wanted)
    if found and found.end - found.start > LONGEST_WHOLE:
        raise UploadRefused(_("Byte %(at)s: this is not valid WebM.") % {"at": found.start})
    return int.from_bytes(file.data[found.start : found.end], "big") if found else 0


def real(file: File, parent: Element, wanted: int) -> float:
    """Return the fraction of an element inside another, or 0."""
    found = first(file, parent, wanted)
    body = file.data[found.start : found.end] if found else b""
    kind = {4: ">f", 8: ">d"}.get(len(body))
    value: float = struct.unpack(kind, body)[0] if kind else 0.0
    return value if math.isfinite(value) else 0.0
