"""What a person does to become a guest, and to be none any more."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from live import seats
from live.guests import rules, seating
from live.models import Guest, RoomRules, Stream

MOST_WAITING = 20  # more than a creator reads through while live
MOST_NOES = 2
OFTEN, OFTEN_WITHIN = 5, timedelta(minutes=10)


class ByInvitation(DomainError):
    """The creator chooses the guests."""

    code = "guests_by_invitation"
    status = 403
    message = _("@%(handle)s invites guests themselves. Wait for an invitation.")


class TurnedDown(DomainError):
    """The creator said no, or took the person off, twice in this stream."""

    code = "guest_turned_down"
    status = 403
    message = _("@%(handle)s said no twice. You can't ask again in this stream.")


class AskedTooOften(DomainError):
    """Asked and taken back, over and over."""

    code = "asked_too_often"
    status = 429
    message = _("You have asked often. Try again in ten minutes.")


class TooManyWait(DomainError):
    """So many ask that the creator could not read them all."""

    code = "too_many_wait"
    message = _("Many people are waiting already. Try again in a few minutes.")


class NotInvited(DomainError):
    """The invitation was taken back, or never made."""

    code = "not_invited"
    message = _("This invitation is over. You can ask to join, if guests can.")


@transaction.atomic
def ask(*, user: User, stream: Stream) -> Guest:
    """Ask the creator to join their stream. Who asked, or is invited or on, stays that.

    Raises `NotOnAirYet`, `StreamEnded`, `OwnGuest`, `OriginUnknown`, `GuestTooYoung`,
    `AdultsOnly`, `Blocked`, `GuestsOff`, `ByInvitation`, `TurnedDown`, `AskedTooOften`,
    `TooManyWait`, `GuestsFull`.
    """
    rules.require_fit(user, stream)
    theirs = seats.locked(stream.pk)
    rules.require_on_air(theirs)
    if found := guest_of(user, theirs):
        return found
    _require_asking(user, theirs)
    seating.require_seat(theirs)
    guest = Guest.objects.create(stream=theirs, user=user, state=Guest.State.ASKED)
    seats.tell(guest)
    return guest


def _require_asking(user: User, stream: Stream) -> None:
    """Return if the person may ask in this stream now."""
    creator = stream.creator
    rule = rules.rule_of(creator)
    if rule == RoomRules.Guests.NOBODY:
        raise rules.GuestsOff(handle=creator.handle)
    if rule == RoomRules.Guests.INVITED:
        raise ByInvitation(handle=creator.handle)
    before = stream.guests.filter(user=user)
    if before.filter(turned_down()).count() >= MOST_NOES:
        raise TurnedDown(handle=creator.handle)
    if before.filter(created_at__gt=timezone.now() - OFTEN_WITHIN).count() >= OFTEN:
        raise AskedTooOften
    if stream.guests.filter(state=Guest.State.ASKED).count() >= MOST_WAITING:
        raise TooManyWait


def turned_down() -> Q:
    """Return what a guest is who was told no, or taken off; saying no oneself is not that."""
    said_no = Q(state=Guest.State.REFUSED) & ~Q(by=F("user"))
    return Q(state=Guest.State.REMOVED) | said_no


@transaction.atomic
def join(*, user: User, stream: Stream) -> Guest:
    """Accept the creator's invitation, and take a seat. Repeating this changes nothing.

    Raises `NotOnAirYet`, `StreamEnded`, `OriginUnknown`, `GuestTooYoung`, `AdultsOnly`, `Blocked`,
    `NotInvited`, `GuestsFull`, `GuestElsewhere`.
    """
    rules.require_fit(user, stream)
    seating.lock_person(user)
    theirs = seats.locked(stream.pk)
    rules.require_on_air(theirs)
    guest = guest_of(user, theirs)
    if guest is None or guest.state == Guest.State.ASKED:
        raise NotInvited
    return guest if guest.state == Guest.State.JOINED else seating.seat(guest, theirs, by=user)


@transaction.atomic
def leave(*, user: User, stream: Stream) -> None:
    """Take back one's question, say no to an invitation, or get up. Repeating changes nothing."""
    theirs = seats.locked(stream.pk)
    guest = guest_of(user, theirs)
    if guest is None:
        return
    invited = guest.state == Guest.State.INVITED
    seats.close(guest, Guest.State.REFUSED if invited else Guest.State.LEFT, by=user)


def guest_of(user: User, stream: Stream) -> Guest | None:
    """Return the person's way into the stream, if it is under way."""
    return stream.guests.open().filter(user=user).select_related("user", "stream").first()
