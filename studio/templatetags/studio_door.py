"""The door to the studio, for pages that lead there."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.http import urlencode

register = template.Library()


@register.simple_tag(takes_context=True)
def become_a_creator(context: Context) -> str:
    """Return the address of *Become a creator*, which leads back to this page afterwards."""
    request: Any = context.get("request")
    door = reverse("studio:join")
    if request is None or request.method != "GET" or request.path == door:
        return door
    return f"{door}?{urlencode({'next': request.get_full_path()})}"
