"""A gift as a stage plays it when it is only looked at."""

from typing import Any

from django.utils.translation import gettext

from gifts.models import Gift


def preview_of(gift: Gift, coins: int, name: str | None = None) -> dict[str, Any]:
    """Return what a stage plays when the gift is only looked at: nothing of it was sent."""
    return {
        "gift": gift.slug,
        "name": gift.name,
        "alt": gift.alt,
        "kind": gift.kind,
        "art": gift.art,
        "motion": gift.motion,
        "duration_ms": gift.duration_ms,
        "coins": coins,
        "quantity": 1,
        "message": gettext("Hello from the harbour") if gift.message_length else "",
        "combo": None,
        "from": name,
        "handle": None,
        "private": False,
    }
