"""A room shows video from elsewhere, or no more: each by a press of its creator."""

from django.db import transaction
from django.utils import timezone

from accounts.creators import require_creator
from accounts.models import User
from live.feed.events import publish
from live.models import Stream
from video import broadcasts
from video.elsewhere import addresses
from video.models import Broadcast, Elsewhere
from video.troubles import Trouble


@transaction.atomic
def show(*, creator: User, address: str, title: str = "") -> Elsewhere:
    """Show the video in the creator's room, which goes on air with it if it is not.

    What an encoder or a camera sends meanwhile ends. Showing the same again changes nothing.
    Raises `NotACreator`, `UnsafeAddress`, `HostNotAllowed`, `NoVideoInAddress`, `EmptyTitle`.
    """
    require_creator(creator)
    found = addresses.read(address)
    User.objects.select_for_update(no_key=True).get(pk=creator.pk)
    stream = broadcasts.room_of(creator, title)
    before = Elsewhere.objects.shown().filter(stream=stream).first()
    if before and (before.kind, before.host, before.path) == found:
        return before
    for coming_in in Broadcast.objects.own().unfinished().filter(creator=creator):
        broadcasts.end(broadcast=coming_in, trouble=Trouble.SHOWN_ELSEWHERE)
    _end(stream)
    # The still picture is of what was there before, and its file goes.
    Stream.objects.filter(pk=stream.pk).update(still="")
    shown = Elsewhere.objects.create(
        stream=stream, kind=found.kind, host=found.host, path=found.path
    )
    publish(stream_id=stream.pk, kind="picture", payload={"src": "", **said_of(shown)})
    return shown


@transaction.atomic
def take_away(*, creator: User) -> None:
    """Show nothing from elsewhere any more; the stream goes on. Repeating this changes nothing."""
    require_creator(creator)
    User.objects.select_for_update(no_key=True).get(pk=creator.pk)
    for shown in Elsewhere.objects.shown().filter(stream__creator=creator).select_related("stream"):
        _end(shown.stream)
        publish(stream_id=shown.stream_id, kind="picture", payload={"state": "", "src": ""})


def said_of(shown: Elsewhere) -> dict[str, str]:
    """Return what a room is told: who sees the viewer's address once the video is loaded."""
    return {"state": "elsewhere", "name": shown.name, "host": shown.host}


def _end(stream: Stream) -> None:
    Elsewhere.objects.filter(stream=stream, ended_at__isnull=True).update(ended_at=timezone.now())
