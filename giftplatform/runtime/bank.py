"""The operator's words about their bank, refused by name where they can't be right."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

MISSING_BIC = ("omit", "notprovided", "refuse")


def time_zone(name: str) -> ZoneInfo:
    """Return the zone in which the bank's day ends. Raises `ImproperlyConfigured`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        said = f"BANK_TIME_ZONE={name} is no time zone: use a name like Europe/Berlin."
        raise ImproperlyConfigured(said) from error


def require(*, cutoff_hour: int, missing_bic: str, country: str) -> None:
    """Refuse to start with a setting about the bank that no bank file can be made with."""
    if wrong := list(_wrong(cutoff_hour, missing_bic, country)):
        raise ImproperlyConfigured(" ".join(wrong))


def _wrong(cutoff_hour: int, missing_bic: str, country: str) -> Iterator[str]:
    if not 0 <= cutoff_hour <= 24:
        yield "BANK_CUTOFF_HOUR is no hour: use 0 to 24."
    if missing_bic not in MISSING_BIC:
        yield f"BANK_MISSING_BIC is unknown: use {', '.join(MISSING_BIC)}."
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        yield "BANK_COUNTRY is no country code: use two letters, like DE."
