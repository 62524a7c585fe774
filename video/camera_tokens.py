"""What the page of a camera shows to its socket, which has no session: who sends, and where."""

import time
from typing import NamedTuple

from django.core import signing
from django.utils import timezone

from accounts.models import User
from foundation.crypto import digest
from live.models import Guest

SALT = "video.camera"
LIFETIME_SECONDS = 12 * 60 * 60


class Sender(NamedTuple):
    """Who sends: a creator into their own room, or a guest into that of another."""

    user: User
    guest: Guest | None = None


def token_of(user: User, session_key: str, *, guest: Guest | None = None) -> str:
    """Return a token with which a person's page may send video for some hours.

    It is over with the session of the browser that shows the page, and with the password. A
    guest's is for the one time that they were let in.
    """
    expires = int(time.time()) + LIFETIME_SECONDS
    seat = guest.pk if guest else 0
    facts = [user.pk, expires, _password_of(user), digest(session_key.encode()), seat]
    return signing.dumps(facts, salt=SALT)


def sender_of(token: str) -> Sender | None:
    """Return whom a token names, if they may send now: a creator, or a guest who is known."""
    try:
        pk, expires, password, session, seat = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if expires < time.time():
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or _password_of(user) != password:
        return None
    living = user.sessions.filter(expire_date__gt=timezone.now())
    keys = living.values_list("session_key", flat=True)
    if session not in {digest(key.encode()) for key in keys}:
        return None
    if not seat:
        return Sender(user) if user.is_creator else None
    guest = Guest.objects.filter(pk=seat, user=user).first()
    return Sender(user, guest) if guest else None


def _password_of(user: User) -> str:
    """Return what changes with the password, as that of a session does: then a token is over."""
    return user.get_session_auth_hash()[:16]
