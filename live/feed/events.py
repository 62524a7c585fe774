"""Events on their way: a row in the caller's transaction, and after commit the bell."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from live.feed import pubsub
from live.models import Event


def record(*, stream_id: int, kind: str, payload: dict[str, Any]) -> Event:
    """Write what the room must see, in the caller's transaction; the bell rings after commit."""
    event = Event.objects.create(
        stream_id=stream_id, kind=kind, payload=payload, created_at=timezone.now()
    )
    transaction.on_commit(lambda: announce(stream_id, event.pk, kind, payload))
    return event


def announce(stream_id: int, event_id: int, kind: str, payload: dict[str, Any]) -> None:
    """Ring the bell for an event that is committed. A lost bell costs a second, never an event."""
    pubsub.ring(stream_id, event_id, kind, payload, far=[_far] if settings.REDIS_URL else [])


def _far(one: pubsub.Ring) -> None:
    from live.feed import redis_pubsub  # a site without Redis does not load its client

    redis_pubsub.ring(one)
