"""Spending limits: the site's, and the ones people set themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SpendingLimit, User
from foundation.errors import DomainError
from foundation.money import MICRO
from wallet.models import Purchase, RateCard, SpendingPolicy

Span = SpendingLimit.Span
LENGTH = {Span.DAY: timedelta(days=1), Span.WEEK: timedelta(days=7), Span.MONTH: timedelta(days=30)}
COUNTED = {*Purchase.OPEN, Purchase.State.PAID, Purchase.State.REVIEW}


class OverLimit(DomainError):
    """The purchase would pass a limit of the site."""

    code = "over_limit"
    message = _("You can buy up to %(most)s coins %(span)s. You have %(left)s left.")
    field = "coins"


class OverOwnLimit(OverLimit):
    """The purchase would pass a limit that the fan set."""

    code = "over_own_limit"
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


def bought_since(user: User, since: datetime) -> int:
    """Return the coins a fan bought or is about to buy since a moment."""
    orders = Purchase.objects.filter(user=user, created_at__gte=since, state__in=COUNTED)
    return int(orders.aggregate(Sum("coins"))["coins__sum"] or 0)


def bounds_for(user: User) -> Iterator[Bound]:
    """Return every limit on buying that holds for this person now."""
    policy, card = SpendingPolicy.current(), RateCard.objects.current()

    def coins(usd: int) -> int:
        return usd * MICRO // card.coin_value_micro_usd

    if user.date_joined > timezone.now() - timedelta(days=policy.new_fan_days):
        yield Bound(Span.DAY, coins(policy.new_fan_day_usd), OverLimit)
    yield Bound(Span.DAY, coins(policy.day_usd), OverLimit)
    yield Bound(Span.WEEK, coins(policy.week_usd), OverLimit)
    for own in user.spending_limits.all():
        most = own.in_force
        if most is not None and own.span in LENGTH:
            yield Bound(Span(own.span), most, OverOwnLimit)


def refuse_over_limit(user: User, coins: int) -> None:
    """Raise `OverLimit` or `OverOwnLimit` for too many coins. A sale calls it under the lock."""
    for bound in bounds_for(user):
        left = max(0, bound.most - bought_since(user, bound.since))
        if coins > left:
            raise bound.refusal(most=f"{bound.most:,}", left=f"{left:,}", span=bound.span.label)


@transaction.atomic
def set_limit(*, user: User, span: str, coins: int | None) -> SpendingLimit:
    """Set a fan's own limit: lower at once, higher (or none) after the policy's day of thought."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    limit, _created = SpendingLimit.objects.get_or_create(user=user, span=span)
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
