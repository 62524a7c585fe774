"""Minor units and `Money`: integers in the ledger, `Money` where people read."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import moneyed
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from moneyed import get_currency

from foundation import figures

MICRO = 1_000_000  # rates are kept in millionths of a unit
FINE = 100  # hundredths of a minor unit: of a gift's price, nothing is rounded away
# ISO counts sen; people do not pay in them, and the price lists count whole rupiah.
WHOLE_UNITS = {"IDR": 1}


class Money(moneyed.Money):
    """An amount with its currency, written as its reader writes figures."""

    def __str__(self) -> str:
        """Return the amount with its currency's digits: €12.50, ¥1,720."""
        return self.written(digits(self.currency.code))

    def __html__(self) -> SafeString:
        """Return the amount for a page; no line ends between figure and currency."""
        return mark_safe(conditional_escape(str(self)).replace(" ", figures.NO_BREAK))  # noqa: S308  # escaped in this line

    @property
    def in_full(self) -> str:
        """The amount to its last digit, so that what a page shows adds up: €0.0075."""
        exponent = self.amount.normalize().as_tuple().exponent
        assert isinstance(exponent, int)  # noqa: S101  # tells mypy that money is finite
        return self.written(max(digits(self.currency.code), -exponent))

    @property
    def in_columns(self) -> str:
        """The amount to a hundredth of its minor unit, as all of a column: €0.4500, ¥3.00."""
        return self.written(digits(self.currency.code) + 2)

    def written(self, places: int) -> str:
        """Return the amount with so many decimals."""
        return figures.current().money(self.amount, self.currency.code, places)


def digits(currency: str) -> int:
    """Return how many decimals a currency has: 2 for EUR, 0 for JPY."""
    return len(str(sub_unit(currency))) - 1


def sub_unit(currency: str) -> int:
    """Return how many minor units make one unit.

    100 for EUR, 1 for JPY. Raises `CurrencyDoesNotExist`.
    """
    return WHOLE_UNITS.get(currency) or get_currency(currency).sub_unit


def money(amount_minor: int, currency: str) -> Money:
    """Return minor units as `Money` of that currency."""
    return Money(Decimal(amount_minor) / sub_unit(currency), currency)


def exact_minor(amount: Decimal, currency: str) -> int | None:
    """Return an amount in minor units; nothing for one that has parts of them. Raises
    `CurrencyDoesNotExist`.
    """
    minor = amount * sub_unit(currency)
    return int(minor) if minor == minor.to_integral_value() else None


def fine(hundredths: int, currency: str) -> Money:
    """Return hundredths of a minor unit as `Money`: what a gift of a few cents costs and pays."""
    return Money(Decimal(hundredths) / (FINE * sub_unit(currency)), currency)


def exact(amount: Money) -> str:
    """Return the decimal in full, with at least its currency's digits: 1.50, 0.0068, 1720."""
    text = f"{amount.amount.normalize():f}"
    whole, _point, rest = text.partition(".")
    rest = rest.ljust(digits(amount.currency.code), "0")
    return f"{whole}.{rest}" if rest else whole


def minor(amount: Decimal, currency: str) -> int:
    """Return an amount in whole minor units, a half rounded to the even neighbour."""
    return int((amount * sub_unit(currency)).quantize(Decimal(1), ROUND_HALF_EVEN))


def whole_units(parts: Sequence[Decimal]) -> list[int]:
    """Return parts in minor units as whole ones that add up to their sum, rounded half to even.

    What rounding leaves over goes to the parts that lost the most of it.
    """
    floors = [int(part.to_integral_value(ROUND_FLOOR)) for part in parts]
    whole = int(sum(parts, Decimal(0)).to_integral_value(ROUND_HALF_EVEN))
    most_lost = sorted(range(len(parts)), key=lambda at: floors[at] - parts[at])
    for at in most_lost[: whole - sum(floors)]:
        floors[at] += 1
    return floors
