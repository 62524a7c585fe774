"""The segments of a broadcast, as its folder tells of them: numbers, lengths, times.

Each segment gets a line in the folder's log, and one says where recording stopped. The packager's
own playlist has the newest, so that a process that was killed loses none that was finished.
"""

import contextlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

PLAYLIST, SETUP, SEGMENT, LOG = "index.m3u8", "init.mp4", "s%08d.m4s", "kept.log"
NAME = re.compile(r"s([0-9]{8})\.m4s")
STOPPED = "stopped"


class Extra(NamedTuple):
    """The names of a second rendition, which lives as long as its broadcast and is never kept."""

    playlist: str
    setup: str
    segment: str


SMALL = Extra("small.m3u8", "small.mp4", "small-%08d.m4s")
SOUND = Extra("sound.m3u8", "sound.mp4", "sound-%08d.m4s")
MASTER = "master.m3u8"  # names the playlists of a broadcast that has a small rendition
LONGEST_S = 3_600.0  # no segment is; a log that says so is not ours


class Segment(NamedTuple):
    """A segment: its number, its length, and when it began, in seconds of Unix time."""

    number: int
    seconds: float
    began: float


def listed(playlist: str) -> list[Segment]:
    """Return the segments that a playlist of the packager names."""
    found: list[Segment] = []
    seconds = began = 0.0
    for line in playlist.splitlines():
        if line.startswith("#EXTINF:"):
            seconds = float(line[8:].rstrip(","))
        elif line.startswith("#EXT-X-PROGRAM-DATE-TIME:"):
            began = datetime.fromisoformat(line[25:]).astimezone(UTC).timestamp()
        elif name := NAME.fullmatch(line):
            found.append(Segment(int(name[1]), seconds, began))
    return found


def in_playlist(folder: Path) -> list[Segment]:
    """Return the newest segments of a folder; none where nothing was packaged yet."""
    try:
        return listed((folder / PLAYLIST).read_text())
    except (OSError, ValueError):
        return []


def line_of(segment: Segment) -> str:
    """Return what the log keeps of a segment."""
    return f"{segment.number} {segment.seconds:.6f} {segment.began:.3f}\n"


def recorded(folder: Path) -> list[Segment]:
    """Return the segments that were recorded and are there, in their order.

    What was not noted, because the process stood still, lies evenly between what was. Raises
    `OSError` when what is there cannot be read: that says nothing about what was recorded.
    """
    lines = _lines(folder)
    if STOPPED in lines:
        return _there(folder, lines[: lines.index(STOPPED)], [])
    return _there(folder, lines, in_playlist(folder))


def present(folder: Path) -> list[Segment]:
    """Return all segments that are there, recorded or not, in their order."""
    return _there(folder, _lines(folder), in_playlist(folder))


def _lines(folder: Path) -> list[str]:
    try:
        return (folder / LOG).read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _there(folder: Path, lines: list[str], newest: list[Segment]) -> list[Segment]:
    known = {one.number: one for one in map(_read, lines) if one}
    known |= {one.number: one for one in newest}
    try:
        names = [NAME.fullmatch(file.name) for file in folder.iterdir()]
    except FileNotFoundError:
        return []
    files = {int(name[1]) for name in names if name}
    return [one for one in _without_holes(known) if one.number in files]


def _read(line: str) -> Segment | None:
    """Return the segment of a line; nothing for one that a killed process left unfinished."""
    words = line.split(" ")
    try:
        number, seconds, began = int(words[0]), float(words[1]), float(words[2])
    except (ValueError, IndexError):
        return None
    fits = len(words) == 3 and 0 <= number < 10**8 and 0 < seconds < LONGEST_S and 0 < began < 1e11
    return Segment(number, seconds, began) if fits else None


def _without_holes(known: dict[int, Segment]) -> Iterable[Segment]:
    before: Segment | None = None
    for number in sorted(known):
        one = known[number]
        missing = number - before.number - 1 if before else 0
        if before and missing:
            at = before.began + before.seconds
            each = max((one.began - at) / missing, 0.001)
            for index in range(min(missing, 10_000)):
                yield Segment(before.number + 1 + index, each, at + index * each)
        yield one
        before = one


def forget_extras(folder: Path) -> None:
    """Remove what was only there while the broadcast was live: a replay keeps what was sent."""
    for pattern in ("small*", "sound*", "still*", MASTER):
        for file in folder.glob(pattern):
            with contextlib.suppress(OSError):
                file.unlink()
