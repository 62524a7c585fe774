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
