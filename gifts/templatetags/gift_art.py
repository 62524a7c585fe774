"""Gifts in templates: where their pictures are, and what a stage plays of them."""

import json
from typing import Any

from django import template

from gifts.models import address_of

register = template.Library()


@register.filter
def art_url(path: str) -> str:
    """Return the address of a picture that came with the site, or that staff uploaded."""
    return address_of(path)


@register.filter
def as_json(facts: dict[str, Any]) -> str:
    """Return facts for a data attribute; the template escapes them."""
    return json.dumps(facts)
