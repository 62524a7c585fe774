"""What a creator's page shows to the camera's socket, which has no session: who sends."""

import time

from django.core import signing
from django.utils import timezone

from accounts.models import User
from foundation.crypto import digest

SALT = "video.camera"
LIFETIME_SECONDS = 12 * 60 * 60


def token_of(creator: User, session_key: str) -> str:
    """Return a token with which the creator's page may send video for some hours.

    It is over with the session of the browser that shows the page, and with the password.
    """
    expires = int(time.time()) + LIFETIME_SECONDS
    facts = [creator.pk, expires, _password_of(creator), digest(session_key.encode())]
    return signing.dumps(facts, salt=SALT)


def creator_of(token: str) -> User | None:
    """Return whom a token names, if they may go live now."""
    try:
        pk, expires, password, session = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if expires < time.time():
        return None
    creator = User.objects.filter(pk=pk, is_active=True, is_creator=True).first()
    if creator is None or _password_of(creator) != password:
        return None
    living = creator.sessions.filter(expire_date__gt=timezone.now())
    keys = living.values_list("session_key", flat=True)
    return creator if session in {digest(key.encode()) for key in keys} else None


def _password_of(creator: User) -> str:
    """Return what changes with the password, as that of a session does: then a token is over."""
    return creator.get_session_auth_hash()[:16]
