"""What FFmpeg packaged, read from the file that tells every player: codecs and size.

It is what viewers would get, so it is what is judged: one picture in H.264, at most one sound in
AAC, of a size that a phone can show.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LARGEST_SETUP = 64 * 1024
SMALLEST_SIDE, LONGEST_SIDE, MOST_PIXELS = 64, 2560, 2560 * 1440
VIDEO, AUDIO = b"avc1", b"mp4a"


class Unshowable(Exception):
    """The file is not what a broadcast's must be."""


class OddSize(Unshowable):
    """The picture is too large or too small."""


class Picture(NamedTuple):
    """The size of a picture in pixels."""

    width: int
    height: int


def probe(file: Path) -> Picture:
    """Return the picture's size. Raises `Unshowable`."""
    with file.open("rb") as opened:
        data = opened.read(LARGEST_SETUP + 1)
    if len(data) > LARGEST_SETUP:
        raise Unshowable
    tracks = [track for moov in _boxes(data, b"moov") for track in _boxes(moov, b"trak")]
    entries = [_entry(track) for track in tracks]
    codecs = [codec for codec, _picture in entries]
    if codecs.count(VIDEO) != 1 or codecs.count(AUDIO) > 1 or len(codecs) > 2:
        raise Unshowable
    picture = next(picture for codec, picture in entries if codec == VIDEO)
    if min(picture) < SMALLEST_SIDE or max(picture) > LONGEST_SIDE:
        raise OddSize
    if picture.width * picture.height > MOST_PIXELS:
        raise OddSize
    return picture


def _entry(track: bytes) -> tuple[bytes, Picture]:
    """Return the codec of a track and, of a picture, its size."""
    data = track
    for name in (b"mdia", b"minf", b"stbl", b"stsd"):
        data = next(_boxes(data, name), b"")
    # Version and flags, the number of entries; then the first of them.
    count, size, codec = data[4:8], int.from_bytes(data[8:12]), data[12:16]
    if int.from_bytes(count) != 1 or size > len(data) - 8 or codec not in {VIDEO, AUDIO}:
        raise Unshowable
    # 8 bytes of head, 24 of what does not matter here, then width and height.
    return codec, Picture(int.from_bytes(data[40:42]), int.from_bytes(data[42:44]))


def _boxes(data: bytes, name: bytes) -> Iterator[bytes]:
    """Yield the contents of the boxes of this name. Raises `Unshowable` where one breaks off."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        if size < 8 or at + size > len(data):
            raise Unshowable
        if data[at + 4 : at + 8] == name:
            yield data[at + 8 : at + size]
        at += size


def codecs_of(file: Path) -> str:
    """Return the codecs as a playlist names them (RFC 6381), such as `avc1.64001f,mp4a.40.2`."""
    data = file.read_bytes()[:LARGEST_SETUP]
    found = []
    if (at := data.find(b"avcC")) >= 0:
        found.append(f"avc1.{data[at + 5 : at + 8].hex()}")
    if (at := data.find(b"esds")) >= 0:
        found.append(f"mp4a.40.{_kind_of_aac(data[at : at + 64])}")
    return ",".join(found)


def _kind_of_aac(descriptors: bytes) -> int:
    """Return the audio object type (ISO 14496-3); that of plain AAC where it cannot be read."""
    at = descriptors.find(b"\x04")  # the decoder's description, with its own in it
    at = descriptors.find(b"\x05", at + 1)
    while at >= 0 and at + 2 < len(descriptors) and descriptors[at + 1] == 0x80:
        at += 1  # a length in four bytes
    return descriptors[at + 2] >> 3 if 0 <= at < len(descriptors) - 2 else 2


def split(data: bytes) -> tuple[bytes, bytes]:
    """Return the boxes that a player reads first, and those of the media. Raises `Unshowable`."""
    at = 0
    while at + 8 <= len(data) and data[at + 4 : at + 8] != b"moof":
        size = int.from_bytes(data[at : at + 4])
        if size < 8:
            raise Unshowable
        at += size
    if at + 8 > len(data):
        raise Unshowable
    return data[:at], data[at:]
