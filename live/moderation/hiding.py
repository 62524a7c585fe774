"""Hiding a chat message, or the message of a gift, from everybody."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from live.feed.events import publish
from live.feed.redaction import without_line, without_message
from live.models import Event, Hidden, Stream
from live.moderation.moderators import require_moderator


class HidesTheCreator(DomainError):
    """A moderator cannot hide the creator's messages."""

    code = "hides_the_creator"
    status = 403
    message = _("Only @%(handle)s can hide their own messages. Ask them to.")


@transaction.atomic
def hide_line(*, by: User, line: Event) -> Hidden:
    """Hide a chat message from everybody, now and in replays. Repeating this changes nothing.

    The site keeps the text for its staff. Raises `NotAModerator`, `HidesTheCreator`.
    """
    require_moderator(user=by, stream=line.stream)
    if line.payload.get("creator") and by.pk != line.stream.creator_id:
        raise HidesTheCreator(handle=line.stream.creator.handle)
    hidden, new = Hidden.objects.get_or_create(
        stream=line.stream,
        event_id=line.pk,
        defaults={"by": by, "words": line.payload.get("text", "")},
    )
    if new:
        line.payload = without_line(line.payload)
        line.save(update_fields=["payload"])
        publish(stream_id=line.stream_id, kind="hide", payload={"event": line.pk})
    return hidden


@transaction.atomic
def hide_message(*, by: User, stream: Stream, gift: UUID) -> Hidden:
    """Hide the message of a gift; the gift stays. Repeating this changes nothing.

    The caller knows that the gift was sent in this stream. Raises `NotAModerator`.
    """
    require_moderator(user=by, stream=stream)
    sent = stream.events.filter(kind="gift", payload__id=str(gift)).order_by("-pk").first()
    words = sent.payload["message"] if sent else ""
    hidden, new = Hidden.objects.get_or_create(
        stream=stream, gift=gift, defaults={"by": by, "words": words}
    )
    if new and sent:
        _take_message(sent, str(gift))
    if new:
        publish(stream_id=stream.pk, kind="hide", payload={"id": str(gift)})
    return hidden


def hidden_gifts(hidden: QuerySet[Hidden]) -> frozenset[UUID]:
    """Return the gifts whose message is among these; every page and file leaves it out."""
    gifts = hidden.filter(gift__isnull=False).values_list("gift", flat=True)
    return frozenset(gift for gift in gifts if gift)


def _take_message(sent: Event, gift: str) -> None:
    """Blank the message in the gift's event, and in each that showed it again."""
    later = Event.objects.filter(stream=sent.stream_id, pk__gt=sent.pk, kind="alerts")
    for event in (sent, *later.filter(payload__gifts__contains=[{"id": gift}])):
        event.payload = without_message(event.payload, gift)
        event.save(update_fields=["payload"])
