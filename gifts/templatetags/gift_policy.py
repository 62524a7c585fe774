"""The sending rules, for pages of other apps."""

from django import template

from gifts.models import GiftPolicy

register = template.Library()


@register.simple_tag
def confirm_from_coins() -> int:
    """Return the coins from which every gift is confirmed first."""
    return GiftPolicy.current().confirm_from_coins
