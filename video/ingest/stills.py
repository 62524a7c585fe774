"""Still pictures of a clip and of what is live, each drawn by a confined FFmpeg."""

import contextlib
import logging
import os
import subprocess
from pathlib import Path

import imageio_ffmpeg

from video.ingest.confined import confined
from video.ingest.probing import MOST_PIXELS
from video.ingest.shelf import Shelf
from video.replays.segments import SEGMENT, SETUP

log = logging.getLogger(__name__)

STILL = "still-%08d.jpg"
NEWEST = "still.jpg"  # for pages that save data and ask again and again
MEMORY_MB, LARGEST_MB, PATIENCE_S = 512, 4, 20


def draw(folder: Path, number: int, name: str) -> bool:
    """Draw the first picture of a segment into a file; return whether it is there."""
    unfinished = folder / f"{name}.new.jpg"
    words = [
        *("-hide_banner", "-loglevel", "error", "-protocol_whitelist", "pipe"),
        *("-format_whitelist", "mov", "-codec_whitelist", "h264,aac"),
        *("-max_pixels", str(MOST_PIXELS), "-threads", "1", "-f", "mov", "-i", "pipe:0"),
        *("-map", "0:v:0", "-frames:v", "1", "-vf", "scale=w='min(1280,iw)':h=-2"),
        *("-map_metadata", "-1", "-q:v", "4", "-threads", "1", "-f", "image2", "-update", "1"),
        *("-protocol_whitelist", "file", str(unfinished)),
    ]
    program = [imageio_ffmpeg.get_ffmpeg_exe(), *words]
    try:
        subprocess.run(
            confined(program, memory_mb=MEMORY_MB, file_mb=LARGEST_MB),
            input=(folder / SETUP).read_bytes() + (folder / (SEGMENT % number)).read_bytes(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            env={"PATH": os.defpath},
            check=True,
        )
        unfinished.rename(folder / name)
    except (subprocess.SubprocessError, OSError):
        log.warning("FFmpeg drew no picture of a segment.")
        unfinished.unlink(missing_ok=True)
        return False
    return True


class Stills:
    """The pictures that stand for a broadcast where it is not played. Two are kept: a page that was
    opened before the newest came has the one before.
    """

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._kept: list[str] = []

    def take(self) -> str:
        """Draw the newest segment; return the picture's name, empty where there is none."""
        newest = self.shelf.newest_number
        if newest is None or (self._kept and self._kept[-1] == STILL % newest):
            return ""
        if not draw(self.shelf.folder, newest, STILL % newest):
            return ""
        self._kept.append(STILL % newest)
        self._name_newest(STILL % newest)
        for old in self._kept[:-2]:
            (self.shelf.folder / old).unlink(missing_ok=True)
        self._kept = self._kept[-2:]
        return self._kept[-1]

    def _name_newest(self, name: str) -> None:
        """Let the newest still be found by a name that stays."""
        folder, unfinished = self.shelf.folder, self.shelf.folder / f"{NEWEST}.new"
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
            unfinished.hardlink_to(folder / name)
            unfinished.replace(folder / NEWEST)
