"""Streams for adults only: who may watch, chat and send gifts there."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from accounts.ages import ADULT, is_old_enough
from accounts.models import User
from foundation.errors import DomainError
from live.models import Stream


class AdultsOnly(DomainError):
    """The stream is for adults, and the person is not known to be one."""

    code = "adults_only"
    status = 403
    message = _(
        "This stream is for people of %(age)s and over. Sign in with your date of birth, or watch "
        "another stream."
    )

    def __init__(self) -> None:
        super().__init__(age=ADULT)


def may_watch(person: User | AnonymousUser, stream: Stream) -> bool:
    """Return whether the person may see the stream. Staff may see what they have to judge."""
    if not stream.adults_only or person.pk == stream.creator_id:
        return True
    if not isinstance(person, User):
        return False
    born = person.date_of_birth
    return person.is_staff or (born is not None and is_old_enough(born, ADULT))


def require_watching(person: User | AnonymousUser, stream: Stream) -> None:
    """Raise `AdultsOnly` where the person may not see the stream."""
    if not may_watch(person, stream):
        raise AdultsOnly
