"""The supporters of a stream by name, added up from its gifts."""

from typing import NamedTuple

from django.db.models import F, Max, Sum

from accounts.naming import Place
from gifts.models import SentGift
from gifts.naming import SENDER, listed
from live.models import Stream

MOST = 1_000  # a page with more of them would be too long to read


class Supporter(NamedTuple):
    """A person who sent gifts under their name, and the coins of these."""

    handle: str
    name: str
    coins: int


def of_stream(stream: Stream, most: int = MOST) -> list[Supporter]:
    """Return the people on this stream's list of supporters, by the coins of all their gifts."""
    rows = (
        SentGift.objects.counted()
        .nameable(Place.LIST)
        .filter(stream=stream)
        .values(handle=F("fan__handle"))
        .annotate(
            name=SENDER,
            sum=Sum("coins"),
            last=Max("pk"),
        )
        .order_by("-sum", "-last")
    )
    found = listed(rows[:most], creator_id=stream.creator_id)
    return [Supporter(row["handle"], row["name"], row["sum"]) for row in found]
