"""Money below a cent, as a coin's price is."""

from django import template
from django.utils.translation import get_language, to_locale
from djmoney.money import Money
from moneyed.l10n import format_money

register = template.Library()


@register.filter
def exact(amount: Money) -> str:
    """Show every decimal that the amount has: €0.0116."""
    locale = to_locale(get_language() or "en")
    return str(format_money(amount, locale=locale, decimal_quantization=False))
