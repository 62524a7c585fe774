"""The figures of a stream: viewers, and the number of people who supported it lately."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db import connection

from live.models import Audience, Stream

# So many of a stream's newest events, chat included, are read for the number of its supporters: it
# is asked for all streams that are on air.
COUNT_BACK = 1_000
FRESH_SECONDS = 10
SUPPORTERS_COUNTED = """
SELECT s.id, count(DISTINCT coalesce(e.payload->>'handle', e.payload->>'id'))
    FILTER (WHERE e.kind = 'gift')
FROM unnest(%s) s(id) LEFT JOIN LATERAL (
    SELECT kind, payload FROM live_event WHERE stream_id = s.id ORDER BY id DESC LIMIT %s
) e ON true
GROUP BY s.id
"""


def with_figures(streams: Iterable[Stream]) -> list[Stream]:
    """Return the streams with the number of viewers, at all processes, and of supporters."""
    streams = list(streams)
    viewers = Audience.objects.filter(stream__in=streams).by_stream()
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
