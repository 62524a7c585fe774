"""The first page of the staff site: six figures, two charts, the queues."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from giftplatform.staff.navigation import link_to
from giftplatform.staff.queues import Queue, all_queues
from gifts.models import SentGift
from ledger.models import Account, LedgerCheck
from live.models import Stream
from payouts.models import Payout
from wallet.models import Purchase

DAYS = 30


@dataclass(frozen=True)
class Figure:
    """One number with its name."""

    label: str
    value: int
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Chart:
    """One line of bars over the last days, and the same as a table."""

    title: str
    total: int
    days: list[tuple[date, int]]

    @property
    def data(self) -> str:
        """The chart as the theme's Chart.js reads it."""
        bars = {
            "data": [count for _day, count in self.days],
            "backgroundColor": "var(--color-primary-500)",
            "borderRadius": 3,
            "maxBarThickness": 14,
        }
        return json.dumps(
            {"labels": [f"{day:%-d %b}" for day, _count in self.days], "datasets": [bars]}
        )


_TICKS = {"font": {"family": "Figtree Variable", "size": 12}}
CHART_OPTIONS = json.dumps(
    {
        "animation": False,
        "maintainAspectRatio": False,
        "plugins": {"legend": {"display": False}},
        "scales": {
            "x": {
                "grid": {"display": False},
                "ticks": _TICKS | {"maxTicksLimit": 6, "maxRotation": 0},
            },
            "y": {
                "beginAtZero": True,
                "suggestedMax": 5,
                "border": {"display": False},
                "ticks": _TICKS | {"precision": 0, "maxTicksLimit": 5},
            },
        },
    }
)


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def figures(request: HttpRequest) -> Iterable[Figure]:
    """Return the six figures of today."""
    today = _midnight()
    sold = Purchase.objects.filter(captured_at__gte=today)
    sent = SentGift.objects.counted().filter(created_at__gte=today)
    fans = Account.objects.filter(unit="COIN", kind__in=["coins", "bonus_coins", "coins_held"])
    held = SentGift.objects.counted().filter(released_at__isnull=True)
    waiting = Payout.objects.waiting()

    def total(rows: QuerySet[Any], field: str) -> int:
        return int(rows.aggregate(sum=Sum(field))["sum"] or 0)

    def orders() -> str:
        return _("%d orders") % sold.count()

    yield Figure(
        _("Live now"),
        Stream.objects.on_air().count(),
        href=link_to(request, "live.Stream", "state__exact=on_air"),
    )
    yield Figure(
        _("Coins sold today"), total(sold, "coins"), orders(), link_to(request, "wallet.Purchase")
    )
    yield Figure(
        _("Gifts today"),
        sent.count(),
        _("%d coins") % total(sent, "coins"),
        link_to(request, "gifts.SentGift"),
    )
    yield Figure(_("Coins outstanding"), total(fans, "balance"), _("in fans' wallets"))
    yield Figure(_("Diamonds on hold"), total(held, "diamonds"), _("not yet released"))
    yield Figure(
        _("Payouts waiting"),
        waiting.count(),
        _("requested, not yet in a bank file"),
        link_to(request, "payouts.Payout"),
    )


def charts() -> Iterable[Chart]:
    """Return gifts and purchases per day."""
    since = _midnight() - timedelta(days=DAYS - 1)
    gifts = SentGift.objects.counted().filter(created_at__gte=since)
    yield _chart(_("Gifts per day"), gifts, "created_at", since.date())
    purchases = Purchase.objects.filter(captured_at__gte=since)
    yield _chart(_("Purchases per day"), purchases, "captured_at", since.date())


def _chart(title: str, rows: QuerySet[Any], field: str, since: date) -> Chart:
    counted = rows.annotate(day=TruncDate(field)).values("day").annotate(count=Count("pk"))
    per_day = {row["day"]: row["count"] for row in counted}
    days = [
        (since + timedelta(days=n), per_day.get(since + timedelta(days=n), 0)) for n in range(DAYS)
    ]
    return Chart(title, sum(count for _day, count in days), days)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Return the page's context with what staff look at first."""

    def with_link(queue: Queue) -> dict[str, Any]:
        href = link_to(request, queue.model, queue.query) if queue.model else ""
        return {"queue": queue, "href": href}

    return context | {
        "figures": list(figures(request)),
        "charts": list(charts()),
        "chart_options": CHART_OPTIONS,
        "queues": [with_link(queue) for queue in all_queues()],
        "newest_check": LedgerCheck.objects.first(),
    }
