"""What a room shows before its first live event: the newest lines, and who supports this stream."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.core.cache import cache
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from live.feed.log import KEEP, OVERLAP_SECONDS
from live.models import Audience, Event, Stream

LINES = 30
SPOKEN = ("chat", "gift", "thanks")  # kinds that are a line of the chat
# Of a stream's newest events, chat included: so many are looked at for who supports it, and fewer
# for how many do, which is asked for all streams that are on air.
LOOK_BACK = 5_000
COUNT_BACK = 1_000
FRESH_SECONDS = 10
AUDIENCE_SECONDS = 12


SUPPORTERS = """
WITH newest AS (
    SELECT id, kind, payload FROM live_event WHERE stream_id = %s ORDER BY id DESC LIMIT %s
)
SELECT payload->>'handle', (array_agg(payload->>'from' ORDER BY id DESC))[1],
    sum((payload->>'coins')::bigint)::bigint
FROM newest WHERE kind = 'gift' AND payload->>'handle' IS NOT NULL
    AND (payload->>'private')::boolean IS NOT TRUE
    AND payload->>'id' NOT IN (SELECT payload->>'id' FROM newest WHERE kind = 'undo')
GROUP BY 1 ORDER BY 3 DESC, max(id) DESC
"""
SUPPORTERS_COUNTED = """
SELECT s.id, count(DISTINCT coalesce(e.payload->>'handle', e.payload->>'id'))
    FILTER (WHERE e.kind = 'gift')
FROM unnest(%s) s(id) LEFT JOIN LATERAL (
    SELECT kind, payload FROM live_event WHERE stream_id = s.id ORDER BY id DESC LIMIT %s
) e ON true
GROUP BY s.id
"""


class Supporter(NamedTuple):
    """Somebody who sent gifts with their name, and the coins of these."""

    handle: str
    name: str
    coins: int


class Room(NamedTuple):
    """The state of a room up to the event `after`; live events go on from there."""

    lines: list[Event]
    after: int
    seen: list[int]


def opening(stream: Stream) -> Room:
    """Return the newest lines, the id they reach to, and every id that must not be shown again."""
    newest = list(stream.events.order_by("-id")[: LINES * 4])
    seen = ids_told_again(newest[0]) if newest else []
    lines = _without_undone(newest)
    return Room(_in_combos(lines[:LINES][::-1]), newest[0].pk if newest else 0, seen)


def ids_told_again(newest: Event) -> list[int]:
    """Return the ids that the stream will tell again: it begins a little before the newest one."""
    edge = newest.created_at - timedelta(seconds=OVERLAP_SECONDS + 2)
    before = newest.stream.events.filter(pk__lte=newest.pk).order_by("-id")[:KEEP]
    return [pk for pk, at in before.values_list("pk", "created_at") if at > edge]


def _without_undone(events: list[Event]) -> list[Event]:
    undone = {event.payload["id"] for event in events if event.kind == "undo"}
    spoken = (event for event in events if event.kind in SPOKEN and _says_something(event))
    return [event for event in spoken if event.payload.get("id") not in undone]


def _says_something(event: Event) -> bool:
    """Return whether there is something to show: moderators may have taken its words away."""
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


def supporters(stream: Stream) -> list[Supporter]:
    """Return who supports this stream, by coins; nobody who sent without a name or privately."""
    with connection.cursor() as cursor:
        cursor.execute(SUPPORTERS, [stream.pk, LOOK_BACK])
        return [Supporter(*row) for row in cursor.fetchall()]


def with_figures(streams: Iterable[Stream]) -> list[Stream]:
    """Return the streams with how many watch now, at all processes, and how many support."""
    streams = list(streams)
    recent = timezone.now() - timedelta(seconds=AUDIENCE_SECONDS)
    counted = Audience.objects.filter(stream__in=streams, seen_at__gt=recent).values_list(
        "stream_id"
    )
    viewers = dict(counted.annotate(Sum("viewers")))
    supporting = _count_supporters(streams)
    for stream in streams:
        stream.viewers = viewers.get(stream.pk, 0)
        stream.supporters_now = supporting[stream.pk]
    return streams


def _count_supporters(streams: list[Stream]) -> dict[int, int]:
    """Return how many people sent gifts lately in each of these streams, as of seconds ago."""
    keys = {f"supporters:{stream.pk}": stream.pk for stream in streams}
    known = cache.get_many(keys)
    missing = [pk for key, pk in keys.items() if key not in known]
    if missing:
        with connection.cursor() as cursor:
            cursor.execute(SUPPORTERS_COUNTED, [missing, COUNT_BACK])
            counted = dict(cursor.fetchall())
        fresh = {f"supporters:{pk}": counted[pk] for pk in missing}
        cache.set_many(fresh, FRESH_SECONDS)
        known |= fresh
    return {pk: known[key] for key, pk in keys.items()}
