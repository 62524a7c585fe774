"""The usage of a fan's spending limits, as the wallet's three sliders show it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import SpendingLimit, User
from foundation.figures import figure
from wallet.limits.spending import bought, site_bounds
from wallet.limits.standing import Span

# Where a slider can stand, in coins; its last place is no limit at all.
STEPS = (0, 100, 300, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)


def words(coins: int | None) -> str:
    """Return a limit as people read it."""
    if coins is None:
        return gettext("no limit set")
    return gettext("%(coins)s coins") % {"coins": figure(coins)}


@dataclass(frozen=True)
class LimitUsage:
    """One spending limit: what is used, what is allowed, what comes."""

    span: Span
    name: StrOrPromise
    coins: int | None
    used: int
    most: int
    next_coins: int | None
    next_at: datetime | None

    @property
    def steps(self) -> list[int | None]:
        """The slider's places: up to what the site allows, then none."""
        return [*(step for step in STEPS if step < self.most), None]

    @property
    def last_step(self) -> int:
        """The slider's last place."""
        return len(self.steps) - 1

    @property
    def step(self) -> int:
        """The slider's place now."""
        return self._place(self.coins) if self.coins is not None else self.last_step

    @property
    def used_position(self) -> int:
        """The usage in percent of the slider's length."""
        at = self._place(self.used)
        low, high = self.steps[at] or 0, self.steps[min(at + 1, self.last_step)] or self.most
        part = (self.used - low) * 100 // (high - low) if high > low else 0
        return min(100, (at * 100 + part) // max(1, self.last_step))

    @property
    def words(self) -> str:
        """The limit as people read it."""
        return words(self.coins)

    @property
    def places(self) -> list[str]:
        """The slider's places in words."""
        return [words(step) for step in self.steps]

    @property
    def all_words(self) -> str:
        """The same in one line, for the script."""
        return "|".join(self.places)

    def _place(self, coins: int) -> int:
        return max(i for i, step in enumerate(self.steps) if step is not None and step <= coins)


NAMES = {Span.DAY: _("A day"), Span.WEEK: _("A week"), Span.MONTH: _("A month")}


def limit_usage(user: User) -> list[LimitUsage]:
    """Return the fan's three limits with what was bought in each span."""
    own = {limit.span: limit for limit in user.spending_limits.filter(creator=None)}
    site = {Span.DAY: 0, Span.WEEK: 0, Span.MONTH: 0}
    for bound in site_bounds(user):
        site[bound.span] = min(site[bound.span] or bound.most, bound.most)
    sums = bought(user)
    return [
        _usage(span, own.get(span), used=sums[span], most=site[span])
        for span in (Span.DAY, Span.WEEK, Span.MONTH)
    ]


def _usage(span: Span, own: SpendingLimit | None, *, used: int, most: int) -> LimitUsage:
    waiting = bool(own and own.next_at and own.next_at > timezone.now())
    return LimitUsage(
        span=span,
        name=NAMES[span],
        coins=own.in_force if own else None,
        used=used,
        most=most,
        next_coins=own.next_coins if own and waiting else None,
        next_at=own.next_at if own and waiting else None,
    )


def creator_limits(user: User) -> list[SpendingLimit]:
    """Return the fan's limits for single creators that hold or are about to change."""
    own = user.spending_limits.exclude(creator=None).select_related("creator")
    return [
        limit
        for limit in own.order_by("creator__handle", "id")
        if limit.in_force is not None or limit.is_changing
    ]
