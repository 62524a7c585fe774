"""What is kept of broadcasts: how much may be, when recording stops, when a replay is ready.

Asked by the process that takes video in, once a second. A recording that must stop never stops
its stream.
"""

import logging
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from live.models import Stream
from video.models import Broadcast, Clip, Replay
from video.replays import playlist, segments
from video.replays.gifts import follow, remove
from video.replays.timeline import Part

log = logging.getLogger(__name__)

MB = 1024 * 1024
# So long an ended stream's files may be away: the disk of a machine that starts comes later.
MISSING = timedelta(hours=1)


def attach(broadcast: Broadcast) -> Replay | None:
    """Return the replay that a broadcast becomes a part of; nothing where none is recorded.

    The caller saves the broadcast.
    """
    if not broadcast.recorded or broadcast.stream is None:
        return None
    replay, _created = Replay.objects.get_or_create(stream=broadcast.stream)
    return replay if replay.state == Replay.State.RECORDING else None


def weigh(sizes: dict[int, int]) -> set[int]:
    """Note how many bytes these broadcasts keep; return those that must keep no more."""
    if not sizes:
        return set()
    rows = list(Broadcast.objects.filter(pk__in=sizes).select_related("replay__stream"))
    for row in rows:
        row.kept_bytes = sizes[row.pk]
    Broadcast.objects.bulk_update(rows, ["kept_bytes"])
    return {row.pk for row in rows if row.stream_id and not _may_go_on(row.replay)}


def _may_go_on(replay: Replay | None) -> bool:
    if replay is None or replay.stopped:  # removed while it was recorded, or stopped before
        return False
    why = _in_the_way(replay)
    if why:
        Replay.objects.filter(pk=replay.pk, stopped="").update(stopped=why)
    return not why


def _in_the_way(replay: Replay) -> str:
    kept = Broadcast.objects.filter(replay__isnull=False)
    if _bytes(kept.filter(replay=replay)) > settings.VIDEO_REPLAY_MAX_MB * MB:
        return Replay.Stopped.TOO_LARGE
    # Half of what must stay free is left for the stream itself, which ends without it.
    if disk_is_short(settings.VIDEO_DIR):
        return Replay.Stopped.DISK_FULL
    while _bytes(kept) > settings.VIDEO_REPLAYS_MB * MB:
        # A creator's own oldest replay makes room; nobody's stream takes away another's.
        mine = Replay.objects.filter(stream__creator=replay.stream.creator_id)
        oldest = mine.filter(state=Replay.State.READY).order_by("pk").first()
        if oldest is None:
            return Replay.Stopped.NO_ROOM
        remove(Replay.objects.filter(pk=oldest.pk))
    return ""


def _bytes(broadcasts: QuerySet[Broadcast]) -> int:
    return broadcasts.aggregate(sum=Sum("kept_bytes"))["sum"] or 0


def disk_is_short(folder: Path) -> bool:
    """Return whether so little is free that nothing more should be kept."""
    return shutil.disk_usage(folder).free < 2 * settings.VIDEO_LEAST_FREE_MB * MB


def finish_due(root: Path) -> None:
    """Make the replays ready whose streams have ended and whose files are complete."""
    due = Replay.objects.filter(state=Replay.State.RECORDING, stream__state=Stream.State.ENDED)
    for replay in due.select_related("stream"):
        if not replay.broadcasts.unfinished().exists():
            try:
                finish(root, replay)
            except OSError as error:  # a full disk gets room by what comes after this
                log.warning("Replay %s cannot be written; it is tried again. %s", replay.pk, error)


def finish(root: Path, replay: Replay) -> None:
    """Write the replay's playlist, and let it be watched. Repeating this changes nothing.

    Where nothing was recorded, or the files are gone, there is no replay. Raises `OSError` where
    the files are there, and cannot be read or written now.
    """
    folders = list(replay.broadcasts.order_by("pk").values_list("folder", flat=True))
    found = [(folder, segments.recorded(root / folder)) for folder in folders]
    found = [(folder, some) for folder, some in found if some]
    ended = replay.stream.ended_at
    if not found:
        there = any((root / folder).exists() for folder in folders)
        if there or not folders or (ended and ended < timezone.now() - MISSING):
            replay.delete()
        return
    playlist.write(root, found)
    parts: list[Part] = []
    for folder, some in found:
        at = parts[-1].at + parts[-1].seconds if parts else 0.0
        parts.append(Part(at, some[0].began, sum(one.seconds for one in some), folder))
    _ready(replay, folder=found[-1][0], parts=parts)
    for folder, _some in found:
        segments.forget_extras(root / folder)


@transaction.atomic
def _ready(replay: Replay, *, folder: str, parts: list[Part]) -> None:
    Replay.objects.filter(pk=replay.pk, state=Replay.State.RECORDING).update(
        state=Replay.State.READY,
        folder=folder,
        parts=[list(part) for part in parts],
        seconds=parts[-1].at + parts[-1].seconds,
        keep_until=timezone.now() + timedelta(days=settings.VIDEO_REPLAY_DAYS),
    )
    follow(replay.stream.creator_id)


def forget_old() -> None:
    """Delete the replays whose days are over; their files follow."""
    remove(Replay.objects.filter(state=Replay.State.READY, keep_until__lte=timezone.now()))


def folders_needed() -> set[str]:
    """Return the folders that must not be removed: of what comes in, and of what is kept."""
    unfinished = Broadcast.objects.unfinished().values_list("folder", flat=True)
    kept = Broadcast.objects.filter(replay__isnull=False).values_list("folder", flat=True)
    clips = Clip.objects.filter(state__in=(Clip.State.WAITING, Clip.State.READY))
    return {*unfinished, *kept, *clips.values_list("folder", flat=True)}
