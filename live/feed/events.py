"""Events on their way: a row in the caller's transaction, and after commit a push to the rooms."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from live.feed import pubsub
from live.models import Event


def publish(
    *, stream_id: int, kind: str, payload: dict[str, Any], moment: datetime | None = None
) -> Event:
    """Write an event in the caller's transaction and push it to the room after commit.

    One with a `moment` stands there in the stream's replay, and is pushed to nobody.
    """
    event = Event.objects.create(
        stream_id=stream_id, kind=kind, payload=payload, created_at=timezone.now(), moment=moment
    )
    if moment is not None:
        return event
    transaction.on_commit(lambda: push(stream_id, event.pk, kind, payload))
    return event


def push(stream_id: int, event_id: int, kind: str, payload: dict[str, Any]) -> None:
    """Push a committed event to the room. A lost push costs half a second, never an event."""
    also = [_push_through_redis] if settings.REDIS_URL else []
    pubsub.send(stream_id, event_id, kind, payload, also=also)


def _push_through_redis(published: pubsub.Published) -> None:
    from live.feed import redis_pubsub  # a site without Redis does not load its client

    redis_pubsub.publish(published)
