"""Who gets the gifts of a tray: the stream's creator, or a guest who is on and takes gifts."""

from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import User
from live import seats
from live.models import Stream
from live.moderation.blocks import is_blocked
from live.streams.adults import may_watch


class Receiver(NamedTuple):
    """One who can get a gift here."""

    to: str  # as a send names them; empty for the creator
    name: str
    face: str
    chosen: bool


def receivers_of(
    stream: Stream, fan: User | AnonymousUser, chosen: str = ""
) -> tuple[list[Receiver], bool]:
    """Return who can get this person's gifts, the creator first, and whether the chosen one is
    gone; only the creator where no guest takes gifts. Who may not watch learns of no guest.
    """
    seen = stream.is_on_air and may_watch(fan, stream)
    guests = [
        guest
        for guest in (seats.joined(stream) if seen else ())
        if guest.user_id != fan.pk and _takes_gifts(guest.user, fan)
    ]
    keys = {str(guest.user.public_id) for guest in guests}
    here = chosen if chosen in keys else ""
    host = stream.creator
    face = host.creator.face if hasattr(host, "creator") else ""
    found = [Receiver("", host.name, face, not here)]
    for guest in guests:
        key = str(guest.user.public_id)
        found.append(Receiver(key, guest.name or _("a guest"), guest.face, key == here))
    return found, bool(chosen) and not here


def _takes_gifts(person: User, fan: User | AnonymousUser) -> bool:
    profile = getattr(person, "creator", None)
    if not person.is_active or profile is None or not profile.accepts_gifts:
        return False
    return fan.pk is None or not is_blocked(creator_id=person.pk, user_id=fan.pk)


def name_of(stream: Stream, to: UUID | None) -> str:
    """Return the name of who gets a gift, as the room shows it."""
    guest = stream.guests.joined().filter(user__public_id=to).first() if to else None
    return guest.name or _("a guest") if guest else stream.creator.name
