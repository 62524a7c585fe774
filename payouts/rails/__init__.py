"""The ways to a creator's bank: one folder per rail."""

from payouts.rails.bank_file import BankFile
from payouts.rails.base import Rail

RAILS: dict[str, Rail] = {rail.code: rail for rail in (BankFile(),)}


def of(code: str) -> Rail:
    """Return the rail with this code. Raises `KeyError`."""
    return RAILS[code]
