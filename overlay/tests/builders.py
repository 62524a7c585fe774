"""Gifts for overlays, sent as fans send them."""

import uuid
from typing import Any

from accounts.models import User
from gifts.models import SentGift
from gifts.sending.services import send_gift
from live.models import Event, Stream


def gift(fan: User, stream: Stream, slug: str = "moss-frog", **more: Any) -> SentGift:
    """Return a gift that was sent."""
    sent = send_gift(fan=fan, stream=stream, gift=slug, key=uuid.uuid4(), confirmed=True, **more)
    return sent.gift


def published(kind: str) -> list[dict[str, Any]]:
    """Return the payloads of the published events of one kind, oldest first."""
    return [event.payload for event in Event.objects.filter(kind=kind).order_by("pk")]
