"""IBANs: read with care, refused in words, shown masked."""

from typing import NoReturn

from schwifty import IBAN, registry
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


def reached(country: str) -> bool:
    """Return whether our bank file reaches banks of this country."""
    try:
        return registry.get_iban_spec(country).in_sepa_zone
    except SchwiftyException:
        return False


def bank_of(text: str) -> str:
    """Return the BIC that an IBAN tells by itself, empty where it tells none."""
    try:
        return str(IBAN(text).bic or "")
    except SchwiftyException:
        return ""


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
