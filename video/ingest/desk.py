"""All that comes in at this process: what is taken in, what must stop, what is swept away."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from video import broadcasts, captions, guests
from video.ingest import clipping
from video.ingest.intake import NO_DATABASE, Intake, disk_is_full
from video.ingest.packager import remove
from video.ingest.site import Site
from video.replays import recording
from video.troubles import Trouble

log = logging.getLogger(__name__)

BEAT_S = 1.0
SWEEP_S = 4.0
GOODBYE_S = 8.0
CLEAN_S = 30.0
FORGET_S = 600.0
KEEP_S = 120.0  # viewers may be a little behind what has ended


class Desk:
    """The intakes of this process, by the number of their broadcast."""

    def __init__(self) -> None:
        self.site = Site()
        self.intakes: dict[int, Intake] = {}
        self.watching_since: datetime = timezone.now()
        self._swept_at = self._cleaned_at = self._forgot_at = 0.0
        self._making: asyncio.Task[None] | None = None

    def refuses(self) -> Trouble | None:
        """Return why nothing more can be taken in now."""
        if len(self.intakes) >= settings.VIDEO_MAX_BROADCASTS:
            return Trouble.TOO_MUCH
        return Trouble.DISK_FULL if disk_is_full(settings.VIDEO_DIR) else None

    async def take_in(self, intake: Intake) -> None:
        """Begin to take a broadcast in; an earlier one of the same sender stops at once."""
        mine = intake.broadcast
        for other in self.intakes.values():
            theirs = other.broadcast
            if (theirs.creator_id, theirs.guest_id) == (mine.creator_id, mine.guest_id):
                other.stop(Trouble.GUEST_ELSEWHERE if mine.guest_id else Trouble.REPLACED)
        await intake.start()
        self.intakes[intake.broadcast.pk] = intake

    async def run(self) -> None:
        """Tell the site every second what comes in, and do what it says; sweep now and then."""
        while True:
            try:
                await self.beat()
                if time.monotonic() - self._swept_at > SWEEP_S:
                    await self.sweep()
            except NO_DATABASE as error:
                log.warning("The database does not answer; video goes on meanwhile. %s", error)
                # Nobody could come back while there was no database: their time begins anew.
                self.watching_since = timezone.now()
            except Exception:
                log.exception("The ingest could not look after its broadcasts; it tries again.")
            await asyncio.sleep(BEAT_S)

    async def beat(self) -> None:
        """Say what comes in, stop what must not, and make the clips that somebody waits for."""
        for pk in [pk for pk, intake in self.intakes.items() if intake.over.is_set()]:
            del self.intakes[pk]
        theirs = [pk for pk, intake in self.intakes.items() if intake.broadcast.guest_id]
        own = [pk for pk in self.intakes if pk not in theirs]
        for look_after, some in ((broadcasts, own), (guests, theirs)):
            if not some:
                continue
            for pk, trouble in (await self.site.ask(look_after.beat, some)).items():
                if pk in self.intakes:
                    self.intakes[pk].stop(trouble)
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make_clips())

    async def sweep(self) -> None:
        """End what stays away, make replays ready, remove what nobody needs any more."""
        self._swept_at = time.monotonic()
        for look_after in (broadcasts, guests):
            await self.site.ask(look_after.sweep, watching_since=self.watching_since)
        await self._look_after_replays()
        if time.monotonic() - self._cleaned_at > CLEAN_S:
            self._cleaned_at = time.monotonic()
            await self.site.ask(clean, settings.VIDEO_DIR)
        if time.monotonic() - self._forgot_at > FORGET_S:
            self._forgot_at = time.monotonic()
            await self.site.ask(captions.forget)

    async def _look_after_replays(self) -> None:
        """Say how much is recorded, stop what must not go on, make ready what is complete."""
        kept = {pk: one.shelf.kept_bytes for pk, one in self.intakes.items() if one.shelf.keeps}
        for pk in await self.site.ask(recording.weigh, kept):
            if pk in self.intakes:
                self.intakes[pk].shelf.keep_no_more()
        await self.site.ask(recording.finish_due, settings.VIDEO_DIR)

    async def _make_clips(self) -> None:
        """Make the files of the clips that wait for them, beside all else."""
        try:
            for clip in await self.site.ask(clipping.due):
                made = await asyncio.to_thread(clipping.make, settings.VIDEO_DIR, clip)
                await self.site.ask(clipping.settle, clip, made)
        except NO_DATABASE:
            log.warning("The database does not answer; clips wait.")

    async def close(self) -> None:
        """Let every broadcast finish its last segment; encoders connect again on their own."""
        for intake in self.intakes.values():
            intake.stop(Trouble.LINE_CUT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                for intake in list(self.intakes.values()):
                    await intake.over.wait()
        if self._making:
            self._making.cancel()
        self.site.close()


async def serve(work: Callable[[Desk], Awaitable[None]]) -> None:
    """Run a desk and the work that brings it broadcasts, until SIGINT or SIGTERM."""
    desk = Desk()
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    tasks = [asyncio.ensure_future(desk.run()), asyncio.ensure_future(work(desk))]
    await asked.wait()
    for task in tasks:
        task.cancel()
    await desk.close()


def clean(folder: Path) -> None:
    """Remove the files of broadcasts that ended and are not kept, whoever took them in."""
    recording.forget_old()
    needed = recording.folders_needed()
    for one in folder.iterdir() if folder.exists() else ():
        if one.name not in needed and one.is_dir() and time.time() - one.stat().st_mtime > KEEP_S:
            remove(one)
