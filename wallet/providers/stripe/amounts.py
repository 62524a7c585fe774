"""Amounts as Stripe counts them, and as we do.

Stripe's smallest unit is not always ours: it counts sen where we count whole rupiah. Source: its
documentation, "Currencies", zero-decimal and special-case currencies.
"""

from foundation.money import sub_unit

ZERO_DECIMAL = {
    *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
    *("PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"),
}
THREE_DECIMAL = {"BHD", "JOD", "KWD", "OMR", "TND"}


class NotWhole(ValueError):
    """Stripe names an amount that has parts of our smallest unit: we never asked for one."""


def stripe_unit(currency: str) -> int:
    """Return how many of Stripe's smallest units make one unit."""
    if currency in ZERO_DECIMAL:
        return 1
    return 1000 if currency in THREE_DECIMAL else 100


def theirs(amount_minor: int, currency: str) -> int:
    """Return our minor units in Stripe's. Raises `NotWhole`."""
    return _converted(amount_minor, stripe_unit(currency), sub_unit(currency))


def ours(amount: int, currency: str) -> int:
    """Return Stripe's units in our minor units. Raises `NotWhole`."""
    return _converted(amount, sub_unit(currency), stripe_unit(currency))


def _converted(amount: int, to: int, of: int) -> int:
    whole, rest = divmod(amount * to, of)
    if rest:
        raise NotWhole(amount)
    return whole
