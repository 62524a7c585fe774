"""Money as prices need it: below a cent, and without a tail of zeros."""

from decimal import Decimal

from django import template
from django.utils.translation import get_language, to_locale
from djmoney.money import Money
from moneyed.l10n import format_money

register = template.Library()


def _locale() -> str:
    return to_locale(get_language() or "en")


@register.filter
def exact(amount: Money) -> str:
    """Show every decimal that the amount has: $0.0075."""
    return str(format_money(amount, locale=_locale(), decimal_quantization=False))


@register.filter
def per_coin(amount: Money) -> str:
    """Show a coin's price: four decimals below one unit, two above: €0.0120, ¥1.72."""
    digits = 4 if abs(amount.amount) < 1 else 2
    shape = "¤#,##0." + "0" * digits
    return str(format_money(amount, locale=_locale(), format=shape, currency_digits=False))


@register.filter
def place(kind: str) -> str:
    """Show the name of a ledger account without its joints: coins spent."""
    return kind.replace("_", " ")


@register.filter
def round_sum(amount: Money) -> str:
    """Show a whole amount without decimals: €10."""
    whole = Money(amount.amount.quantize(Decimal(1)), amount.currency)
    return str(format_money(whole, locale=_locale(), format="¤#,##0", currency_digits=False))
