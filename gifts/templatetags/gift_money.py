"""Small amounts, written with the decimals they need."""

from django import template
from djmoney.money import Money

from gifts.tray.tiles import fine_money

register = template.Library()


@register.filter
def fine(amount: Money) -> str:
    """Return an amount with cents, or with up to four decimals when cents would round it away."""
    return fine_money(amount)
