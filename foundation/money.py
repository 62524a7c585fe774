"""Minor units and `Money`: integers in the ledger, `Money` where people read."""

from decimal import ROUND_HALF_EVEN, Decimal

from djmoney.money import Money
from moneyed import get_currency

MICRO = 1_000_000  # rates are kept in millionths of a unit
# ISO counts sen; people do not pay in them, and the price lists count whole rupiah.
WHOLE_UNITS = {"IDR": 1}


def sub_unit(currency: str) -> int:
    """Return how many minor units make one unit.

    100 for EUR, 1 for JPY. Raises `CurrencyDoesNotExist`.
    """
    return WHOLE_UNITS.get(currency) or get_currency(currency).sub_unit


def money(amount_minor: int, currency: str) -> Money:
    """Return minor units as `Money` of that currency."""
    return Money(Decimal(amount_minor) / sub_unit(currency), currency)


def exact(amount: Money) -> str:
    """Return the decimal in full, with at least its currency's digits: 1.50, 0.0068, 1720."""
    digits = len(str(sub_unit(amount.currency.code))) - 1
    text = f"{amount.amount.normalize():f}"
    whole, _point, rest = text.partition(".")
    rest = rest.ljust(digits, "0")
    return f"{whole}.{rest}" if rest else whole


def minor(amount: Decimal, currency: str) -> int:
    """Return an amount in whole minor units, a half rounded to the even neighbour."""
    return int((amount * sub_unit(currency)).quantize(Decimal(1), ROUND_HALF_EVEN))
