"""The state of an overlay: all it needs to begin, or to begin again after a cut."""

from typing import Any

from django.db.models import Max
from django.utils import timezone

from gifts import supporters
from live.feed.tokens import events_url
from live.models import Event, Stream
from live.streams.lines import opening
from overlay import goals, services
from overlay.models import AlertSettings, Overlay

SUPPORTERS = 8
LATEST = 12


def state_of(overlay: Overlay) -> dict[str, Any]:
    """Return what an overlay shows now, and the address of the events that come next."""
    creator = overlay.creator
    stream = services.on_air(creator)
    now = timezone.now()
    fresh = overlay.tested_at is not None and now - overlay.tested_at < services.TEST_FRESH
    return {
        "now": now.isoformat(),
        "stream": _stream(stream) if stream else None,
        "played": _played(overlay),
        "settings": _settings(services.settings_of(creator)),
        "goal": goals.payload_of(goals.running(creator)),
        "supporters": _supporters(stream) if stream else [],
        "latest": _latest(stream) if stream else [],
        "test": overlay.test if fresh else None,
    }


def mark_seen(overlay: Overlay) -> None:
    """Note that the overlay is open now."""
    Overlay.objects.filter(pk=overlay.pk).update(seen_at=timezone.now())


def _stream(stream: Stream) -> dict[str, Any]:
    newest = stream.events.aggregate(newest=Max("pk"))["newest"] or 0
    return {
        "id": str(stream.public_id),
        "url": events_url(stream, "overlay"),
        "newest": newest,
    }


def _played(overlay: Overlay) -> dict[str, Any]:
    """Return where to go on; an overlay that never played begins with what comes now."""
    if overlay.played_to is None:
        newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
        return {"to": newest, "done": []}
    return {"to": overlay.played_to, "done": overlay.played}


def _settings(settings: AlertSettings) -> dict[str, Any]:
    plain = (
        "paused", "least_coins", "show_messages", "speak_from_coins", "voice_language", "sound",
        "volume", "show_goal", "show_supporters", "show_ticker",
    )  # fmt: skip
    return {name: getattr(settings, name) for name in plain} | {
        "muted": list(settings.muted.values_list("slug", flat=True))
    }


def _supporters(stream: Stream) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "coins": one.coins} for one in supporters.of_stream(stream, SUPPORTERS)
    ]


def _latest(stream: Stream) -> list[dict[str, Any]]:
    lines = [event for event in opening(stream).lines if event.kind == "gift"][-LATEST:]
    return [event.payload | {"event_id": event.pk} for event in lines]
