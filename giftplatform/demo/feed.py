"""Sends the demo's films into its creators' rooms, until somebody goes live there.

A film is taken in as what an encoder sends, by the same intake. It yields: to a camera, to an
encoder, and to a creator who began or ended a stream by hand.
"""

import asyncio
import logging
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from giftplatform.demo.films import Film
from giftplatform.demo.programme import FILMS, SHOWS
from live.models import Stream
from video import broadcasts
from video.ingest.desk import Desk
from video.ingest.intake import NO_DATABASE
from video.ingest.rtmp.refusals import BadMessage
from video.ingest.rtmp_intake import RtmpIntake
from video.models import Broadcast, Elsewhere

log = logging.getLogger(__name__)

# Who ended a stream does not want to be live again at once.
QUIET = timedelta(minutes=15)
AGAIN_S, MINUTE_S = 3.0, 60.0
STEP_S = 0.2  # what is due within one step is sent at once: fewer, cheaper turns
FILM = Broadcast.Source.FILM


async def run(desk: Desk) -> None:
    """Show every film in its room, for ever."""
    async with asyncio.TaskGroup() as rooms:
        for handle, name in FILMS.items():
            rooms.create_task(_keep_showing(desk, handle, name))


async def _keep_showing(desk: Desk, handle: str, name: str) -> None:
    while True:
        try:
            film = Film(name)
            broadcast = None if desk.refuses() else await desk.site.ask(connect, handle=handle)
            if broadcast:
                await _show(desk, broadcast, film)
        except NO_DATABASE as error:
            log.warning("The database does not answer; the demo's film waits. %s", error)
        except Exception:
            log.exception("The demo's film stopped; it is tried again in a minute.")
            await asyncio.sleep(MINUTE_S)
        await asyncio.sleep(AGAIN_S)


async def _show(desk: Desk, broadcast: Broadcast, film: Film) -> None:
    """Send the film until the broadcast must end."""
    intake = RtmpIntake(desk.site, broadcast)
    try:
        await desk.take_in(intake)
        began = time.monotonic()
        for message in film.messages():
            if (ahead_s := began + message.time_ms / 1_000 - time.monotonic()) > 0:
                await asyncio.sleep(max(ahead_s, STEP_S))
            await intake.take(message)
    except BadMessage:
        pass  # somebody else is there, or the stream was ended
    finally:
        await intake.close()


@transaction.atomic
def connect(*, handle: str) -> Broadcast | None:
    """Return a new broadcast of the creator's film; nothing while the room is somebody else's."""
    creator = (
        User.objects.select_for_update(no_key=True)
        .filter(handle=handle, is_active=True, is_creator=True)
        .first()
    )
    if creator is None or not _is_free(creator):
        return None
    title = next(show.title for show in SHOWS if show.on_air and show.handle == handle)
    return broadcasts.connect(creator=creator, source=FILM, title=title)


def _is_free(creator: User) -> bool:
    """Return whether nobody sends there, has just been there, or is about to be."""
    sent = Broadcast.objects.own().filter(creator=creator)
    if sent.unfinished().exclude(source=FILM).exists():
        return False
    streams, now = Stream.objects.filter(creator=creator), timezone.now()
    if on_air := streams.on_air().first():
        last = sent.exclude(stream=None).first()
        if Elsewhere.objects.shown().filter(stream=on_air).exists():
            return False
        return last is None or (last.source, last.stream_id) == (FILM, on_air.pk)
    about_to_be = streams.soon().filter(scheduled_for__lte=now + broadcasts.EARLY)
    return not (about_to_be.exists() or streams.filter(ended_at__gt=now - QUIET).exists())
