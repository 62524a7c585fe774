"""The first page of the staff site: what money did and what is owed, two charts, the queues."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.figures import figure
from giftplatform.staff.navigation import link_to
from giftplatform.staff.queues import Queue, all_queues
from giftplatform.staff.worth import Worth, in_coins, in_diamonds
from gifts.models import SentGift
from ledger.chart import COIN, DIAMOND
from ledger.models import Account, LedgerCheck
from live.models import Stream
from payouts.models import Payout
from wallet.models import Purchase, VelocityHit

DAYS = 30


@dataclass(frozen=True)
class Figure:
    """One number or sum of money with its name, and the list behind it."""

    label: str
    value: object
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


def figures(request: HttpRequest) -> list[Figure]:
    """Return the figures whose rows this person may look at; nothing is read for the others."""
    worth = Worth()
    return [
        *_of_streams(request),
        *_of_purchases(request, worth),
        *_of_gifts(request),
        *_of_holdings(request, worth),
        *_of_payouts(request, worth),
        *_of_holds(request, worth),
    ]


def _of_streams(request: HttpRequest) -> Iterable[Figure]:
    if href := link_to(request, "live.Stream", "state__exact=on_air"):
        yield Figure(_("Live now"), figure(Stream.objects.on_air().count()), href)


def _of_purchases(request: HttpRequest, worth: Worth) -> Iterable[Figure]:
    href = link_to(request, "wallet.Purchase", "state__exact=paid")
    if not href:
        return
    today = _midnight()
    paid = Purchase.objects.filter(captured_at__gte=today - timedelta(days=DAYS - 1))
    rows: list[Any] = list(
        paid.order_by().values("currency").annotate(**_sums(), **_sums(since=today))
    )
    for label, ending in ((_("Sold today"), "_since"), (_("Sold in 30 days"), "")):
        orders = sum(row["orders" + ending] or 0 for row in rows)
        coins = sum(row["bought" + ending] or 0 for row in rows)
        sold = worth.total((row["paid" + ending] or 0, row["currency"]) for row in rows)
        counted = ngettext("%(orders)s order", "%(orders)s orders", orders)
        note = f"{counted}, %(coins)s" % {"orders": figure(orders), "coins": in_coins(coins)}
        yield Figure(label, sold, href, note)


def _sums(since: datetime | None = None) -> dict[str, Any]:
    """Return what is added up of orders, and of those since a moment under other names."""
    ending, only = ("_since", Q(captured_at__gte=since)) if since else ("", None)
    return {
        f"orders{ending}": Count("pk", filter=only),
        f"bought{ending}": Sum("coins", filter=only),
        f"paid{ending}": Sum("total_minor", filter=only),
    }


def _of_gifts(request: HttpRequest) -> Iterable[Figure]:
    if href := link_to(request, "gifts.SentGift"):
        sent = SentGift.objects.counted().filter(created_at__gte=_midnight())
        found = sent.aggregate(count=Count("pk"), coins=Sum("coins"))
        yield Figure(_("Gifts today"), figure(found["count"]), href, in_coins(found["coins"] or 0))


def _of_holdings(request: HttpRequest, worth: Worth) -> Iterable[Figure]:
    """Return what the site owes: coins that are not spent, diamonds that are not paid out."""
    ledger = link_to(request, "ledger.Account", "whose=people")
    if ledger:
        kinds = ["coins", "bonus_coins", "coins_held"]
        coins = Account.objects.filter(unit=COIN, kind__in=kinds).aggregate(sum=Sum("balance"))
        found = int(coins["sum"] or 0)
        note = _("%(coins)s in fans' wallets") % {"coins": in_coins(found)}
        yield Figure(_("Coins outstanding"), worth.of_coins(found), ledger, note)
    if href := link_to(request, "gifts.SentGift", "state=held"):
        held = SentGift.objects.counted().filter(released_at__isnull=True)
        diamonds = int(held.aggregate(sum=Sum("diamonds"))["sum"] or 0)
        yield Figure(
            _("Diamonds on hold"), worth.of_diamonds(diamonds), href, in_diamonds(diamonds)
        )
    if ledger:
        free = Account.objects.filter(unit=DIAMOND, kind="diamonds").aggregate(sum=Sum("balance"))
        diamonds = int(free["sum"] or 0)
        yield Figure(
            _("Diamonds available"), worth.of_diamonds(diamonds), ledger, in_diamonds(diamonds)
        )


def _of_payouts(request: HttpRequest, worth: Worth) -> Iterable[Figure]:
    href = link_to(request, "payouts.Payout", "state__in=requested,ready,batched,sent")
    if not href:
        return
    moving = Payout.objects.under_way().order_by().values("currency")
    rows = list(moving.annotate(payouts=Count("pk"), minor=Sum("amount_minor")))
    count = sum(row["payouts"] for row in rows)
    total = worth.total((row["minor"], row["currency"]) for row in rows)
    note = ngettext("%(count)s payout", "%(count)s payouts", count) % {"count": figure(count)}
    yield Figure(_("Payouts under way"), total, href, note)


def _of_holds(request: HttpRequest, worth: Worth) -> Iterable[Figure]:
    """Return the money of orders that a rule against fraud holds, once there are any."""
    href = link_to(request, "wallet.VelocityHit", "state=held")
    held = Purchase.objects.filter(
        state=Purchase.State.REVIEW, velocity_hits__in=VelocityHit.objects.holding()
    )
    if not href or not (rows := list(held.distinct().values_list("total_minor", "currency", "pk"))):
        return
    total = worth.total((minor, currency) for minor, currency, _pk in rows)
    note = ngettext("%(n)s order", "%(n)s orders", len(rows)) % {"n": figure(len(rows))}
    yield Figure(_("Orders held by fraud checks"), total, href, note)


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
