"""What a rule would have found in the last 30 days, before it is switched on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from wallet.models import Purchase, VelocityRule
from wallet.velocity.counting import Tally, count, subject_of

DAYS = 30
MOST = 1_000  # orders or creators that are asked about, the newest
SHOWN = 5


class CountsCreators(Protocol):
    """A module of an app above that counts creators' income."""

    def tally(self, rule: VelocityRule, creator: User, at: datetime) -> Tally:
        """Return what a rule finds about a creator."""

    def with_income(self, days: int | None = None) -> list[User]:
        """Return the creators with income."""


@dataclass
class DryRun:
    """Of how many orders or creators a rule would have found how many; the newest few of them."""

    asked: int = 0
    left_out: int = 0
    hit: int = 0
    examples: list[tuple[Any, int]] = field(default_factory=list)

    def note(self, row: Any, tally: Tally, rule: VelocityRule) -> None:
        """Count one that was asked about."""
        self.asked += 1
        if tally.counted > rule.threshold:
            self.hit += 1
            if len(self.examples) < SHOWN:
                self.examples.append((row, tally.counted))


def dry_run(rule: VelocityRule) -> DryRun:
    """Return what a rule, which needs no row yet, would have found. Writes nothing.

    Orders are counted as of their own moment, from what is still kept; creators as of now.
    """
    run = DryRun()
    rows = _creators(rule, run) if rule.of_creators else _orders(rule, run)
    for row, tally in rows:
        run.note(row, tally, rule)
    return run


def _orders(rule: VelocityRule, run: DryRun) -> Iterator[tuple[Purchase, Tally]]:
    since = timezone.now() - timedelta(days=DAYS)
    orders = Purchase.objects.filter(created_at__gte=since)
    if rule.action != VelocityRule.Action.BLOCK:
        orders = orders.filter(captured_at__isnull=False) | orders.filter(
            state=Purchase.State.REVIEW
        )
    if rule.region_id:
        orders = orders.filter(region=rule.region_id)
    run.left_out = max(0, orders.count() - MOST)
    newest = orders.select_related("user", "trace")
    for order in newest.order_by("-created_at")[:MOST]:
        [found] = count(rule, [subject_of(order, at=_moment(order))])
        yield order, found


def _moment(order: Purchase) -> datetime:
    """Return when the rules would have been asked about an order."""
    trace = getattr(order, "trace", None)
    return (trace and trace.paid_at) or order.captured_at or order.created_at


def _creators(rule: VelocityRule, run: DryRun) -> Iterator[tuple[User, Tally]]:
    for name in settings.VELOCITY_OF_CREATORS:
        counts = cast(CountsCreators, import_module(name))
        found = counts.with_income(days=DAYS)
        if rule.region_id:
            found = [
                each for each in found if each.country and each.country.region_id == rule.region_id
            ]
        run.left_out += max(0, len(found) - MOST)
        for creator in found[:MOST]:
            yield creator, counts.tally(rule, creator, timezone.now())
