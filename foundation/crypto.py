"""Encryption at rest with keys that only the running site has, other ones for each purpose."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["Cipher", "InvalidToken", "digest"]


@dataclass(frozen=True)
class Cipher:
    """Encrypts for one purpose: what opens bank details opens nothing else.

    FIELD_KEY may list several secrets with commas; the first encrypts, all decrypt. Keys are
    derived from them, so that any long secret will do.
    """

    purpose: str

    def encrypt(self, plain: bytes) -> bytes:
        """Return the bytes encrypted with the first key."""
        return self._keys().encrypt(plain)

    def decrypt(self, encrypted: bytes | memoryview) -> bytes:
        """Return what was encrypted.

        Raises `InvalidToken` when no key fits or a byte was changed.
        """
        return self._keys().decrypt(bytes(encrypted))

    def rotate(self, encrypted: bytes | memoryview) -> bytes:
        """Return the same, encrypted with the first key. What is, comes back as it was.

        Raises `InvalidToken` as `decrypt` does.
        """
        stored = bytes(encrypted)
        try:
            Fernet(self._derived(_secrets()[0])).decrypt(stored)
        except InvalidToken:
            return self._keys().rotate(stored)
        return stored

    def _keys(self) -> MultiFernet:
        return MultiFernet([Fernet(self._derived(secret)) for secret in _secrets()])

    def _derived(self, secret: str) -> bytes:
        info = f"giftplatform {self.purpose}".encode()
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)
        return base64.urlsafe_b64encode(derive.derive(secret.encode()))


def _secrets() -> list[str]:
    return [part.strip() for part in settings.FIELD_KEY.split(",") if part.strip()]


def digest(plain: bytes) -> str:
    """Return the SHA-256 by which people compare files and tables find secrets."""
    return hashlib.sha256(plain).hexdigest()
