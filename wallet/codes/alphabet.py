"""How a code is written, checked, and kept: fifteen random signs and one that checks them.

The signs are 31, a prime, and none of them looks like another: with weights the check sign finds
each single wrong sign and each two that changed places.
"""

import hashlib
import hmac
import re
import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RANDOM = 15  # 74 bits
GROUP = 4
LENGTH = RANDOM + 1
MOST_TYPED = 64
BETWEEN = re.compile(r"[\s\-\u2010-\u2015]+")


def new_code() -> str:
    """Return a code that nobody can guess, as it is kept: without hyphens."""
    drawn = "".join(SIGNS[secrets.randbelow(len(SIGNS))] for _ in range(RANDOM))
    return drawn + check_sign(drawn)


def check_sign(drawn: str) -> str:
    """Return the sign that makes a code's weighted sum divisible by the number of signs."""
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(drawn, 2))
    return SIGNS[-total % len(SIGNS)]


def written(code: str) -> str:
    """Return a code as it is printed: in groups of four."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read(typed: str) -> str | None:
    """Return the code that somebody typed; nothing where it cannot be one."""
    if len(typed) > MOST_TYPED:
        return None
    code = BETWEEN.sub("", typed).upper()
    if len(code) != LENGTH or not set(code) <= set(SIGNS):
        return None
    return code if check_sign(code[:RANDOM]) == code[RANDOM] else None


def digest(code: str) -> str:
    """Return what of a code is kept: an HMAC with a key of the running site."""
    return _digest(code, _keys()[0])


def digests(code: str) -> list[str]:
    """Return the digests of a code by each key that FIELD_KEY has, the newest first."""
    return [_digest(code, key) for key in _keys()]


def _digest(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _keys() -> list[bytes]:
    secrets_of_site = [part.strip() for part in settings.FIELD_KEY.split(",") if part.strip()]
    return [_key(secret) for secret in secrets_of_site]


def _key(secret: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"giftplatform codes")
    return derive.derive(secret.encode())
