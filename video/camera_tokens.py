"""What a creator's page shows to the camera's socket, which has no session: who sends."""

import time

from django.core import signing

from accounts.models import User

SALT = "video.camera"
LIFETIME_SECONDS = 12 * 60 * 60


def token_of(creator: User) -> str:
    """Return a token with which the creator's page may send video for some hours."""
    return signing.dumps([creator.pk, int(time.time()) + LIFETIME_SECONDS], salt=SALT)


def creator_of(token: str) -> User | None:
    """Return whom a token names, if they may go live now."""
    try:
        pk, expires = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if expires < time.time():
        return None
    return User.objects.filter(pk=pk, is_active=True, is_creator=True).first()
