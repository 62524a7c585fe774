"""Saying something in a room: a short line, one a second, without blocked words."""

import time
import uuid

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from foundation.texts import clean
from live.chat import words
from live.chat.shown_names import shown_names
from live.feed.events import publish
from live.folding import TextTooLong
from live.models import Event, Stream
from live.moderation import blocks
from live.streams.adults import require_watching
from live.streams.services import NotOnAirYet, StreamEnded

LONGEST_MESSAGE = 200
SECONDS_BETWEEN_MESSAGES = 1.0


class EmptyMessage(DomainError):
    """The message is empty."""

    code = "empty_message"
    status = 422
    message = _("Write a message first.")
    field = "text"


class MessageTooLong(TextTooLong):
    """The message is longer than a line of chat."""


class TooFast(DomainError):
    """The last message was sent less than a second ago."""

    code = "too_fast"
    status = 429
    message = _("You can send one message per second. Try again now.")


def say(*, user: User, stream: Stream, text: str) -> Event:
    """Say something to everybody in the room, a line of 200 characters at most, once a second.

    Raises `EmptyMessage`, `MessageTooLong`, `NotOnAirYet`, `StreamEnded`, `AdultsOnly`, `Blocked`,
    `Filtered`, `LinkRefused`, `TooFast`.
    """
    text = clean(text)
    if not text:
        raise EmptyMessage
    if len(text) > LONGEST_MESSAGE:
        raise MessageTooLong(length=len(text), most=LONGEST_MESSAGE)
    if stream.state == Stream.State.SOON:
        raise NotOnAirYet
    if not Stream.objects.on_air().filter(pk=stream.pk).exists():
        raise StreamEnded
    require_watching(user, stream)
    if blocks.is_blocked(creator_id=stream.creator_id, user_id=user.pk):
        raise blocks.Blocked(handle=stream.creator.handle)
    words.refuse(creator_id=stream.creator_id, by=user, text=text)
    payload: dict[str, object] = {
        "id": str(uuid.uuid4()),
        "from": _name_in(stream, user) or None,
        "handle": user.handle,
        "person": str(user.public_id),  # a handle may belong to another person tomorrow
        "text": text,
        "creator": user.pk == stream.creator_id,
        "at": timezone.now().isoformat(),
    }
    return _publish(user, stream, payload)


def _name_in(stream: Stream, user: User) -> str:
    """Return the speaker's name in this room; a creator bears their own there."""
    if user.pk == stream.creator_id:
        return user.name
    people = {user.handle: user.name}
    return shown_names(creator_id=stream.creator_id, people=people)[user.handle]


@transaction.atomic
def _publish(user: User, stream: Stream, payload: dict[str, object]) -> Event:
    _take_turn(user)
    return publish(stream_id=stream.pk, kind="chat", payload=payload)


def _take_turn(user: User) -> None:
    """Count this message of a person, one after the other. Raises `TooFast`."""
    name = f"said:{user.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    if cache.get(name, 0.0) > time.time() - SECONDS_BETWEEN_MESSAGES:
        raise TooFast
    cache.set(name, time.time(), 60)
