"""One broadcast as it comes in: measured, packaged, and shown once there is a picture."""

import asyncio
import contextlib
import logging
import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from foundation.errors import DomainError
from video import broadcasts, guests
from video.ingest.meters import Rate, TooFast
from video.ingest.packager import Packager, Stuck
from video.ingest.probing import OddSize, Unshowable
from video.ingest.recipes import Recipe
from video.ingest.site import Site
from video.ingest.small import Small
from video.ingest.stills import Stills
from video.models import Broadcast
from video.troubles import Trouble

log = logging.getLogger(__name__)

FIRST_PICTURE_S = 20
LOOK_S = 0.1
HEAD = 12  # an empty message is not for nothing
CHECK_S = 1.0
STILL_S = 30.0
LONGEST_SEGMENT_S = 60.0  # no distance of key frames; a clock that is wrong
MB = 1024 * 1024
NO_DATABASE = (DatabaseError, InterfaceError)
# The stream is over, or its creator may not send: nothing is waited for.
FOR_GOOD = {
    *(Trouble.STREAM_ENDED, Trouble.SWITCHED_OFF),
    *(Trouble.GUEST_REMOVED, Trouble.GUEST_LEFT, Trouble.GUEST_OVER),
}


def disk_is_full(folder: Path) -> bool:
    """Return whether less is free than must stay free for the rest of the machine."""
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free < settings.VIDEO_LEAST_FREE_MB * MB


class Intake:
    """What an accepted sender sends, on its way to the viewers."""

    def __init__(self, site: Site, broadcast: Broadcast, recipe: Recipe) -> None:
        self.site, self.broadcast = site, broadcast
        folder = settings.VIDEO_DIR / broadcast.folder
        self.packager = Packager(folder, recipe, keeps=broadcast.recorded)
        self.shelf = self.packager.shelf
        self.stills = Stills(self.shelf)
        self.small = Small(folder) if settings.VIDEO_360P else None
        self.rate = Rate(settings.VIDEO_MAX_MBIT * 1_000_000 // 8)
        self.began = time.monotonic()
        self.shown = False
        self.pictured = False  # something came that could be a picture
        self.trouble: Trouble | None = None
        self.stopped = asyncio.Event()
        self.over = asyncio.Event()
        self._closing = False
        self._drawing: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the packager and what watches it."""
        await self.packager.start()
        self._watching = asyncio.create_task(self._watch())

    async def give(self, data: bytes) -> None:
        """Pass bytes on to FFmpeg; what must end is stopped."""
        try:
            self.rate.take(len(data) + HEAD)
            await self.packager.feed(data)
        except TooFast:
            self.stop(Trouble.TOO_FAST)
        except Stuck:
            self.stop(Trouble.UNREADABLE)

    def stop(self, trouble: Trouble) -> None:
        """Take no more. The first reason is the one that counts."""
        self.trouble = self.trouble or trouble
        self.stopped.set()

    async def _watch(self) -> None:
        """Show the broadcast as soon as there is something to see; then keep to the limits."""
        while not self.stopped.is_set():
            await asyncio.sleep(CHECK_S if self.shown else LOOK_S)
            if self.stopped.is_set():
                return
            try:
                if not self.shown:
                    await self._look()
                else:
                    await asyncio.to_thread(self._check)
            except OddSize:
                self.stop(Trouble.PICTURE_SIZE)
            except Unshowable:
                self.stop(Trouble.UNREADABLE)

    async def _look(self) -> None:
        picture = self.packager.picture()
        await asyncio.to_thread(self.shelf.look)
        if picture is None or self.shelf.longest_s > LONGEST_SEGMENT_S:
            if not self.packager.runs:
                self.stop(Trouble.UNREADABLE)
            elif time.monotonic() - self.began > FIRST_PICTURE_S:
                self.stop(Trouble.NO_PICTURE)
            return
        size: dict[str, Any] = picture._asdict()
        show = guests.show if self.broadcast.guest_id else broadcasts.show
        try:
            if self.small:
                await self.small.begin(picture)
            await self.site.ask(show, broadcast=self.broadcast, **size)
        except DomainError:
            self.stop(Trouble.REPLACED)
        except NO_DATABASE:
            log.warning("The database does not answer; a broadcast waits to be shown.")
            await asyncio.sleep(CHECK_S)
        else:
            self.shown = True
            self._begin_to_draw()

    def _begin_to_draw(self) -> None:
        if not self.broadcast.guest_id:  # a stream's still is of its creator
            self._drawing.append(asyncio.create_task(self._draw()))
        if self.small:
            self._drawing.append(asyncio.create_task(self.small.follow()))

    async def _draw(self) -> None:
        """Draw a still of what is live now and then, for the pages that do not play it."""
        while not self.stopped.is_set():
            if name := await asyncio.to_thread(self.stills.take):
                with contextlib.suppress(*NO_DATABASE):
                    await self.site.ask(broadcasts.show_still, broadcast=self.broadcast, name=name)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STILL_S):
                    await self.stopped.wait()

    def _check(self) -> None:
        self.shelf.look()
        if not self.packager.runs:
            self.stop(Trouble.UNREADABLE)
        elif time.monotonic() - self.began > settings.VIDEO_MAX_HOURS * 3600:
            self.stop(Trouble.TOO_LONG)
        elif self.shelf.fresh_bytes > settings.VIDEO_MAX_MB * MB:
            self.stop(Trouble.TOO_FAST)
        elif self.shelf.longest_s > LONGEST_SEGMENT_S:
            self.stop(Trouble.UNREADABLE)
        elif disk_is_full(settings.VIDEO_DIR):
            self.stop(Trouble.DISK_FULL)

    async def close(self) -> None:
        """Note that nothing more comes, let FFmpeg finish, and tell the site why."""
        if self._closing:
            return
        self._closing = True
        pictured, trouble = self.pictured, self.trouble
        self.stopped.set()
        await self.packager.close()
        await self._watching
        for drawing in self._drawing:
            drawing.cancel()
        if self.small:
            await asyncio.to_thread(self.small.end)
        await asyncio.to_thread(self.shelf.look)  # the last segment
        if not (self.shown or trouble or pictured):
            trouble = Trouble.NO_PICTURE
        if self.packager.said:
            log.info("FFmpeg said: %s", self.packager.said.decode(errors="replace"))
        await self._settle(trouble or Trouble.LINE_CUT)
        self.over.set()

    async def _settle(self, trouble: Trouble) -> None:
        """Write down that it is over. Without a database the sweep finds it, later."""
        settled = broadcasts.end if trouble in FOR_GOOD else broadcasts.lose
        try:
            await self.site.ask(settled, broadcast=self.broadcast, trouble=trouble)
        except NO_DATABASE:
            log.warning("The database does not answer; a broadcast is found to be over later.")
