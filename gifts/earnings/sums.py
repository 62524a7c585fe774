"""A creator's earnings: by state, by day, by supporter. Reads only.

Days and months are read from an index. No page waits while a whole history is added up: see
`gifts.earnings.totals`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

import ledger
from accounts.models import Creator, User
from accounts.naming import Place
from foundation.money import FINE, Money, minor, money, sub_unit, whole_units
from gifts.earnings.release import LEFT, on_hold
from gifts.models import SentGift, SentGiftQuerySet
from gifts.naming import SENDER, listed
from ledger.chart import DIAMOND
from live.models import Stream
from wallet.prices.diamonds import CreatorsMoney, Quote, Rate, available_diamonds

SHOWN_RELEASES = 8  # days of the calendar on the studio's first page


@dataclass(frozen=True)
class Sums:
    """The totals of a group of gifts."""

    gifts: int
    coins: int
    diamonds: int
    earned: Money  # each gift at the rate of its moment

    @property
    def earned_fine(self) -> int:
        """The same in hundredths of a minor unit, for scripts."""
        return int(self.earned.amount * sub_unit(self.earned.currency.code) * FINE)


@dataclass(frozen=True)
class Day:
    """One day's gifts, and what they earned in whole minor units.

    The days of one list add up: a cent that rounding left over went to the day that was nearest.
    """

    day: date
    sums: Sums
    shown: Money

    @property
    def shown_minor(self) -> int:
        """The same in minor units, for the chart."""
        return minor(self.shown.amount, self.shown.currency.code)


@dataclass(frozen=True)
class Waiting:
    """Diamonds that become available on a day."""

    day: date
    diamonds: int
    worth: Money  # all of a calendar add up to what is on hold


@dataclass(frozen=True)
class Summary:
    """The studio's first page: available, on hold, and the last 30 days."""

    available: Quote
    held: Quote
    rate: Rate
    example: Money
    # Why gifts are on hold for longer; None for a creator who is not flagged.
    hold_reason: str | None
    calendar: list[Waiting]
    days: list[Day]

    @property
    def next_release(self) -> Waiting | None:
        """The diamonds that become available first."""
        return self.calendar[0] if self.calendar else None

    @property
    def later_releases(self) -> Money:
        """The worth of the releases that the studio's first page leaves out."""
        nothing = money(0, self.held.currency)
        return sum((waiting.worth for waiting in self.calendar[SHOWN_RELEASES:]), nothing)

    @property
    def today(self) -> Day:
        """Today's gifts."""
        return self.days[-1]

    @property
    def month(self) -> Sums:
        """The gifts of all these days."""
        sums = [day.sums for day in self.days]
        return Sums(
            sum(day.gifts for day in sums),
            sum(day.coins for day in sums),
            sum(day.diamonds for day in sums),
            sum((day.earned for day in sums[1:]), sums[0].earned),
        )

    @property
    def month_shown(self) -> Money:
        """What they earned, as the sum of what the days show."""
        return sum((day.shown for day in self.days[1:]), self.days[0].shown)


def sums_of(gifts: SentGiftQuerySet, reader: CreatorsMoney, since: datetime) -> Sums:
    """Return the totals of these gifts, sent since a moment; undone ones count for nothing."""
    row = gifts.counted().aggregate(**_sums(reader, since))
    return _sums_from(row, reader)


def _sums(reader: CreatorsMoney, since: datetime) -> dict[str, Any]:
    return {
        "sent": Count("pk"),
        "all_coins": Sum("coins"),
        "all_diamonds": Sum(LEFT),
        "earned": Sum(reader.earned_by_row(LEFT, "gifts_sentgift.created_at", since)),
    }


def _sums_from(row: Mapping[str, Any], reader: CreatorsMoney) -> Sums:
    earned = reader.money(int(row["earned"] or 0))
    return Sums(row["sent"], row["all_coins"] or 0, row["all_diamonds"] or 0, earned)


def midnight(days_ago: int = 0) -> datetime:
    """Return the beginning of a day, in UTC like the whole statement."""
    start = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return start - timedelta(days=days_ago)


def summary(creator: User) -> Summary:
    """Return a creator's diamonds, available and on hold, and the gifts of 30 days."""
    reader = CreatorsMoney(creator)
    return Summary(
        available=reader.worth(available_diamonds(creator)),
        held=reader.worth(ledger.balance("diamonds_held", DIAMOND, creator.pk)),
        rate=reader.rate,
        example=reader.example,
        hold_reason=hold_reason(creator),
        calendar=calendar(creator, reader),
        days=daily(creator, reader),
    )


def hold_reason(creator: User) -> str | None:
    """Return why a flagged creator's gifts are on hold for longer; None for all others."""
    flagged = Creator.objects.filter(user=creator, trust=Creator.Trust.FLAGGED)
    return flagged.values_list("trust_reason", flat=True).first()


def calendar(creator: User, reader: CreatorsMoney) -> list[Waiting]:
    """Return the diamonds on hold by day of release, soonest first."""
    rows: list[dict[str, Any]] = on_hold(creator)
    worths = whole_units([reader.worth(row["diamonds"]).exact_minor for row in rows])
    return [
        Waiting(row["day"], row["diamonds"], money(minor, reader.currency))
        for row, minor in zip(rows, worths, strict=True)
    ]


def daily(creator: User, reader: CreatorsMoney, days: int = 30) -> list[Day]:
    """Return each of the last days, oldest first; a day without gifts is there with zeros."""
    first = midnight(days - 1)
    rows = (
        SentGift.objects.counted()
        .filter(creator=creator, created_at__gte=first)
        .annotate(day=TruncDate("created_at", tzinfo=UTC))
        .values("day")
        .annotate(**_sums(reader, first))
    )
    found = {row["day"]: _sums_from(row, reader) for row in rows}
    nothing = Sums(0, 0, 0, reader.money(0))
    dates = [first.date() + timedelta(days=step) for step in range(days)]
    sums = [found.get(day, nothing) for day in dates]
    shown = whole_units([each.earned.amount * sub_unit(reader.currency) for each in sums])
    return [
        Day(day, each, money(minor, reader.currency))
        for day, each, minor in zip(dates, sums, shown, strict=True)
    ]


def supporters(creator: User, most: int = 6) -> list[Any]:
    """Return the latest supporters who may be on a list, with their coins of 30 days."""
    rows = (
        SentGift.objects.counted()
        .nameable(Place.LIST)
        .filter(creator=creator, created_at__gte=midnight(29))
        .values(handle=F("fan__handle"))
        .annotate(name=SENDER, all_coins=Sum("coins"), gifts=Count("pk"), last=Max("created_at"))
        .order_by("-last")
    )
    return listed(rows[:most], creator_id=creator.pk)


def of_stream(stream: Stream, reader: CreatorsMoney) -> Sums:
    """Return the totals of a stream so far: what its creator got."""
    since = stream.started_at or timezone.now()
    return sums_of(SentGift.objects.filter(stream=stream, creator=stream.creator_id), reader, since)
