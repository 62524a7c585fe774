"""What a creator collects for, for pages of other apps."""

from typing import Any

from django import template

from accounts.models import User
from overlay import goals

register = template.Library()


@register.simple_tag
def goal_of(creator: User) -> dict[str, Any]:
    """Return the running goal as the event `goal` tells it; without one, its id is empty."""
    return goals.told(goals.running(creator))
