"""Clips that are ready, without their files."""

from accounts.models import User
from live.models import Stream
from video.clips import services
from video.models import Clip


def clipped(by: User, stream: Stream, *, at: float = 10) -> Clip:
    """Return a clip of a replay that can be watched."""
    clip = services.make(by=by, stream=stream, title="The glaze", seconds=30, at=at)
    Clip.objects.filter(pk=clip.pk).update(state=Clip.State.READY, size=1, has_poster=True)
    clip.refresh_from_db()
    return clip
