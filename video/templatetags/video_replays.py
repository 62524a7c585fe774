"""Replays, in templates."""

from django import template

from accounts.models import User
from live.models import Stream
from video.models import Replay

register = template.Library()


@register.simple_tag
def replay_of(stream: Stream) -> Replay | None:
    """Return the replay that a stream's room shows; nothing while it is live."""
    replay = coming_replay(stream)
    return replay if replay and replay.can_be_watched else None


@register.simple_tag
def coming_replay(stream: Stream) -> Replay | None:
    """Return the replay of a stream that is over, also while it is on its way."""
    if stream.state != Stream.State.ENDED:
        return None
    try:
        replay = stream.replay
    except Replay.DoesNotExist:
        return None
    over = replay.state == Replay.State.READY and not replay.can_be_watched
    return None if over or replay.state == Replay.State.REMOVED else replay


@register.simple_tag
def replays_of(creator: User, most: int) -> list[Replay]:
    """Return the newest replays of a creator."""
    return list(Replay.objects.ready().of(creator.pk)[:most])


@register.filter
def duration(seconds: float) -> str:
    """Return how long something lasts, as a player shows it: 4:05, 1:02:09."""
    hours, rest = divmod(int(seconds), 3_600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
