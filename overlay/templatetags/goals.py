"""A creator's running goal, for pages of other apps."""

from typing import Any

from django import template

from accounts.models import User
from overlay import goals

register = template.Library()


@register.simple_tag
def goal_of(creator: User) -> dict[str, Any]:
    """Return the running goal as its event's payload; without one, its id is None."""
    return goals.payload_of(goals.running(creator))
