"""The newest lines of a room, as its page shows them before the first live event."""

from datetime import timedelta
from typing import NamedTuple

from accounts.models import User
from accounts.naming import Place, may_be_named
from live.feed.log import KEEP, OVERLAP_SECONDS
from live.models import Event, Stream

# So many lines of chat, and so many of gifts and thanks: a rain of gifts pushes no message out, and
# whoever speaks for hours pushes no gift out.
LINES = 30


class Room(NamedTuple):
    """The state of a room up to the event `after`; live events go on from there."""

    lines: list[Event]
    after: int
    seen: list[int]


def opening(stream: Stream) -> Room:
    """Return the newest lines, their last id, and the ids that must not be shown again."""
    last = stream.events.order_by("-id").first()
    newest = list(stream.events.exclude(kind="caption").order_by("-id")[: LINES * 4])
    seen = replayed_ids(last) if last else []
    after = last.pk if last else 0
    gifts = [event for event in newest if event.kind in {"gift", "thanks"}]
    said = chat_of(stream, LINES, upto=after)
    lines = sorted((*_without_undone(gifts, newest)[:LINES], *said), key=lambda line: line.pk)
    return Room(_in_combos(_off_lists(lines)), after, seen)


def chat_of(stream: Stream, most: int, *, upto: int) -> list[Event]:
    """Return the newest messages up to an event that moderators have not hidden, newest first."""
    said = stream.events.filter(kind="chat", pk__lte=upto).exclude(payload__text="")
    return list(said.order_by("-id")[:most])


def replayed_ids(newest: Event) -> list[int]:
    """Return the ids that the event stream will replay, from a little before the newest on."""
    edge = newest.created_at - timedelta(seconds=OVERLAP_SECONDS + 2)
    before = newest.stream.events.filter(pk__lte=newest.pk).order_by("-id")[:KEEP]
    return [pk for pk, at in before.values_list("pk", "created_at") if at > edge]


def _without_undone(gifts: list[Event], newest: list[Event]) -> list[Event]:
    undone = {event.payload["id"] for event in newest if event.kind == "undo"}
    return [event for event in gifts if event.payload.get("id") not in undone]


def _off_lists(lines: list[Event]) -> list[Event]:
    """Mark the gifts of people who left the lists since they sent them."""
    gifts = [line.payload for line in lines if line.kind == "gift" and line.payload["handle"]]
    senders = User.objects.filter(handle__in={gift["handle"] for gift in gifts})
    private = dict(senders.values_list("handle", "private_supporter"))
    for gift in gifts:
        listed = may_be_named(
            Place.LIST, anonymous=False, private=private.get(gift["handle"], True)
        )
        gift["private"] = gift.get("private", False) or not listed
    return lines


def _in_combos(events: list[Event]) -> list[Event]:
    """Make one line of the gifts of one combo of one sender to one person, where it began."""
    lines: list[Event] = []
    running: dict[tuple[str, str | None, str | None], Event] = {}
    for event in events:
        number = event.payload.get("combo") if event.kind == "gift" else None
        whose = (event.payload.get("handle"), event.payload.get("to_handle"))
        combo = (number, *whose) if number else None
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
