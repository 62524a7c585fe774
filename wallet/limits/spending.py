"""Spending limits: the site's, and the ones people set themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SpendingLimit, User
from accounts.pauses import refuse_paused
from foundation.errors import DomainError
from foundation.figures import figure
from foundation.money import MICRO
from wallet.limits.standing import COUNTED, LENGTH, Span, standing
from wallet.models import Purchase, RateCard, SpendingPolicy


class OverLimit(DomainError):
    """The purchase would pass a limit of the site."""

    code = "over_limit"
    message = _(
        "You can buy up to %(most)s coins %(span)s. You have %(left)s left. Choose fewer coins."
    )
    field = "coins"


class OverSpendingLimit(OverLimit):
    """The purchase would pass a limit that the fan set."""

    code = "over_spending_limit"
    message = _("Your spending limit is %(most)s coins %(span)s. You have %(left)s left.")


@dataclass(frozen=True)
class Bound:
    """One limit in force: at most so many coins in a span."""

    span: Span
    most: int
    refusal: type[OverLimit]

    @property
    def since(self) -> datetime:
        """When the span that counts now began."""
        return timezone.now() - LENGTH[self.span]


def bought(user: User) -> dict[Span, int]:
    """Return the coins a fan bought or is about to buy in the last day, week and month."""
    return standing(user).bought


def bounds_for(user: User) -> Iterator[Bound]:
    """Return every limit on buying that holds for this person now."""
    yield from site_bounds(user)
    for own in standing(user).own:
        most = own.in_force
        if most is not None and own.span in LENGTH:
            yield Bound(Span(own.span), most, OverSpendingLimit)


def site_bounds(user: User) -> Iterator[Bound]:
    """Return the site's limits on buying that hold for this person now."""
    policy, card = SpendingPolicy.current(), RateCard.objects.current()

    def coins(usd: int) -> int:
        return usd * MICRO // card.coin_value_micro_usd

    if user.date_joined > timezone.now() - timedelta(days=policy.new_fan_days):
        yield Bound(Span.DAY, coins(policy.new_fan_day_usd), OverLimit)
    yield Bound(Span.DAY, coins(policy.day_usd), OverLimit)
    yield Bound(Span.WEEK, coins(policy.week_usd), OverLimit)
    yield Bound(Span.MONTH, coins(policy.month_usd), OverLimit)


@dataclass(frozen=True)
class Allowance:
    """The coins that a limit still lets a fan buy, and when it lets them buy more."""

    user: User
    bound: Bound
    left: int

    @cached_property
    def more_at(self) -> datetime | None:
        """When the first order that counts no longer does; nothing where none counts."""
        counted = Purchase.objects.filter(user=self.user, state__in=COUNTED)
        orders = counted.filter(created_at__gte=self.bound.since).order_by("created_at")
        first = orders.values_list("created_at", flat=True).first()
        return first + LENGTH[self.bound.span] if first else None

    @property
    def own(self) -> bool:
        """Whether the fan set this limit."""
        return self.bound.refusal is OverSpendingLimit

    @property
    def refusal(self) -> OverLimit:
        """The refusal of a purchase that passes it."""
        most, left = figure(self.bound.most), figure(self.left)
        return self.bound.refusal(most=most, left=left, span=self.bound.span.label)


def allowances(user: User) -> list[Allowance]:
    """Return what each limit in force still allows."""
    sums = bought(user)
    return [
        Allowance(user, bound, max(0, bound.most - sums[bound.span])) for bound in bounds_for(user)
    ]


def allowance(user: User) -> Allowance | None:
    """Return what the tightest limit still allows a fan to buy."""
    return min(allowances(user), key=lambda each: each.left, default=None)


def refuse_over_limit(user: User, coins: int) -> None:
    """Raise `SpendingPaused` in a pause, `OverLimit` or its kind for too many coins.

    A sale calls it under the lock, with the person as they are then.
    """
    refuse_paused(user)
    for each in allowances(user):
        if coins > each.left:
            raise each.refusal


@transaction.atomic
def set_limit(
    *, user: User, span: str, coins: int | None, creator: User | None = None
) -> SpendingLimit:
    """Set a fan's own limit: lower at once, higher (or none) after the policy's day of thought.

    With a creator it is for gifts to them alone.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    limit, _created = SpendingLimit.objects.get_or_create(user=user, span=span, creator=creator)
    now_in_force = limit.in_force
    tighter = now_in_force is None or (coins is not None and coins <= now_in_force)
    if tighter:
        limit.coins, limit.next_coins, limit.next_at = coins, None, None
    else:
        hours = SpendingPolicy.current().raise_delay_hours
        limit.coins, limit.next_coins = now_in_force, coins
        limit.next_at = timezone.now() + timedelta(hours=hours)
    limit.save()
    return limit
