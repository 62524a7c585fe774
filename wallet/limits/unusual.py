"""A week of unusual spending: the shop says so, calmly, and shows the way to the limits."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.utils import timezone

from accounts.models import User
from foundation.money import MICRO, Money, money
from wallet.limits.standing import standing
from wallet.models import Purchase, RateCard, SpendingPolicy

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class UnusualWeek:
    """What a fan paid in the last seven days, and how many times a usual week that is."""

    paid: list[Money]  # one amount per currency
    times: int  # 0: nothing was bought in most of the weeks before


def unusual_week(user: User) -> UnusualWeek | None:
    """Return the fan's last seven days if they bought unusually much in them; else nothing.

    The usual week is the median of the policy's weeks before, or of those since the fan joined; a
    fan of less than two weeks has no usual week yet.
    """
    policy, now = SpendingPolicy.current(), timezone.now()
    weeks = min(policy.unusual_weeks, (now - user.date_joined) // WEEK - 1)
    if weeks < 1:
        return None
    least = policy.unusual_from_usd * MICRO // RateCard.objects.current().coin_value_micro_usd
    if standing(user).paid_in_week < max(1, least):
        return None
    orders = Purchase.objects.filter(
        user=user, state=Purchase.State.PAID, captured_at__gt=now - (weeks + 1) * WEEK
    )
    coins, sums = [0] * (weeks + 1), dict[str, int]()
    for order in orders.only("captured_at", "coins", "currency", "total_minor"):
        ago = max(0, (now - (order.captured_at or now)) // WEEK)
        coins[ago] += order.coins
        if ago == 0:
            sums[order.currency] = sums.get(order.currency, 0) + order.total_minor
    usual = int(median(coins[1:]))
    if coins[0] <= usual * policy.unusual_times:
        return None
    paid = [money(total, currency) for currency, total in sums.items()]
    return UnusualWeek(paid, coins[0] // usual if usual else 0)
