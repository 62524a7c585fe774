"""A week of unusual spending: the shop says so, calmly, and shows the way to the limits."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.utils import timezone

from accounts.models import User
from foundation.money import MICRO, Money, money
from wallet.limits.standing import standing
from wallet.models import RateCard, SpendingPolicy

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
    coins, paid = [0] * (weeks + 1), []
    for week in standing(user).paid:
        if week.ago <= weeks:
            coins[week.ago] += week.coins
        if week.ago == 0:
            paid.append(money(week.minor, week.currency))
    usual = int(median(coins[1:]))
    least = policy.unusual_from_usd * MICRO // RateCard.objects.current().coin_value_micro_usd
    if coins[0] < max(1, least) or coins[0] <= usual * policy.unusual_times:
        return None
    return UnusualWeek(paid, coins[0] // usual if usual else 0)
