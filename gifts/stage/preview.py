"""A gift as a stage plays it in a preview."""

from typing import Any

from django.utils.translation import gettext

from gifts.models import Gift


def preview_of(gift: Gift, coins: int, name: str | None = None) -> dict[str, Any]:
    """Return a gift's payload for a preview: nothing of it was sent."""
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
