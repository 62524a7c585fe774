"""A creator's blocked words hold for names, too: the name of a person in a creator's rooms.

The SQL function `live_name_shown` decides: it is called here for chat and for lists, and for gifts
while they are sent. An event keeps the name under which it was published.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection

from live.folding import Reading
from live.models import Block, BlockedWord, Moderator

Listed = TypeVar("Listed", Block, Moderator)


def readings_of(names: Iterable[str]) -> dict[str, Any]:
    """Return the words and beginnings of each name, as `live_name_shown` takes them."""
    return {name: _reading(name) for name in names}


@lru_cache(maxsize=10_000)
def _reading(name: str) -> dict[str, list[str]]:
    reading = Reading(name)
    return {"words": reading.words, "beginnings": reading.beginnings}


def shown_names(*, creator_id: int, people: Mapping[str, str]) -> dict[str, str]:
    """Return the names of people in a creator's rooms, by handle.

    `people` maps each handle to the person's name. A name is empty if neither it nor the handle can
    be shown.
    """
    if not people or not BlockedWord.objects.filter(creator_id=creator_id).exists():
        return dict(people)
    readings = readings_of({*people, *people.values()})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.handle, coalesce(live_name_shown(%s, p.name, p.handle, %s::jsonb), '')"
            " FROM unnest(%s::text[], %s::text[]) AS p(handle, name)",
            [creator_id, json.dumps(readings), list(people), list(people.values())],
        )
        return dict(cursor.fetchall())


def named(rows: Iterable[Listed], *, creator_id: int) -> list[Listed]:
    """Return a creator's blocks or moderators, each with the `name` that the creator sees.

    It is empty for a block by an anonymous gift, and where the creator's words leave no name.
    """
    found = list(rows)
    people = {row.named.handle: row.named.name for row in found if row.named}
    shown = shown_names(creator_id=creator_id, people=people)
    for row in found:
        row.name = shown[row.named.handle] if row.named else ""
    return found
