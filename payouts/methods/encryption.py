"""Bank details and bank files at rest."""

from foundation.crypto import Cipher, InvalidToken, digest

__all__ = ["InvalidToken", "decrypt", "digest", "encrypt"]

_cipher = Cipher("bank details")
encrypt = _cipher.encrypt
decrypt = _cipher.decrypt
