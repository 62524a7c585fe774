"""What is decided about guests: by the creator, by moderators, by the site's staff."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.creators import require_creator
from accounts.models import User
from foundation.errors import DomainError, WrongState
from foundation.texts import clean
from live import seats
from live.guests import rules, seating
from live.guests.asking import guest_of
from live.models import Block, Guest, RoomRules, Stream
from live.moderation.moderators import require_moderator

MOST_INVITED = 20


class NoSuchPerson(DomainError):
    """Nobody with this handle can be invited."""

    code = "no_such_person"
    status = 422
    message = _("Nobody with this handle can be invited. Check it.")
    field = "handle"


class InvitesBlocked(DomainError):
    """The creator has blocked the person."""

    code = "invites_blocked"
    status = 422
    message = _("You have blocked @%(handle)s. Unblock them first.")
    field = "handle"


class TooManyInvited(DomainError):
    """So many invitations wait for an answer."""

    code = "too_many_invited"
    message = _("%(most)s people have not answered yet. Take an invitation back first.")


class RemovalReasonMissing(DomainError):
    """Staff gave no reason."""

    code = "removal_reason_missing"
    status = 422
    message = _("Write a reason. Guest and creator read it.")
    field = "reason"


@transaction.atomic
def invite(*, creator: User, stream: Stream, user: User) -> Guest:
    """Invite a person; who asks already is let in. Repeating this changes nothing.

    Whether the person is old enough is theirs to learn, when they accept. Raises `NotACreator`,
    `NoSuchPerson`, `OwnGuest`, `InvitesBlocked`, `NotOnAirYet`, `StreamEnded`, `GuestsOff`,
    `TooManyInvited`, `GuestsFull`, `GuestElsewhere`.
    """
    require_creator(creator)
    _require_invitable(user, stream)
    seating.lock_person(user)
    mine = _mine(creator, stream)
    if found := guest_of(user, mine):
        return seating.seat(found, mine, by=creator) if found.state == Guest.State.ASKED else found
    if rules.rule_of(creator) == RoomRules.Guests.NOBODY:
        raise rules.YouTakeNoGuests
    if mine.guests.filter(state=Guest.State.INVITED).count() >= MOST_INVITED:
        raise TooManyInvited(most=MOST_INVITED)
    seating.require_seat(mine)
    guest = Guest.objects.create(stream=mine, user=user, state=Guest.State.INVITED)
    seats.tell(guest)
    return guest


def _require_invitable(user: User, stream: Stream) -> None:
    if user.pk == stream.creator_id:
        raise rules.OwnGuest
    if not user.is_active:
        raise NoSuchPerson
    # A block by a gift without a name does not say whose it was: then they are told so themselves.
    if Block.objects.filter(creator=stream.creator_id, user=user, gift=None).exists():
        raise InvitesBlocked(handle=user.handle)


@transaction.atomic
def admit(*, creator: User, stream: Stream, guest: Guest) -> Guest:
    """Let in a person who asks. Repeating this changes nothing.

    Raises `WrongState` when they do not ask any more, `NotACreator`, `NotOnAirYet`, `StreamEnded`,
    `GuestsFull`, `GuestElsewhere`.
    """
    require_creator(creator)
    seating.lock_person(guest.user)
    mine = _mine(creator, stream)
    theirs = seats.locked_guest(guest, mine)
    if theirs.state == Guest.State.JOINED:
        return theirs
    if theirs.state != Guest.State.ASKED or not theirs.user.is_active:
        raise WrongState
    return seating.seat(theirs, mine, by=creator)


@transaction.atomic
def refuse(*, creator: User, stream: Stream, guest: Guest) -> None:
    """Say no to a person who asks, or take an invitation back. Repeating this changes nothing.

    Who is on stays. Raises `NotACreator`.
    """
    require_creator(creator)
    mine = Stream.objects.get(pk=stream.pk, creator=creator)
    theirs = seats.locked_guest(guest, seats.locked(mine.pk))
    if theirs.state == Guest.State.ASKED:
        seats.close(theirs, Guest.State.REFUSED, by=creator)
    elif theirs.state == Guest.State.INVITED:
        seats.close(theirs, Guest.State.LEFT, by=creator)  # they did nothing to be refused for


@transaction.atomic
def remove(*, by: User, stream: Stream, guest: Guest) -> None:
    """Take a guest off, as the creator or a moderator. Repeating this changes nothing.

    Raises `NotAModerator`.
    """
    require_moderator(user=by, stream=stream)
    theirs = seats.locked_guest(guest, seats.locked(stream.pk))
    if theirs.state == Guest.State.JOINED:
        seats.close(theirs, Guest.State.REMOVED, by=by)


@transaction.atomic
def remove_for_staff(*, by: User, guest: Guest, reason: str) -> None:
    """Take a guest off for the site's staff, for a reason that the guest reads.

    Who is gone stays as they are. Raises `RemovalReasonMissing`.
    """
    reason = clean(reason)
    if not reason:
        raise RemovalReasonMissing
    theirs = seats.locked_guest(guest, seats.locked(guest.stream_id))
    seats.close(theirs, Guest.State.REMOVED, by=by, reason=reason)


@transaction.atomic
def mute(*, by: User, stream: Stream, guest: Guest, muted: bool) -> Guest:
    """Let nobody hear a guest, or everybody again, as the creator or a moderator.

    Repeating this changes nothing; who is gone stays as they are. Raises `NotAModerator`.
    """
    require_moderator(user=by, stream=stream)
    theirs = seats.locked_guest(guest, seats.locked(stream.pk))
    if theirs.state != Guest.State.JOINED or theirs.muted == muted:
        return theirs
    theirs.muted = muted
    theirs.save(update_fields=["muted"])
    seats.tell(theirs)
    seats.tell_room(theirs.stream)
    return theirs


def _mine(creator: User, stream: Stream) -> Stream:
    """Return the creator's own stream, locked and on air."""
    mine = seats.locked(Stream.objects.get(pk=stream.pk, creator=creator).pk)
    rules.require_on_air(mine)
    return mine
