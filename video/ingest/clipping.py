"""The files of a clip: the segments of its minute, linked or copied as they are, and a picture.

Nothing is drawn anew but the picture, which a confined FFmpeg takes out of one segment. The folder
gets its name when it is whole: what a killed process left under another name is swept away.
"""

import logging
import os
import secrets
import shutil
from pathlib import Path
from typing import NamedTuple

from video.ingest.stills import draw
from video.models import Clip
from video.replays import playlist, segments
from video.replays.segments import PLAYLIST, SEGMENT, SETUP, Segment

log = logging.getLogger(__name__)

POSTER = "poster.jpg"


class Made(NamedTuple):
    """What became of a clip."""

    seconds: float = 0.0
    size: int = 0
    has_poster: bool = False


def due() -> list[Clip]:
    """Return clips that have no files yet."""
    waiting = Clip.objects.filter(state=Clip.State.WAITING)
    return list(waiting.select_related("broadcast").order_by("pk")[:5])


def make(root: Path, clip: Clip) -> Made:
    """Make the files of a clip; nothing where its segments are gone."""
    source = root / clip.broadcast.folder if clip.broadcast else None
    chosen = _chosen(source, clip) if source else []
    if not source or not chosen:
        return Made()
    unfinished = root / secrets.token_hex(16)
    unfinished.mkdir(mode=0o755)
    try:
        size = _copy(source, unfinished, chosen)
        has_poster = draw(unfinished, len(chosen) // 2, POSTER)
        _put(unfinished, root / clip.folder)
    except OSError:
        log.warning("The files of clip %s could not be made.", clip.pk, exc_info=True)
        return Made()
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Made(sum(one.seconds for one in chosen), size, has_poster)


def settle(clip: Clip, made: Made) -> None:
    """Write down what became of a clip, if that is still asked for."""
    waiting = Clip.objects.filter(pk=clip.pk, state=Clip.State.WAITING)
    if made.size:
        waiting.update(
            state=Clip.State.READY,
            seconds=made.seconds,
            size=made.size,
            has_poster=made.has_poster,
        )
    else:
        waiting.update(state=Clip.State.FAILED)


def _chosen(source: Path, clip: Clip) -> list[Segment]:
    """Return the segments that lie in the clip for the most part."""
    since = clip.began.timestamp()
    until = since + clip.seconds
    return [one for one in segments.present(source) if since <= one.began + one.seconds / 2 < until]


def _copy(source: Path, target: Path, chosen: list[Segment]) -> int:
    """Let the clip have the segments, without a copy where the disk can do that."""
    renamed = [one._replace(number=number) for number, one in enumerate(chosen)]
    names = [(SETUP, SETUP)]
    names += [
        (SEGMENT % one.number, SEGMENT % new.number)
        for one, new in zip(chosen, renamed, strict=True)
    ]
    for before, after in names:
        try:
            os.link(source / before, target / after)
        except OSError:
            shutil.copyfile(source / before, target / after)
    (target / PLAYLIST).write_text("".join(playlist.lines([("", renamed)])))
    return sum((target / after).stat().st_size for _before, after in names)


def _put(unfinished: Path, folder: Path) -> None:
    """Give the files their name; of two processes that made the same clip, one does."""
    if not folder.exists():
        unfinished.rename(folder)
