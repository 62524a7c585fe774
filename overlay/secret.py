"""The secret in an overlay's address: made, recognised, shown again to its owner.

Recognised by its digest, so that no comparison of secrets is ever timed and a copy of the table
opens no overlay. Kept encrypted beside it, because a streamer needs the same address again for a
second scene or another machine; had we the digest alone, each look would cost them a new address.
"""

import secrets

from foundation import crypto

BYTES = 32
cipher = crypto.Cipher("overlay addresses")


def new() -> str:
    """Return a random secret, as it stands in an address: 43 characters."""
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """Return what the table finds a secret by."""
    return crypto.digest(token.encode())


def encrypt(token: str) -> bytes:
    """Return the secret encrypted with the site's first key."""
    return cipher.encrypt(token.encode())


def decrypt(encrypted: bytes | memoryview) -> str:
    """Return what was encrypted; empty when the site's keys were lost since."""
    try:
        return cipher.decrypt(encrypted).decode()
    except crypto.InvalidToken:
        return ""
