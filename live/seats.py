"""The seats of a stream's guests: who is on, how one leaves them, and what the room hears of it.

Below everything that ends a guest: the guests' own pages, a block, the end of a stream. Who changes
a row holds the lock of its stream (`locked`), so that what the room hears last is true.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from live.feed.events import publish
from live.models import Guest, RoomRules, Stream

SALT = "live.guests"


def locked(stream_id: int) -> Stream:
    """Return the stream, and let nobody else change its guests until the transaction is over."""
    streams = Stream.objects.select_for_update(no_key=True, of=("self",))
    return streams.select_related("creator").get(pk=stream_id)


def locked_guest(guest: Guest, stream: Stream) -> Guest:
    """Return a guest of a stream that is `locked`, as they are now: nobody changes them meanwhile.

    Raises `Guest.DoesNotExist` for a guest of another stream.
    """
    theirs = stream.guests.select_related("user").get(pk=guest.pk)
    theirs.stream = stream
    return theirs


def joined(stream: Stream) -> list[Guest]:
    """Return the guests who are on, by seat."""
    return list(stream.guests.joined().select_related("user__creator"))


def shown(stream: Stream) -> list[dict[str, Any]]:
    """Return what the room sees of the guests who are on."""
    return [guest.shown for guest in joined(stream)]


def tag_of(stream_id: int, user_id: int) -> str:
    """Return by what a person's own page knows that an event of this stream is about them.

    Nobody else can say whose it is: that somebody asks, or was refused, is between two people.
    """
    return salted_hmac(SALT, f"{stream_id}:{user_id}").hexdigest()[:16]


def tell(guest: Guest) -> None:
    """Let the person's own page, and the creator's console, look again."""
    tag = tag_of(guest.stream_id, guest.user_id)
    publish(stream_id=guest.stream_id, kind="guest", payload={"tag": tag})


def tell_room(stream: Stream) -> None:
    """Tell everybody who is on, and whether one may ask to join them."""
    may_ask = {"creator": stream.creator_id, "guests": RoomRules.Guests.ANYONE}
    asking = RoomRules.objects.filter(**may_ask).exists()
    payload = {"guests": shown(stream), "asking": asking}
    publish(stream_id=stream.pk, kind="guests", payload=payload)


def close(guest: Guest, state: Guest.State, *, by: User | None = None, reason: str = "") -> Guest:
    """End a guest's way into the stream, or their being in it; the caller holds its lock.

    One who is gone stays as they are.
    """
    if not guest.is_open:
        return guest
    was_on = guest.state == Guest.State.JOINED
    guest.state, guest.seat, guest.ended_at = state, None, timezone.now()
    guest.by, guest.reason = by, reason
    guest.save(update_fields=["state", "seat", "ended_at", "by", "reason"])
    tell(guest)
    if was_on:
        tell_room(guest.stream)
    return guest


def close_all(stream: Stream) -> None:
    """End what there is of guests, with their stream: the room hears of that."""
    stream.guests.open().update(state=Guest.State.LEFT, seat=None, ended_at=timezone.now())


@transaction.atomic
def take_off(*, creator: User, user: User, by: User | None) -> None:
    """End all that there is of a person in a creator's streams: they were blocked."""
    for found in Guest.objects.open().filter(stream__creator=creator, user=user):
        guest = locked_guest(found, locked(found.stream_id))
        on = guest.state == Guest.State.JOINED
        close(guest, Guest.State.REMOVED if on else Guest.State.REFUSED, by=by)
