"""Replays and clips, in templates."""

import json

from django import template
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.models import User
from live.models import Stream
from video.clips import rights
from video.models import Clip, Replay
from video.replays.timeline import parts_of, place_of

register = template.Library()


@register.simple_tag
def replay_of(stream: Stream) -> Replay | None:
    """Return the replay that a stream's room shows; nothing while it is live."""
    replay = coming_replay(stream)
    return replay if replay and replay.can_be_watched else None


@register.simple_tag
def coming_replay(stream: Stream) -> Replay | None:
    """Return the replay of a stream that is over, also while it is on its way."""
    if stream.state != Stream.State.ENDED or not stream.creator.is_active:
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


@register.simple_tag
def newest_replays(most: int) -> list[Replay]:
    """Return the newest replays of all creators."""
    return list(Replay.objects.ready().select_related("stream__creator__creator")[:most])


@register.simple_tag
def may_clip(user: User | AnonymousUser, stream: Stream) -> bool:
    """Return whether the person may make a clip of a stream now."""
    seen = stream.is_on_air or replay_of(stream) is not None
    return seen and isinstance(user, User) and rights.may_clip(user, stream)


@register.simple_tag
def clips_of(creator: User, most: int) -> list[Clip]:
    """Return the newest clips of a creator's streams."""
    return list(Clip.objects.ready().of(creator.pk)[:most])


@register.filter
def parts(replay: Replay) -> str:
    """Return where in the stream's time a replay's seconds are, for its player."""
    return json.dumps([[part.at, part.began, part.seconds] for part in parts_of(replay)])


@register.simple_tag
def clip_source(clip: Clip) -> str:
    """Return where the stream of a clip can be watched: in a replay, at the clip's moment."""
    room = reverse("live:room", args=[clip.stream.public_id])
    replay = replay_of(clip.stream)
    at = place_of(parts_of(replay), clip.began) if replay else None
    return room if at is None else f"{room}?t={int(at)}"


@register.filter
def duration(seconds: float | str) -> str:
    """Return how long something lasts, as a player shows it: 4:05, 1:02:09."""
    try:
        hours, rest = divmod(int(float(seconds)), 3_600)
    except (ValueError, OverflowError):
        return ""  # typed into an address
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
