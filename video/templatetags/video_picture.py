"""The picture of a room, in templates."""

import json

from django import template

from live.models import Stream
from video import pictures

register = template.Library()


@register.simple_tag
def picture_of(stream: Stream) -> pictures.Picture:
    """Return the state of a room's picture and the address of its playlist."""
    return pictures.picture_of(stream)


@register.simple_tag
def guests_of(stream: Stream) -> str:
    """Return the guests of a stream and their pictures as the tiles' script reads them, in JSON."""
    found = pictures.guests_of(stream)
    return json.dumps(found) if found else ""
