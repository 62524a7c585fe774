"""One FFmpeg for one broadcast: video goes in through a pipe, HLS comes out in a folder.

It copies, unless a browser sends what others cannot play. It may read from the pipe alone and
write files alone, and it ends with this process.
"""

import asyncio
import contextlib
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import imageio_ffmpeg

from video.ingest.confined import confined
from video.ingest.probing import MOST_PIXELS, Picture, probe
from video.ingest.recipes import Recipe
from video.ingest.shelf import Shelf
from video.replays.segments import PLAYLIST, SEGMENT, SETUP, SOUND

LARGEST_FILE_MB = 48  # half a minute of the fastest stream, in one segment
PATIENCE_S = 10
GOODBYE_S = 3
LISTED = 8  # segments in the playlist
OLD_SOUND = 12  # segments behind those in its playlist, which FFmpeg removes itself


def _written(*more: str, setup: str, segment: str) -> str:
    """Return how HLS is written, as FFmpeg's tee takes it; names are those of our folder."""
    options = (
        *("f=hls", "protocol_whitelist=file", "hls_time=1", f"hls_list_size={LISTED}"),
        *("hls_segment_type=fmp4", f"hls_fmp4_init_filename={setup}"),
        *(f"hls_segment_filename={segment}", *more),
    )
    return f"[{':'.join(options)}]"


FLAGS = "hls_flags=independent_segments+program_date_time+temp_file"
WHOLE = _written(FLAGS, setup=SETUP, segment=SEGMENT)
# The sound alone, for those who save data. Where there is none, nothing is written and all is well.
HEARD = _written(
    *("select=a", "onfail=ignore"),
    *(f"{FLAGS}+delete_segments", f"hls_delete_threshold={OLD_SOUND}"),
    setup=SOUND.setup,
    segment=SOUND.segment,
)


class Stuck(Exception):
    """FFmpeg takes nothing any more, or is gone."""


def arguments(recipe: Recipe) -> list[str]:
    """Return FFmpeg's words for what comes in as the recipe says."""
    return [
        *("-hide_banner", "-loglevel", "error"),
        *("-protocol_whitelist", "pipe", "-format_whitelist", recipe.form),
        *("-codec_whitelist", recipe.codecs, "-max_pixels", str(MOST_PIXELS), "-threads", "1"),
        *("-probesize", "2M", "-analyzeduration", "1M", "-fflags", "+nobuffer+discardcorrupt"),
        *("-dts_error_threshold", "5", "-f", recipe.form, "-i", "pipe:0"),
        *("-map", "0:v:0", "-map", "0:a:0?", *recipe.output, "-threads", "1"),
        *("-map_metadata", "-1", "-flags", "+global_header", "-f", "tee"),
        f"{WHOLE}{PLAYLIST}|{HEARD}{SOUND.playlist}",
    ]


class Packager:
    """FFmpeg at work on one folder."""

    process: Process

    def __init__(self, folder: Path, recipe: Recipe, *, keeps: bool = False) -> None:
        self.folder = folder
        self.shelf = Shelf(folder, keeps=keeps)
        self.recipe = recipe
        self.said = b""  # the last of what FFmpeg complained about

    async def start(self) -> None:
        """Start FFmpeg in a process group of its own."""
        self.folder.mkdir(parents=True, mode=0o755)
        program = [imageio_ffmpeg.get_ffmpeg_exe(), *arguments(self.recipe)]
        limits = {"memory_mb": self.recipe.memory_mb, "file_mb": LARGEST_FILE_MB}
        self.process = await asyncio.create_subprocess_exec(
            *confined(program, **limits),
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=PIPE,
            cwd=self.folder,
            env={"PATH": os.defpath},
            start_new_session=True,
        )
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        if self.process.stderr:
            while said := await self.process.stderr.read(4096):
                self.said = (self.said + said)[-2000:]

    @property
    def runs(self) -> bool:
        """Whether FFmpeg is there."""
        return self.process.returncode is None

    async def feed(self, data: bytes) -> None:
        """Give FFmpeg the next bytes. Raises `Stuck` when it does not take them."""
        pipe = self.process.stdin
        if pipe is None or not self.runs:
            raise Stuck
        try:
            pipe.write(data)
            async with asyncio.timeout(PATIENCE_S):
                await pipe.drain()
        except (OSError, TimeoutError, RuntimeError) as error:
            # uvloop says so where the pipe was closed a moment ago.
            raise Stuck from error

    def picture(self) -> Picture | None:
        """Return what the viewers would get, once a segment is there. Raises `Unshowable`."""
        if not (self.folder / PLAYLIST).exists():
            return None
        return probe(self.folder / SETUP)

    async def close(self) -> None:
        """Let FFmpeg write its last segment; end it after three seconds without asking."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self.process.wait()
        except TimeoutError:
            self.kill()
            await self.process.wait()
        self._listening.cancel()

    def kill(self) -> None:
        """End FFmpeg and what it may have started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def remove(folder: Path) -> None:
    """Remove a broadcast's files."""
    shutil.rmtree(folder, ignore_errors=True)
