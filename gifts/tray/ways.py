"""Ways out of the tray and back: to the coins page, and to the room with the same gift chosen."""

from typing import NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from foundation.errors import DomainError
from gifts.models import LONGEST_MESSAGE
from gifts.sending.refusals import InsufficientCoins, OverSpendingLimit, SpendingPaused
from wallet.providers import registry


def room_with(stream_id: UUID, gift: str = "", message: str = "") -> str:
    """Return the room's address, with this gift chosen and this message written in its tray."""
    return _choosing(reverse("live:room", args=[stream_id]), gift, message)


def tray_page(stream_id: UUID, gift: str = "", message: str = "") -> str:
    """Return the tray's address, with this gift chosen and this message written in it."""
    return _choosing(reverse("gifts:tray", args=[stream_id]), gift, message)


def _choosing(page: str, gift: str, message: str) -> str:
    chosen = {"gift": gift} | ({"message": message[:LONGEST_MESSAGE]} if message else {})
    return f"{page}?{urlencode(chosen)}" if gift else page


def coins_page(stream_id: UUID, *, coins: int = 0, gift: str = "", message: str = "") -> str:
    """Return the address that sells so many coins and leads back to the room."""
    wish = {"coins": str(coins)} if coins else {}
    back = room_with(stream_id, gift, message)
    return f"{reverse('wallet:coins')}?{urlencode({**wish, 'next': back})}"


class Way(NamedTuple):
    """What a refused fan can do next: an address, and the words on its button."""

    href: str
    words: StrOrPromise
    also: "Way | None" = None  # a quieter one beside it


def limits_page(stream_id: UUID, gift: str = "", message: str = "") -> Way:
    """Return the way to the fan's own limits and pauses, and back to the room."""
    back = urlencode({"next": room_with(stream_id, gift, message)})
    return Way(f"{reverse('wallet:limits')}?{back}", _("Your limits"))


def way_on(refusal: DomainError, stream_id: UUID, gift: str = "", message: str = "") -> Way | None:
    """Return what helps against a refusal: more coins, another limit; nothing for the others."""
    if isinstance(refusal, OverSpendingLimit | SpendingPaused):
        return limits_page(stream_id, gift, message)
    if not isinstance(refusal, InsufficientCoins):
        return None
    missing = int(str(refusal.facts["needed"])) - int(str(refusal.facts["balance"]))
    there = coins_page(stream_id, coins=missing, gift=gift, message=message)
    return Way(there, _("Get coins"), top_up_page(stream_id, gift, message))


def top_up_page(stream_id: UUID, gift: str = "", message: str = "") -> Way | None:
    """Return the way to auto top-up, and back to the room; nothing where no provider has it."""
    if not registry.saves():
        return None
    back = urlencode({"next": room_with(stream_id, gift, message)})
    return Way(f"{reverse('wallet:top_up')}?{back}", _("Auto top-up"))
