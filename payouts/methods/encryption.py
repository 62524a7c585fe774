"""Bank details and bank files at rest."""

from foundation.crypto import Cipher, InvalidToken, digest

__all__ = ["InvalidToken", "cipher", "decrypt", "digest", "encrypt"]

cipher = Cipher("bank details")
encrypt = cipher.encrypt
decrypt = cipher.decrypt
