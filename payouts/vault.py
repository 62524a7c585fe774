"""Bank details and bank files at rest: sealed with keys that only the running site has."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "digest", "seal", "unseal"]


def _vault() -> MultiFernet:
    """Return the lock: FIELD_KEY may list several keys with commas; the first seals, all open."""
    secrets = [part.strip() for part in settings.FIELD_KEY.split(",") if part.strip()]
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    """Return a Fernet key; derived, so that any long secret will do and no other use shares its
    key.
    """
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"giftplatform bank details")
    return base64.urlsafe_b64encode(derive.derive(secret.encode()))


def seal(plain: bytes) -> bytes:
    """Return the bytes sealed with the first key."""
    return _vault().encrypt(plain)


def unseal(sealed: bytes | memoryview) -> bytes:
    """Return what was sealed. Raises `InvalidToken` when no key fits or a byte was changed."""
    return _vault().decrypt(bytes(sealed))


def digest(plain: bytes) -> str:
    """Return the SHA-256 by which people compare files."""
    return hashlib.sha256(plain).hexdigest()
