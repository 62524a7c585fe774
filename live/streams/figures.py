"""The figures of a stream: viewers, the number of supporters, and the supporters by name."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.core.cache import cache
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from live.models import Audience, Stream

# Of a stream's newest events, chat included: so many are read for its supporters by name, and fewer
# for their number, which is asked for all streams that are on air.
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
    """A person who sent gifts under their name, and the coins of these."""

    handle: str
    name: str
    coins: int


def supporters(stream: Stream) -> list[Supporter]:
    """Return this stream's supporters by coins, without anonymous and private gifts."""
    with connection.cursor() as cursor:
        cursor.execute(SUPPORTERS, [stream.pk, LOOK_BACK])
        return [Supporter(*row) for row in cursor.fetchall()]


def with_figures(streams: Iterable[Stream]) -> list[Stream]:
    """Return the streams with the number of viewers, at all processes, and of supporters."""
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
