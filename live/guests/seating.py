"""Giving a guest a seat: the one way in, whether the creator or the guest says yes last."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from live import seats
from live.chat.shown_names import shown_names
from live.models import SEATS, Guest, Stream


class GuestsFull(DomainError):
    """All seats are taken."""

    code = "guests_full"
    message = _("All %(most)s places are taken. Try again when a guest has left.")


class GuestElsewhere(DomainError):
    """The person is a guest in another stream."""

    code = "guest_elsewhere"
    message = _("@%(handle)s is a guest in another stream. Ask them to leave it first.")


class YouAreElsewhere(GuestElsewhere):
    """The person who accepts is a guest in another stream."""

    message = _("You are a guest in another stream. Leave it first, then join here.")


def require_seat(stream: Stream) -> int:
    """Return the lowest free seat. Raises `GuestsFull`."""
    taken = set(stream.guests.joined().values_list("seat", flat=True))
    free = [seat for seat in range(1, SEATS + 1) if seat not in taken]
    if not free:
        raise GuestsFull(most=SEATS)
    return free[0]


def lock_person(user: User) -> None:
    """Let the person take one seat at a time. Before the stream is locked, never after."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def seat(guest: Guest, stream: Stream, *, by: User) -> Guest:
    """Give a guest a seat, and tell the room; the caller, for `by`, holds both locks.

    Raises `GuestsFull`, `GuestElsewhere`.
    """
    user = guest.user
    if Guest.objects.joined().filter(user=user).exists():
        raise YouAreElsewhere if by == user else GuestElsewhere(handle=user.handle)
    people = {user.handle: user.name}
    guest.seat = require_seat(stream)
    guest.name = shown_names(creator_id=stream.creator_id, people=people)[user.handle]
    guest.state, guest.joined_at = Guest.State.JOINED, timezone.now()
    guest.save(update_fields=["seat", "name", "state", "joined_at"])
    seats.tell(guest)
    seats.tell_room(stream)
    return guest
