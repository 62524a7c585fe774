"""What a creator's page shows to the camera's socket, which has no session: who sends."""

import time

from django.core import signing

from accounts.models import User

SALT = "video.camera"
LIFETIME_SECONDS = 12 * 60 * 60


def token_of(creator: User) -> str:
    """Return a token with which the creator's page may send video for some hours."""
    expires = int(time.time()) + LIFETIME_SECONDS
    return signing.dumps([creator.pk, expires, _password_of(creator)], salt=SALT)


def creator_of(token: str) -> User | None:
    """Return whom a token names, if they may go live now."""
    try:
        pk, expires, password = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if expires < time.time():
        return None
    creator = User.objects.filter(pk=pk, is_active=True, is_creator=True).first()
    return creator if creator and _password_of(creator) == password else None


def _password_of(creator: User) -> str:
    """Return what changes with the password, as that of a session does: then a token is over."""
    return creator.get_session_auth_hash()[:16]
