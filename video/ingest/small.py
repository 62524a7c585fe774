"""The small rendition of a broadcast: each of its segments is drawn anew at 360p, by itself.

A FFmpeg of its own reads a segment that the packager has finished, and is the kindest of all to the
machine: the copied picture never waits for it. What comes too late is left out, and a rendition
that comes too late again and again is not offered for a while.
"""

import asyncio
import contextlib
import logging
import os
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import imageio_ffmpeg

from video.ingest import master
from video.ingest.confined import confined
from video.ingest.master import Weight
from video.ingest.probing import MOST_PIXELS, Picture, Unshowable, probe, split
from video.replays.segments import MASTER, SEGMENT, SETUP, SMALL, Segment, in_playlist

log = logging.getLogger(__name__)

SIDE = 360  # of the shorter one, in pixels
LISTED = 8  # as many as of the copied ones
FORGOTTEN = 24  # segments behind the newest: for viewers who are slow
BEHIND = 4  # finished segments that wait: then the newest is drawn next
MOST_MISSES = 3
AGAIN_S = 60.0  # after which it is tried again
ENOUGH = 30  # drawn in time one after another: what was missed before is forgotten
FIRST_S = 5.0
LOOK_S = 0.1
PATIENCE = 4.0  # times as long as the segment is
LEAST_PATIENCE_S = 8.0
LIMITS = {"memory_mb": 512, "file_mb": 1, "niceness": 15}


def arguments() -> list[str]:
    """Return FFmpeg's words: one segment in, one out, at the same times and with the same sound."""
    wide = f"scale=w='if(gt(iw,ih),-2,{SIDE})':h='if(gt(iw,ih),{SIDE},-2)'"
    return [
        *("-hide_banner", "-loglevel", "error", "-protocol_whitelist", "pipe"),
        *("-format_whitelist", "mov", "-codec_whitelist", "h264,aac"),
        *("-max_pixels", str(MOST_PIXELS), "-threads", "1"),
        # The times of the media as they are: browsers' Media Source Extensions go by them as well.
        *("-copyts", "-ignore_editlist", "1", "-f", "mov", "-i", "pipe:0"),
        *("-map", "0:v:0", "-map", "0:a:0?", "-c:a", "copy", "-c:v", "libx264"),
        *("-preset", "superfast", "-tune", "zerolatency", "-profile:v", "main", "-level", "3.1"),
        # Each segment may weigh 100 kB a second: what its buffer begins with, and what comes in.
        *("-pix_fmt", "yuv420p", "-crf", "26", "-maxrate", "640k", "-bufsize", "320k"),
        *("-x264-params", "vbv-init=0.5"),
        *("-vf", wide, "-force_key_frames", "source", "-fps_mode", "passthrough"),
        *("-threads", "1", "-map_metadata", "-1", "-f", "mp4", "-use_editlist", "0"),
        *("-avoid_negative_ts", "disabled", "-movflags"),
        "frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_trailer",
        *("-protocol_whitelist", "pipe", "pipe:1"),
    ]


class Small:
    """The small rendition beside the segments of one broadcast, and the playlist that names both.

    `begin` makes the first segment and the master playlist, `follow` all others.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.copied, self.drawn = Weight(), Weight()
        self.offered = False
        self._begun = self._wanted = False
        self._listed: list[tuple[Segment, bool]] = []  # and whether it is there
        self._misses = self._in_time = 0

    async def begin(self, picture: Picture) -> None:
        """Draw the first segment, and name what there is. A small picture gets no smaller one."""
        if self._begun:
            return
        self._begun = True
        self._wanted = min(picture) > SIDE
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(FIRST_S):
                await self._offer()
        with contextlib.suppress(OSError):  # a full disk ends the stream by itself
            await asyncio.to_thread(self._write)

    async def _offer(self) -> None:
        """Draw the newest segment; where that works, this rendition is offered."""
        listed = await asyncio.to_thread(in_playlist, self.folder)
        self._listed, self._misses = [], 0
        if listed and self._wanted:
            self.offered = await self._take(listed[-1])
        elif listed:
            await asyncio.to_thread(self._weigh, listed[-1])

    async def follow(self) -> None:
        """Draw what comes. The stream goes on without what fails."""
        while self._wanted:
            try:
                await self._follow()
                await asyncio.sleep(AGAIN_S)
                await self._offer()
                await asyncio.to_thread(self._write)
            except (OSError, Unshowable):
                log.warning("The small rendition of a broadcast stopped.", exc_info=True)
                self.offered = False

    async def _follow(self) -> None:
        while self.offered:
            listed = await asyncio.to_thread(in_playlist, self.folder)
            last = self._listed[-1][0].number
            due = [one for one in listed if one.number > last]
            if not due:
                await asyncio.sleep(LOOK_S)
                continue
            if len(due) > BEHIND:
                self._listed += [(one, False) for one in due[:-1]]
                self._miss()
                due = due[-1:]
            if not await self._take(due[0]):
                self._miss()
            await asyncio.to_thread(self._write)

    def end(self) -> None:
        """Say that no more segments come."""
        if self.offered:
            with contextlib.suppress(OSError):
                self._write(over=True)

    async def _take(self, one: Segment) -> bool:
        """Draw a segment and list it; return whether it is there."""
        await asyncio.to_thread(self._weigh, one)
        made = await self._draw(one)
        there = bool(made) and await asyncio.to_thread(self._put, one, made)
        self._listed.append((one, there))
        return there

    async def _draw(self, one: Segment) -> bytes:
        try:
            source = await asyncio.to_thread(self._read, one)
        except OSError:
            return b""
        process = await asyncio.create_subprocess_exec(
            *confined([imageio_ffmpeg.get_ffmpeg_exe(), *arguments()], **LIMITS),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=self.folder,
            env={"PATH": os.defpath},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(max(PATIENCE * one.seconds, LEAST_PATIENCE_S)):
                made, _nothing = await process.communicate(source)
        except TimeoutError:
            return b""
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return made if process.returncode == 0 else b""

    def _read(self, one: Segment) -> bytes:
        segment = (self.folder / (SEGMENT % one.number)).read_bytes()
        return (self.folder / SETUP).read_bytes() + segment

    def _weigh(self, one: Segment) -> None:
        with contextlib.suppress(OSError):
            size = (self.folder / (SEGMENT % one.number)).stat().st_size
            self.copied.add(size, one.seconds)

    def _put(self, one: Segment, made: bytes) -> bool:
        """Write what was drawn; return whether it is there."""
        try:
            setup, media = split(made)
            if not (self.folder / SMALL.setup).exists():
                _write_whole(self.folder / SMALL.setup, setup)
                probe(self.folder / SMALL.setup)
            _write_whole(self.folder / (SMALL.segment % one.number), media)
        except (Unshowable, OSError):
            return False
        self.drawn.add(len(media), one.seconds)
        old = self.folder / (SMALL.segment % max(one.number - FORGOTTEN, 0))
        old.unlink(missing_ok=True)
        return True

    def _miss(self) -> None:
        self._misses += 1
        if self._misses >= MOST_MISSES:
            log.warning("A small rendition came too late, and is not offered for a while.")
            self.offered = False

    def _write(self, *, over: bool = False) -> None:
        """Write the playlists as things are now."""
        if self._listed and self._listed[-1][1]:
            self._in_time += 1
            if self._in_time >= ENOUGH:
                self._misses = 0
        else:
            self._in_time = 0
        self._listed = self._listed[-LISTED:]
        if self.offered:
            text = master.playlist(self._listed, over=over)
            _write_whole(self.folder / SMALL.playlist, text.encode())
        else:
            (self.folder / SMALL.playlist).unlink(missing_ok=True)
        small = self.drawn if self.offered else None
        text = master.text(self.folder, copied=self.copied, small=small)
        _write_whole(self.folder / MASTER, text.encode())


def _write_whole(file: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.write_bytes(data)
    unfinished.replace(file)
