"""Ways to the tray and out of it, for templates."""

from uuid import UUID

from django import template

from gifts.tray import ways

register = template.Library()


@register.simple_tag
def coins_page(stream_id: UUID, coins: int, gift: str, message: str = "") -> str:
    """Return where so many coins are sold, and from where this gift's room is led back to."""
    return ways.coins_page(stream_id, coins=coins, gift=gift, message=message)


@register.simple_tag
def room_with(stream_id: UUID, gift: str) -> str:
    """Return the room's address with this gift chosen."""
    return ways.room_with(stream_id, gift)


@register.simple_tag
def tray_page(stream_id: UUID, gift: str | None, message: str | None = None) -> str:
    """Return the tray's address with this gift chosen and this message written."""
    return ways.tray_page(stream_id, gift or "", message or "")
