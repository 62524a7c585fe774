"""One broadcast as it comes in: measured, packaged, and shown once there is a picture."""

import asyncio
import logging
import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from foundation.errors import DomainError
from video import broadcasts
from video.ingest.meters import MediaClock, Rate, TooFast
from video.ingest.packager import Packager, Stuck
from video.ingest.probing import OddSize, Unshowable
from video.ingest.rtmp.chunks import Message
from video.ingest.rtmp.flv import HEADER, Tag, kind_of, tag
from video.ingest.rtmp.refusals import BadMessage
from video.ingest.site import Site
from video.models import Broadcast
from video.troubles import Trouble

log = logging.getLogger(__name__)

FIRST_PICTURE_S = 20
LOOK_S = 0.1
HEAD = 12  # an empty message is not for nothing
CHECK_S = 1.0
MB = 1024 * 1024
NO_DATABASE = (DatabaseError, InterfaceError)
# The stream is over, or its creator may not send: nothing is waited for.
FOR_GOOD = {Trouble.STREAM_ENDED, Trouble.SWITCHED_OFF}


def disk_is_full(folder: Path) -> bool:
    """Return whether less is free than must stay free for the rest of the machine."""
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free < settings.VIDEO_LEAST_FREE_MB * MB


class Intake:
    """What an accepted encoder sends, on its way to the viewers."""

    def __init__(self, site: Site, broadcast: Broadcast) -> None:
        self.site, self.broadcast = site, broadcast
        self.packager = Packager(settings.VIDEO_DIR / broadcast.folder)
        self.rate = Rate(settings.VIDEO_MAX_MBIT * 1_000_000 // 8)
        self.clock = MediaClock()
        self.began = time.monotonic()
        self.shown = False
        self.pictured = False  # a whole picture came, on which others can build
        self.trouble: Trouble | None = None
        self.stopped = asyncio.Event()
        self.over = asyncio.Event()
        self._closing = False

    async def start(self) -> None:
        """Start the packager and what watches it."""
        await self.packager.start()
        await self.packager.feed(HEADER)
        self._watching = asyncio.create_task(self._watch())

    async def take(self, message: Message) -> None:
        """Pass a message on. Raises `BadMessage` when the broadcast must end."""
        if self.trouble:
            raise BadMessage(self.trouble.code)
        try:
            self.rate.take(len(message.payload) + HEAD)
            await self._pass_on(message)
        except TooFast:
            self.stop(Trouble.TOO_FAST)
        except Stuck:
            self.stop(Trouble.UNREADABLE)

    async def _pass_on(self, message: Message) -> None:
        kind = kind_of(message)
        if kind is Tag.FOREIGN:
            self.stop(Trouble.UNREADABLE)
        elif kind is Tag.KEY:
            self.pictured = True
        waits = kind is Tag.MEDIA and not self.pictured
        if kind is Tag.NOTHING or waits or self.trouble:
            return
        at = 0 if kind is Tag.SETUP and self.clock.began is None else self.clock.at(message.time_ms)
        await self.packager.feed(tag(message, at))

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
        if picture is None:
            if not self.packager.runs:
                self.stop(Trouble.UNREADABLE)
            elif time.monotonic() - self.began > FIRST_PICTURE_S:
                self.stop(Trouble.NO_PICTURE)
            return
        size: dict[str, Any] = picture._asdict()
        try:
            await self.site.ask(broadcasts.show, broadcast=self.broadcast, **size)
        except DomainError:
            self.stop(Trouble.REPLACED)
        except NO_DATABASE:
            log.warning("The database does not answer; a broadcast waits to be shown.")
            await asyncio.sleep(CHECK_S)
        else:
            self.shown = True

    def _check(self) -> None:
        if not self.packager.runs:
            self.stop(Trouble.UNREADABLE)
        elif time.monotonic() - self.began > settings.VIDEO_MAX_HOURS * 3600:
            self.stop(Trouble.TOO_LONG)
        elif self.packager.size() > settings.VIDEO_MAX_MB * MB:
            self.stop(Trouble.TOO_FAST)
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
