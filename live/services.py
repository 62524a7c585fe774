"""Going on air and what the room must see."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from giftplatform.errors import DomainError
from live.models import Event, Stream


class NotACreator(DomainError):
    """Only creators go on air."""

    code = "not_a_creator"
    status = 403
    message = _("Only creators can go on air.")


class AlreadyOnAir(DomainError):
    """One broadcast per creator at a time."""

    code = "already_on_air"
    message = _("You are on air already. End that stream first.")


class StreamEnded(DomainError):
    """The broadcast is over."""

    code = "stream_ended"
    message = _("This stream has ended.")


@transaction.atomic
def go_live(
    *, creator: User, title: str, poster: str = "", video: str = "live/sample.webm"
) -> Stream:
    """Return a new broadcast that is on air from now. Raises `NotACreator`, `AlreadyOnAir`."""
    if not creator.is_creator:
        raise NotACreator
    User.objects.select_for_update().get(pk=creator.pk)
    if Stream.objects.on_air().filter(creator=creator).exists():
        raise AlreadyOnAir
    return Stream.objects.create(
        creator=creator,
        title=title,
        poster=poster,
        video=video,
        state=Stream.State.ON_AIR,
        started_at=timezone.now(),
    )


@transaction.atomic
def end(*, creator: User, stream: Stream) -> Stream:
    """End the creator's own broadcast and tell the room. Ending twice is ending once."""
    mine = Stream.objects.select_for_update().get(pk=stream.pk, creator=creator)
    if mine.state != Stream.State.ENDED:
        mine.state, mine.ended_at = Stream.State.ENDED, timezone.now()
        mine.save(update_fields=["state", "ended_at"])
        record(stream_id=mine.pk, kind="ended", payload={})
    return mine


def record(*, stream_id: int, kind: str, payload: dict[str, Any]) -> Event:
    """Write something that the room must see, in the caller's transaction, and ring the bell after
    commit.
    """
    event = Event.objects.create(
        stream_id=stream_id, kind=kind, payload=payload, created_at=timezone.now()
    )
    transaction.on_commit(lambda: announce(stream_id, event.pk, kind, payload))
    return event


def announce(stream_id: int, event_id: int, kind: str, payload: dict[str, Any]) -> None:
    """Ring the bell for an event that is committed. A lost bell costs a second, never an event."""
    from live import bell

    bell.ring(stream_id, event_id, kind, payload)
