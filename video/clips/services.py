"""Making a clip of what is live, or of a replay, deleting it, taking it down.

The row is written at once; the process that takes video in makes the files (`making.py`).
"""

import math
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from foundation.texts import clean
from live.chat import words
from live.models import Stream
from video.clips.rights import require_clipper
from video.models import Broadcast, Clip, Replay
from video.models.clips import LONGEST_S, LONGEST_TITLE, SHORTEST_S
from video.replays.services import stated
from video.replays.timeline import parts_of

MOST, WITHIN = 5, timedelta(minutes=10)
MB = 1024 * 1024


class NothingToClip(DomainError):
    """The stream has no picture at that moment."""

    code = "nothing_to_clip"
    message = _("There is no picture at that moment. Choose another one.")


class ClipLength(DomainError):
    """A clip cannot be so short, or so long."""

    code = "clip_length"
    status = 422
    message = _("A clip lasts 5 to 60 seconds. Choose a length between them.")
    field = "seconds"


class ClipUntitled(DomainError):
    """Nothing of the title can be seen."""

    code = "clip_untitled"
    status = 422
    message = _("Enter a title for your clip.")
    field = "title"


class TooManyClips(DomainError):
    """The person has made as many clips lately as one may."""

    code = "too_many_clips"
    status = 429
    message = _("You have made %(most)s clips in ten minutes. Wait a little, and try again.")


class NoRoomForClips(DomainError):
    """The clips of the site take as much as they may."""

    code = "no_room_for_clips"
    message = _("The site has no room for more clips right now. Try again another day.")


def make(*, by: User, stream: Stream, title: str, seconds: float, at: float | None = None) -> Clip:
    """Return a new clip: of the last seconds of a live stream, or from a second of its replay on.

    Raises `ClipLength`, `ClipUntitled`, `NothingToClip`, `TooManyClips`, `NoRoomForClips`,
    `MayNotClip`, `FollowToClip`, `Blocked`, `Filtered`, `LinkRefused`.
    """
    if not SHORTEST_S <= seconds <= LONGEST_S:  # nor anything that is no number
        raise ClipLength
    title = clean(title)[:LONGEST_TITLE].strip()
    if not title:
        raise ClipUntitled
    require_clipper(by, stream)
    words.refuse(creator_id=stream.creator_id, by=by, text=title)
    if (Clip.objects.aggregate(sum=Sum("size"))["sum"] or 0) >= settings.VIDEO_CLIPS_MB * MB:
        raise NoRoomForClips
    broadcast, began = _live(stream, seconds) if at is None else _replayed(stream, at)
    clip = Clip(stream=stream, broadcast=broadcast, by=by, title=title, began=began)
    clip.seconds = seconds
    return _written(by, clip)


@transaction.atomic
def _written(by: User, clip: Clip) -> Clip:
    """Write the row, one after the other for a person: of two requests the second one counts."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    lately = Clip.objects.filter(by=by, created_at__gt=timezone.now() - WITHIN)
    if lately.count() >= MOST:
        raise TooManyClips(most=MOST)
    clip.save()
    return clip


def _live(stream: Stream, seconds: float) -> tuple[Broadcast, datetime]:
    """Return what is on, and when so many seconds ago was."""
    shown = stream.broadcasts.own().filter(state__in=Broadcast.SHOWN).first()
    if shown is None or not stream.is_on_air:
        raise NothingToClip
    until = shown.gap_at if shown.state == Broadcast.State.GAP else timezone.now()
    return shown, (until or timezone.now()) - timedelta(seconds=seconds)


def _replayed(stream: Stream, at: float) -> tuple[Broadcast, datetime]:
    """Return the broadcast that stands at a second of the replay, and when that was."""
    replay = Replay.objects.ready().filter(stream=stream).first()
    if replay is None or not math.isfinite(at):
        raise NothingToClip
    for part in parts_of(replay):
        if part.at <= at < part.at + part.seconds:
            began = datetime.fromtimestamp(part.began + at - part.at, UTC)
            return replay.broadcasts.get(folder=part.folder), began
    raise NothingToClip


def delete(*, clip: Clip) -> None:
    """Delete a clip for good; its files follow. Repeating this changes nothing."""
    Clip.objects.filter(pk=clip.pk).delete()


@transaction.atomic
def take_down(clip: Clip, *, by: User, reason: str) -> None:
    """Delete a clip's video for a reason, which its creator reads. Raises `ReasonMissing`."""
    reason = stated(reason)
    mine = Clip.objects.select_for_update().get(pk=clip.pk)
    mine.state, mine.taken_down_by, mine.reason = Clip.State.REMOVED, by, reason
    mine.size, mine.has_poster = 0, False
    mine.save(update_fields=["state", "taken_down_by", "reason", "size", "has_poster"])
