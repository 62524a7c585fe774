"""Captions: what the creator's browser hears them say, as lines over the picture.

A line is an event of the stream with the moment at which it was spoken; the player shows it when
the picture gets there. The room's blocked words hold as in chat: a line with one is left out.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from foundation.texts import clean
from live.chat import words
from live.feed.events import publish
from live.models import Event, Stream
from video.models import Broadcast, Replay

LONGEST = 120
LONGEST_AGO_S = 15.0  # a browser that has heard it longer ago has it wrong


def say(*, broadcast: Broadcast, text: str, ago_s: float) -> Event | None:
    """Show a line in the room, spoken so long ago; return nothing where none can be shown.

    Raises `Filtered`.
    """
    text = clean(text[: 2 * LONGEST])[:LONGEST].strip()
    mine = Broadcast.objects.select_related("stream", "creator").get(pk=broadcast.pk)
    stream = mine.stream
    if not text or stream is None or not stream.is_on_air or mine.state != Broadcast.State.LIVE:
        return None
    if mine.guest_id:
        return None  # captions say nobody's name, and would stand for the creator's words
    words.refuse(creator_id=mine.creator_id, by=mine.creator, text=text)
    ago = timedelta(seconds=min(max(ago_s, 0.0), LONGEST_AGO_S))
    payload = {"text": text, "at": (timezone.now() - ago).isoformat()}
    return _show(stream.pk, payload)


@transaction.atomic
def _show(stream_id: int, payload: dict[str, str]) -> Event:
    return publish(stream_id=stream_id, kind="caption", payload=payload)


def forget() -> None:
    """Remove the captions of streams that have ended and have no replay."""
    kept = Replay.objects.exclude(state=Replay.State.REMOVED).values("stream")
    ended = Stream.objects.filter(state=Stream.State.ENDED).exclude(pk__in=kept)
    # Each stream is one look into the index of captions.
    spoken = Event.objects.filter(kind="caption", stream__in=ended)
    for stream in spoken.order_by("stream").values_list("stream", flat=True).distinct():
        Event.objects.filter(kind="caption", stream=stream).delete()
