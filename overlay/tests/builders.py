"""Gifts for overlays, sent as fans send them."""

import uuid
from typing import Any

from django.test import Client

from accounts.models import User
from gifts.models import SentGift
from gifts.sending.services import send_gift
from live.models import Event, Stream


def gift(fan: User, stream: Stream, slug: str = "moss-frog", **more: Any) -> SentGift:
    """Return a gift that was sent."""
    sent = send_gift(fan=fan, stream=stream, gift=slug, key=uuid.uuid4(), confirmed=True, **more)
    return sent.gift


def told(kind: str) -> list[dict[str, Any]]:
    """Return what open overlays and consoles were told of one kind, oldest first."""
    return [event.payload for event in Event.objects.filter(kind=kind).order_by("pk")]


def signed_in(user: User) -> Client:
    """Return somebody's browser."""
    client = Client()
    client.force_login(user)
    return client
