"""The newest lines of a room, as its page shows them before the first live event."""

from datetime import timedelta
from typing import NamedTuple

from live.feed.log import KEEP, OVERLAP_SECONDS
from live.models import Event, Stream

LINES = 30
SPOKEN = ("chat", "gift", "thanks")  # kinds that are a line of the chat


class Room(NamedTuple):
    """The state of a room up to the event `after`; live events go on from there."""

    lines: list[Event]
    after: int
    seen: list[int]


def opening(stream: Stream) -> Room:
    """Return the newest lines, their last id, and the ids that must not be shown again."""
    newest = list(stream.events.order_by("-id")[: LINES * 4])
    seen = replayed_ids(newest[0]) if newest else []
    lines = _without_undone(newest)
    return Room(_in_combos(lines[:LINES][::-1]), newest[0].pk if newest else 0, seen)


def replayed_ids(newest: Event) -> list[int]:
    """Return the ids that the event stream will replay, from a little before the newest on."""
    edge = newest.created_at - timedelta(seconds=OVERLAP_SECONDS + 2)
    before = newest.stream.events.filter(pk__lte=newest.pk).order_by("-id")[:KEEP]
    return [pk for pk, at in before.values_list("pk", "created_at") if at > edge]


def _without_undone(events: list[Event]) -> list[Event]:
    undone = {event.payload["id"] for event in events if event.kind == "undo"}
    spoken = (event for event in events if event.kind in SPOKEN and _says_something(event))
    return [event for event in spoken if event.payload.get("id") not in undone]


def _says_something(event: Event) -> bool:
    """Return whether there is something to show: moderators may have hidden it."""
    return event.kind != "chat" or bool(event.payload["text"])


def _in_combos(events: list[Event]) -> list[Event]:
    """Make one line of the gifts of one combo, where it began."""
    lines: list[Event] = []
    running: dict[str, Event] = {}
    for event in events:
        combo = event.payload.get("combo") if event.kind == "gift" else None
        if combo and combo in running:
            begun = running[combo].payload
            begun["quantity"] += event.payload["quantity"]
            begun["coins"] += event.payload["coins"]
            begun["ids"] += f" {event.payload['id']}"
            continue
        if event.kind == "gift":
            event.payload["ids"] = event.payload["id"]
        if combo:
            running[combo] = event
        lines.append(event)
    return lines
