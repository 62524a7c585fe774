"""Payloads for overlays: a test gift, and which gifts have an alert."""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gifts.models import Gift
from live.models import Event, Stream
from overlay.models import AlertSettings

# Of a stream's newest events so many are looked through for what waits and what can be shown again.
LOOK_BACK = 2_000


def of_test(creator: User, gift: Gift) -> dict[str, Any]:
    """Return what a gift's event would say, marked as a test: it is played and counts nowhere."""
    return {
        "id": str(uuid.uuid4()),
        "gift": gift.slug,
        "name": gift.name,
        "alt": gift.alt,
        "kind": gift.kind,
        "art": gift.art,
        "motion": gift.motion,
        "duration_ms": gift.duration_ms,
        "coins": gift.price.coins,
        "quantity": 1,
        "message": _("This is a test. Your real alerts look and sound like this."),
        "combo": None,
        "from": creator.name,
        "handle": creator.handle,
        "private": True,
        "test": True,
        "at": timezone.now().isoformat(),
    }


def announced(settings: AlertSettings, muted: set[str], gift: dict[str, Any]) -> bool:
    """Return whether a gift with this payload has an alert of its own."""
    return gift["coins"] >= settings.least_coins and gift["gift"] not in muted


def gifts_of(stream: Stream, settings: AlertSettings, after: int = 0) -> list[Event]:
    """Return the stream's announced gifts after an event, newest first, without undone ones."""
    newest = list(
        stream.events.filter(pk__gt=after, kind__in=["gift", "undo"]).order_by("-pk")[:LOOK_BACK]
    )
    undone = {event.payload["id"] for event in newest if event.kind == "undo"}
    muted = set(settings.muted.values_list("slug", flat=True))
    found = []
    for event in newest:
        gift = event.payload
        if event.kind != "gift" or gift["id"] in undone or not announced(settings, muted, gift):
            continue
        if not settings.show_messages:
            gift["message"] = ""
        found.append(event)
    return found
