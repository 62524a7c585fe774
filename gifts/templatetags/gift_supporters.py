"""The supporters of a stream, for pages of other apps."""

from django import template

from gifts import supporters
from live.models import Stream

register = template.Library()


@register.simple_tag
def supporters_of(stream: Stream) -> list[supporters.Supporter]:
    """Return the people on the stream's list of supporters."""
    return supporters.of_stream(stream)
