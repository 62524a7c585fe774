"""Addresses of account holders, as bank files carry them: town and country apart, the rest in a
line (the "hybrid" form).
"""

import json
from dataclasses import asdict, dataclass

from pycountry import countries

from payouts import refusals
from payouts.letters import foreign, sepa
from payouts.methods import encryption

LINE_LENGTH, POSTCODE_LENGTH, TOWN_LENGTH = 70, 16, 35


@dataclass(frozen=True)
class Address:
    """Where a person lives; the country as its two letters."""

    line: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""


def read_address(typed: Address, *, default_country: str) -> Address:
    """Return an address in the letters that banks read. Raises `AddressMissing`,
    `AddressUnreadable`.
    """
    country = typed.country.strip().upper() or default_country
    parts = (typed.line, typed.postcode, typed.town)
    most = (LINE_LENGTH, POSTCODE_LENGTH, TOWN_LENGTH)
    if not typed.town.strip():
        raise refusals.AddressMissing
    if any(len(part) > length for part, length in zip(parts, most, strict=True)):
        raise refusals.AddressUnreadable
    line, postcode, town = (
        sepa(part, 2 * length) for part, length in zip(parts, most, strict=True)
    )
    too_long = len(line) > LINE_LENGTH or len(town) > TOWN_LENGTH
    nothing = not any(sign.isalpha() for sign in town)
    if too_long or nothing or any(foreign(part) for part in parts):
        raise refusals.AddressUnreadable
    if countries.get(alpha_2=country) is None:
        raise refusals.AddressUnreadable
    return Address(line, postcode, town, country)


def encrypted(address: Address | None) -> bytes | None:
    """Return an address as it is stored."""
    return None if address is None else encryption.encrypt(json.dumps(asdict(address)).encode())


def decrypted(stored: bytes | memoryview | None) -> Address | None:
    """Return a stored address, readable."""
    return None if stored is None else Address(**json.loads(encryption.decrypt(stored)))
