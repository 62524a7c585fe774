"""Gifts that came on replays: how many, and how many still wait for a thanks."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from gifts.models import SentGift

PRESSED = Coalesce("combo", "public_id")  # a combo is thanked for once


class OnReplay(NamedTuple):
    """What came on the replay of one stream."""

    gifts: int
    coins: int
    waiting: int  # to be thanked for


def on_replays(streams: Iterable[int]) -> dict[int, OnReplay]:
    """Return what came on the replays of these streams, by their ids; nothing for the others."""
    came = SentGift.objects.counted().on_replays().filter(stream__in=list(streams))
    rows = (
        came.order_by()
        .values("stream")
        .annotate(
            gifts=Sum("quantity"),
            sum=Sum("coins"),
            lines=Count(PRESSED, distinct=True),
            thanked=Count(PRESSED, distinct=True, filter=Q(thanked_at__isnull=False)),
        )
    )
    return {
        row["stream"]: OnReplay(row["gifts"], row["sum"], row["lines"] - row["thanked"])
        for row in rows
    }
