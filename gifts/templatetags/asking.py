"""From how many coins on the site asks before a gift is sent."""

from django import template

from gifts.models import GiftPolicy

register = template.Library()


@register.simple_tag
def site_asks_from() -> int:
    """Return the coins from which everybody is asked first."""
    return GiftPolicy.current().confirm_from_coins
