"""The event stream's one thread and one connection to the database."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.utils import DatabaseError, InterfaceError

from live.feed.log import OVERLAP_SECONDS, Row

log = logging.getLogger(__name__)
T = TypeVar("T")

LOAD = 4_096  # events that a new log begins with; more than a window of eight seconds holds
PAGE = 1_000
# What the whole site can draw within the overlap; bounds the search for late commits.
OVERLAP_IDS = 50_000

# Live is what has no moment of its own: the rest stands in a replay.
_NEWEST = """
SELECT e.id, e.stream_id, e.kind, e.payload::text, extract(epoch FROM e.created_at)::float8
FROM live_event e WHERE e.stream_id = %s AND e.moment IS NULL ORDER BY e.id DESC LIMIT %s
"""

_AFTER = """
SELECT e.id, e.stream_id, e.kind, e.payload::text, extract(epoch FROM e.created_at)::float8
FROM live_event e WHERE e.stream_id = %s AND e.id > %s AND e.moment IS NULL ORDER BY e.id LIMIT %s
"""

_JUST_BEFORE = """
SELECT e.id, e.stream_id, e.kind, e.payload::text, extract(epoch FROM e.created_at)::float8
FROM live_event e
WHERE e.stream_id = %(stream)s AND e.id <= %(after)s AND e.id > %(after)s - %(ids)s
  AND e.moment IS NULL
  AND e.created_at > (
    SELECT b.created_at FROM live_event b WHERE b.stream_id = %(stream)s AND b.id <= %(after)s
    ORDER BY b.id DESC LIMIT 1) - make_interval(secs => %(seconds)s)
ORDER BY e.id
"""

_UNKNOWN = """
SELECT e.id, e.stream_id, e.kind, e.payload::text, extract(epoch FROM e.created_at)::float8
FROM unnest(%s::bigint[], %s::bigint[]) AS s(id, floor)
JOIN live_event e ON e.stream_id = s.id AND e.id > s.floor AND e.id <> ALL(%s::bigint[])
  AND e.moment IS NULL
ORDER BY e.id
"""

_COUNT_IN = """
INSERT INTO live_audience (stream_id, process, viewers, seen_at)
SELECT s.id, %(process)s, s.viewers, now()
FROM unnest(%(streams)s::bigint[], %(viewers)s::int[]) AS s(id, viewers)
ON CONFLICT (stream_id, process)
DO UPDATE SET viewers = excluded.viewers, seen_at = excluded.seen_at
"""

_COUNT_OUT = "DELETE FROM live_audience WHERE seen_at < now() - interval '10 minutes'"

_ELSEWHERE = """
SELECT stream_id, sum(viewers)::int FROM live_audience
WHERE stream_id = ANY(%s) AND process <> %s AND seen_at > now() - interval '12 seconds'
GROUP BY stream_id
"""


class Polled(NamedTuple):
    """The events that one poll of the table found."""

    newest_id: int
    rows: list[Row]


class Table:
    """Answers the event stream's questions, one after the other, outside the event loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live-table")

    def close(self, process: str) -> None:
        """Take back this process's counts, then let go of the thread and its connection."""
        self._thread.submit(_leave, process)
        self._thread.shutdown(wait=False)

    async def newest(self, stream_id: int) -> list[Row]:
        """Return a stream's newest events, oldest first."""
        return (await self._ask(lambda: _rows(_NEWEST, [stream_id, LOAD])))[::-1]

    async def is_for_adults(self, stream_id: int) -> bool:
        """Return whether a stream is for adults only."""
        query = "SELECT adults_only FROM live_stream WHERE id = %s"
        return bool(await self._ask(lambda: _rows_raw(query, [stream_id])[0][0]))

    async def just_before(self, stream_id: int, after: int) -> list[Row]:
        """Return the events up to `after` that may have been committed later than it."""
        facts = {
            "stream": stream_id,
            "after": after,
            "ids": OVERLAP_IDS,
            "seconds": OVERLAP_SECONDS,
        }
        return await self._ask(lambda: _rows(_JUST_BEFORE, facts))

    async def after(self, stream_id: int, after: int) -> list[Row]:
        """Return one page of a stream's events after an id."""
        return await self._ask(lambda: _rows(_AFTER, [stream_id, after, PAGE]))

    async def poll(self, floors: dict[int, int], known: list[int]) -> Polled:
        """Return the unknown events above each stream's floor, and the newest id of all streams."""

        def query() -> Polled:
            newest = _rows_raw("SELECT coalesce(max(id), 0) FROM live_event", [])[0][0]
            return Polled(newest, _rows(_UNKNOWN, [list(floors), list(floors.values()), known]))

        return await self._ask(query)

    async def count(self, process: str, viewers: dict[int, int]) -> dict[int, int]:
        """Write down how many listen here; return how many listen elsewhere, by stream."""

        def query() -> dict[int, int]:
            with connection.cursor() as cursor:
                cursor.execute(
                    _COUNT_IN,
                    {
                        "process": process,
                        "streams": list(viewers),
                        "viewers": list(viewers.values()),
                    },
                )
                cursor.execute(_COUNT_OUT)
            return dict(_rows_raw(_ELSEWHERE, [list(viewers), process]))

        return await self._ask(query)

    async def _ask(self, query: Callable[[], T]) -> T:
        def guarded() -> T:
            try:
                return query()
            except (DatabaseError, InterfaceError):
                connection.close()  # the next question opens a new one
                raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, guarded)


def _leave(process: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM live_audience WHERE process = %s", [process])
    finally:
        connection.close()


def _rows_raw(sql: str, params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[Any] = cursor.fetchall()
        return found


def _rows(sql: str, params: Any) -> list[Row]:
    return [Row(*row) for row in _rows_raw(sql, params)]
