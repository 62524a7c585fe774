"""IBANs: read with care, refused in words, shown masked."""

from typing import NoReturn

from schwifty import IBAN
from schwifty.exceptions import (
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)

from payouts import refusals


def masked(iban: str) -> str:
    """Return an IBAN as it is shown: country and check digits, the last four signs."""
    return f"{iban[:4]} **** {iban[-4:]}"


def read_iban(text: str) -> IBAN:
    """Return a checked IBAN that our bank file can reach. Raises the refusal that names
    its fault.
    """
    try:
        number = IBAN(text)
    except SchwiftyException as fault:
        _explain(text, fault)
    if not number.in_sepa_zone:
        raise refusals.IbanOutsideRail(country=number.country_code)
    return number


def _explain(text: str, fault: SchwiftyException) -> NoReturn:
    """Raise the refusal that names the fault. The number itself is in no message and no log."""
    country = "".join(text.split())[:2].upper()
    if isinstance(fault, InvalidChecksumDigits):
        raise refusals.IbanMistyped from None
    if isinstance(fault, InvalidCountryCode):
        raise refusals.IbanCountryUnknown(country=country) from None
    if isinstance(fault, InvalidLength):
        raise refusals.IbanLength(country=country) from None
    raise refusals.IbanUnreadable from None
