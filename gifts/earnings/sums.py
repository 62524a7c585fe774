"""A creator's earnings: by state, by day, by supporter. Reads only.

Days and months are read from an index. No page waits while a whole history is added up: see
`gifts.earnings.totals`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, F, Max, Sum
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone
from djmoney.money import Money

import ledger
from accounts.models import User
from accounts.naming import Place
from foundation.money import MICRO
from gifts.earnings.release import on_hold
from gifts.models import SentGift, SentGiftQuerySet
from ledger.chart import DIAMOND
from live.models import Stream
from wallet.models import RateCard

# What a gift pays: its diamonds at the rate card it was sent under, in millionths of a US dollar.
# As bigint: where a coin is worth ten cents, the largest gift leaves the room of an int.
MICRO_USD = Cast("diamonds", BigIntegerField()) * F("rate_card__diamond_payout_micro_usd")
SUMS = {
    "sent": Count("pk"),
    "all_coins": Sum("coins"),
    "all_diamonds": Sum("diamonds"),
    "micro": Sum(MICRO_USD),
}


@dataclass(frozen=True)
class Sums:
    """The totals of a group of gifts."""

    gifts: int
    coins: int
    diamonds: int
    usd: Money


@dataclass(frozen=True)
class Day:
    """One day's gifts."""

    day: date
    sums: Sums


@dataclass(frozen=True)
class Waiting:
    """Diamonds that become available on a day."""

    day: date
    diamonds: int
    usd: Money


@dataclass(frozen=True)
class Summary:
    """The studio's first page: available, on hold, and the last 30 days."""

    available: int
    available_usd: Money
    held: int
    held_usd: Money
    calendar: list[Waiting]
    days: list[Day]

    @property
    def next_release(self) -> Waiting | None:
        """The diamonds that become available first."""
        return self.calendar[0] if self.calendar else None

    @property
    def today(self) -> Sums:
        """Today's gifts."""
        return self.days[-1].sums

    @property
    def month(self) -> Sums:
        """The gifts of all these days."""
        sums = [day.sums for day in self.days]
        return Sums(
            sum(day.gifts for day in sums),
            sum(day.coins for day in sums),
            sum(day.diamonds for day in sums),
            sum((day.usd for day in sums), usd(0)),
        )


def usd(micro: int | None) -> Money:
    """Return millionths of a dollar as dollars, exactly."""
    return Money(Decimal(micro or 0) / MICRO, "USD")


def payout_of(diamonds: int, card: RateCard | None = None) -> Money:
    """Return what diamonds pay at a rate card; at the one in force unless another is given."""
    card = card or RateCard.objects.current()
    return usd(diamonds * card.diamond_payout_micro_usd)


def sums_of(gifts: SentGiftQuerySet) -> Sums:
    """Return the totals of these gifts; undone ones count for nothing."""
    row = gifts.counted().aggregate(**SUMS)
    return sums_from(row)


def sums_from(row: Mapping[str, Any]) -> Sums:
    """Return an aggregated row as sums."""
    return Sums(row["sent"], row["all_coins"] or 0, row["all_diamonds"] or 0, usd(row["micro"]))


def midnight(days_ago: int = 0) -> datetime:
    """Return the beginning of a day, in UTC like the whole statement."""
    start = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return start - timedelta(days=days_ago)


def summary(creator: User) -> Summary:
    """Return a creator's diamonds, available and on hold, and the gifts of 30 days."""
    kinds = [("diamonds", DIAMOND, creator.pk), ("diamonds_held", DIAMOND, creator.pk)]
    available, held = ledger.balances(kinds).values()
    return Summary(
        available=available,
        available_usd=payout_of(available),
        held=held,
        held_usd=payout_of(held),
        calendar=calendar(creator),
        days=daily(creator),
    )


def calendar(creator: User) -> list[Waiting]:
    """Return the diamonds on hold by day of release, soonest first."""
    card = RateCard.objects.current()
    rows: list[dict[str, Any]] = on_hold(creator)
    return [Waiting(row["day"], row["diamonds"], payout_of(row["diamonds"], card)) for row in rows]


def daily(creator: User, days: int = 30) -> list[Day]:
    """Return each of the last days, oldest first; a day without gifts is there with zeros."""
    first = midnight(days - 1)
    rows = (
        SentGift.objects.counted()
        .filter(creator=creator, created_at__gte=first)
        .annotate(day=TruncDate("created_at", tzinfo=UTC))
        .values("day")
        .annotate(**SUMS)
    )
    found = {row["day"]: sums_from(row) for row in rows}
    nothing = Sums(0, 0, 0, usd(0))
    dates = [first.date() + timedelta(days=step) for step in range(days)]
    return [Day(day, found.get(day, nothing)) for day in dates]


def supporters(creator: User, most: int = 6) -> list[Any]:
    """Return the latest supporters who may be on a list, with their coins of 30 days."""
    return list(
        SentGift.objects.counted()
        .nameable(Place.LIST)
        .filter(creator=creator, created_at__gte=midnight(29))
        .values("fan__handle", "fan__display_name")
        .annotate(all_coins=Sum("coins"), gifts=Count("pk"), last=Max("created_at"))
        .order_by("-last")[:most]
    )


def of_stream(stream: Stream) -> Sums:
    """Return the totals of a stream so far."""
    return sums_of(SentGift.objects.filter(stream=stream))


def micro_usd_per_coin() -> int:
    """Return what a coin that is sent now pays its creator, in millionths of a dollar."""
    card = RateCard.objects.current()
    return card.diamonds_per_coin * card.diamond_payout_micro_usd
