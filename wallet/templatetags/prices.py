"""Money as prices need it: below a cent, or without cents."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from foundation.figures import current
from foundation.money import Money
from wallet.prices.quotes import Quote

register = template.Library()


@register.filter
def per_coin(amount: Money) -> str:
    """Show a coin's price: four decimals below one unit, two above: €0.0120, ¥1.72."""
    return amount.written(4 if abs(amount.amount) < 1 else 2)


@register.filter
def place(kind: str) -> str:
    """Show the name of a ledger account without its joints: coins spent."""
    return kind.replace("_", " ")


@register.filter
def round_sum(amount: Money) -> str:
    """Show a whole amount without decimals: €10."""
    return amount.written(0)


@register.simple_tag
def pack_card(card: Mapping[str, Any]) -> SafeString:
    """Show a pack of the coins page, with what is said of it there."""
    bonus = card["bonus"].coins if card["bonus"] else None
    said = (card["best"], card["checked"], card["closed"])
    return _pack_card(card["offer"], bonus, *said, get_language(), str(current().locale))


@lru_cache(maxsize=2_000)
def _pack_card(
    offer: Quote, bonus: int | None, best: bool, checked: bool, closed: bool, *_reader: str | None
) -> SafeString:
    """Return a card, made once for all fans: it shows nothing but these figures.

    A price that changes is another offer, and so another card.
    """
    facts = {"offer": offer, "bonus": bonus, "best": best, "checked": checked, "closed": closed}
    return render_to_string("wallet/_pack.html", facts)
