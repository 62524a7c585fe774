"""The picture of a room, in templates."""

from django import template

from live.models import Stream
from video import pictures

register = template.Library()


@register.simple_tag
def picture_of(stream: Stream) -> pictures.Picture:
    """Return the state of a room's picture and the address of its playlist."""
    return pictures.picture_of(stream)
