"""Who may become a guest: a creator's rule for their streams, and what a person must be."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.ages import TooYoung, require_age
from accounts.creators import require_creator
from accounts.models import User
from accounts.services import CREATOR_AGE, OriginUnknown
from foundation.errors import DomainError
from live import seats
from live.chat.words import room_rules_of
from live.models import Guest, RoomRules, Stream
from live.moderation import blocks
from live.streams.adults import require_watching
from live.streams.services import NotOnAirYet, StreamEnded


class GuestTooYoung(TooYoung):
    """Below the age from which one is seen and heard in a stream."""

    message = _("You must be %(age)s to be a guest. Until then you can watch and chat.")


class OwnGuest(DomainError):
    """A creator is no guest in their own stream."""

    code = "own_guest"
    status = 422
    message = _("This is your own stream. Invite somebody else.")
    field = "handle"


class GuestsOff(DomainError):
    """The creator takes no guests."""

    code = "guests_off"
    status = 403
    message = _("@%(handle)s takes no guests now. You can watch and chat.")


class YouTakeNoGuests(GuestsOff):
    """The creator invites somebody, and takes no guests by their own rule."""

    message = _("You take no guests now. Choose who can be a guest first.")


class UnknownGuestsRule(DomainError):
    """Nobody, invited or anyone: there is no other rule."""

    code = "unknown_guests_rule"
    status = 422
    message = _("Choose who can be a guest from the list.")
    field = "guests"


def rule_of(creator: User) -> RoomRules.Guests:
    """Return who may become a guest in the creator's streams; nobody until they decide."""
    return RoomRules.Guests(room_rules_of(creator).guests)


@transaction.atomic
def change_rule(*, creator: User, guests: str) -> RoomRules:
    """Decide who may become a guest. Whoever waits and may not any more is told; who is on stays.

    Raises `NotACreator`, `UnknownGuestsRule`.
    """
    require_creator(creator)
    if guests not in RoomRules.Guests.values:
        raise UnknownGuestsRule
    rules, _made = RoomRules.objects.update_or_create(creator=creator, defaults={"guests": guests})
    waiting = {
        RoomRules.Guests.NOBODY: (Guest.State.ASKED, Guest.State.INVITED),
        RoomRules.Guests.INVITED: (Guest.State.ASKED,),
        RoomRules.Guests.ANYONE: (),
    }[RoomRules.Guests(guests)]
    for on_air in Stream.objects.on_air().filter(creator=creator):
        stream = seats.locked(on_air.pk)
        for guest in stream.guests.filter(state__in=waiting).select_related("user"):
            seats.close(guest, Guest.State.LEFT, by=creator)  # nobody was refused
        seats.tell_room(stream)
    return rules


def require_on_air(stream: Stream) -> None:
    """Return if the stream is on air. Raises `NotOnAirYet`, `StreamEnded`."""
    if stream.state == Stream.State.SOON:
        raise NotOnAirYet
    if stream.state == Stream.State.ENDED:
        raise StreamEnded


def require_fit(user: User, stream: Stream) -> None:
    """Return if the person may be seen and heard in the stream.

    Raises `OwnGuest`, `OriginUnknown`, `GuestTooYoung`, `AdultsOnly`, `Blocked`.
    """
    if user.pk == stream.creator_id:
        raise OwnGuest
    if user.country is None or user.date_of_birth is None:
        raise OriginUnknown
    born = user.date_of_birth
    require_age(country=user.country, born=born, years=CREATOR_AGE, refusal=GuestTooYoung)
    require_watching(user, stream)
    if blocks.is_blocked(creator_id=stream.creator_id, user_id=user.pk):
        raise blocks.Blocked(handle=stream.creator.handle)
