"""The queue of alerts for pages of other apps."""

from typing import Any

from django import template

from accounts.models import User
from overlay.alert_queue import queue_of

register = template.Library()


@register.simple_tag
def alert_queue(creator: User) -> Any:
    """Return what waits in the creator's overlay, for `studio/overlay/_queue.html`."""
    return queue_of(creator)
