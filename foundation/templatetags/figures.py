"""Numbers in templates, as their reader writes them."""

from decimal import Decimal
from typing import Any

from django import template

from foundation import figures

register = template.Library()


@register.filter
def figure(value: Any) -> Any:
    """Return a number with its thousands apart; what is no number as it is."""
    return figures.figure(value) if isinstance(value, int | Decimal) else value


@register.simple_tag
def figures_example() -> str:
    """Return the example that scripts write figures by."""
    return figures.example()
