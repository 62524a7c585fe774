"""The secret in an overlay's address: made, recognised, shown again to its owner.

Recognised by its digest, so that no comparison of secrets is ever timed and a copy of the table
opens no overlay. Kept sealed beside it, because a streamer needs the same address again for a
second scene or another machine; had we the digest alone, each look would cost them a new address.
"""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

BYTES = 32


def new() -> str:
    """Return a secret nobody can guess, as it stands in an address: 43 characters."""
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """Return what the table finds a secret by."""
    return hashlib.sha256(token.encode()).hexdigest()


def seal(token: str) -> bytes:
    """Return the secret sealed with the site's first key."""
    return _lock().encrypt(token.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Return what was sealed; empty when the site's keys were lost since."""
    try:
        return _lock().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        return ""


def _lock() -> MultiFernet:
    """Return the lock: FIELD_KEY may list several keys with commas; the first seals, all open."""
    keys = [part.strip() for part in settings.FIELD_KEY.split(",") if part.strip()]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    """Return a key that has no other use."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"giftplatform overlay addresses")
    return base64.urlsafe_b64encode(derive.derive(key.encode()))
