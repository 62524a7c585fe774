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
    """One number with its name, and the list behind it."""

    label: str
    value: int
    href: str
    note: str = ""


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
    """Return the figures of today whose rows this person may look at."""
    return [figure for figure in _all_figures(request) if figure.href]


def _all_figures(request: HttpRequest) -> Iterable[Figure]:
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
        _("Coins sold today"), total(sold, "coins"), link_to(request, "wallet.Purchase"), orders()
    )
    yield Figure(
        _("Gifts today"),
        sent.count(),
        link_to(request, "gifts.SentGift"),
        _("%d coins") % total(sent, "coins"),
    )
    yield Figure(
        _("Coins outstanding"),
        total(fans, "balance"),
        link_to(request, "ledger.Account"),
        _("in fans' wallets"),
    )
    yield Figure(
        _("Diamonds on hold"),
        total(held, "diamonds"),
        link_to(request, "gifts.SentGift"),
        _("not yet released"),
    )
    yield Figure(
        _("Payouts waiting"),
        waiting.count(),
        link_to(request, "payouts.Payout"),
        _("requested, not yet in a bank file"),
    )


def charts(request: HttpRequest) -> Iterable[Chart]:
    """Return gifts and purchases per day, to those who may look at them."""
    since = _midnight() - timedelta(days=DAYS - 1)
    if link_to(request, "gifts.SentGift"):
        gifts = SentGift.objects.counted().filter(created_at__gte=since)
        yield _chart(_("Gifts per day"), gifts, "created_at", since.date())
    if link_to(request, "wallet.Purchase"):
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

    audits = link_to(request, "ledger.LedgerCheck")

    def with_link(queue: Queue) -> dict[str, Any]:
        href = link_to(request, queue.model, queue.query) if queue.model else ""
        return {"queue": queue, "href": href}

    queues = [with_link(queue) for queue in all_queues()]
    return context | {
        "figures": figures(request),
        "charts": list(charts(request)),
        "chart_options": CHART_OPTIONS,
        # A queue without a list is about the database: it is for those who read the audits.
        "queues": [q for q in queues if q["href"] or (audits and not q["queue"].model)],
        "newest_check": LedgerCheck.objects.first() if audits else None,
    }
