"""What coins cost a reader, for scripts that add them up."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from foundation.money import Money, money
from gifts.tray.tiles import rate_of
from wallet.prices.pricing import PaidRate

register = template.Library()


@register.simple_tag
def coin_rate(reader: User | AnonymousUser) -> PaidRate:
    """Return the rate at which a reader's money became coins, for a page that needs it often."""
    return rate_of(reader)


@register.filter
def worth(rate: PaidRate, coins: int) -> Money:
    """Return what so many coins cost at a rate, tax included."""
    return rate.worth(coins)


@register.simple_tag
def coin_price(of: User | AnonymousUser | PaidRate) -> SafeString:
    """Return the attributes from which `priceLike` in page.js writes a sum of coins as money.

    They are of a reader, or of the rate that the page asked for already.
    """
    rate = of if isinstance(of, PaidRate) else rate_of(of)
    return format_html(
        'data-price-coins="{}" data-price-minor="{}" data-price-example="{}"',
        rate.coins,
        rate.total_minor,
        money(0, rate.currency),
    )
