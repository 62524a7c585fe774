"""The names of senders in a creator's rooms and lists: beside their gifts, and added up."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf

from gifts.models import SentGift
from live.chat.shown_names import shown_names

# The name of a gift's sender, in a query.
SENDER = Coalesce(NullIf("fan__display_name", Value("")), "fan__handle")


def sender_names(gifts: Iterable[SentGift], *, creator_id: int) -> dict[int, str]:
    """Return the sender's name of each gift that a creator got, by its id.

    A name is empty for an anonymous gift, and where the creator's blocked words leave none.
    """
    named = {gift.pk: gift.named for gift in gifts}
    people = {fan.handle: fan.name for fan in named.values() if fan}
    shown = shown_names(creator_id=creator_id, people=people)
    return {key: shown[fan.handle] if fan else "" for key, fan in named.items()}


def listed(rows: Iterable[Mapping[str, Any]], *, creator_id: int) -> list[dict[str, Any]]:
    """Return rows of a creator's supporters, each with a `handle` and the `name` shown there.

    Those whom the creator's blocked words leave no name are left out.
    """
    found = list(rows)
    people = {row["handle"]: row["name"] for row in found}
    shown = shown_names(creator_id=creator_id, people=people)
    return [{**row, "name": shown[row["handle"]]} for row in found if shown[row["handle"]]]


def name_in_room(gift: SentGift) -> str | None:
    """Return the sender's name as the gift's room may say it; none where there is none.

    What a guest got is said by the words of both: of the room's creator and of theirs.
    """
    rooms = {gift.stream.creator_id, gift.creator_id}
    found = [sender_names([gift], creator_id=room)[gift.pk] for room in sorted(rooms)]
    if not all(found):
        return None
    return next((name for name in found if name == gift.fan.handle), found[0])


def receiver_name(gift: SentGift) -> str:
    """Return who got a gift, as its room may say it: a guest by the words of its creator."""
    person = gift.creator
    if not gift.to_guest:
        return person.name
    people = {person.handle: person.name}
    return shown_names(creator_id=gift.stream.creator_id, people=people)[person.handle]
