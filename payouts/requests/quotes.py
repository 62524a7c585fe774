"""The limits of a payout in diamonds: the smallest one, and the most that may leave today."""

from datetime import timedelta

from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import User
from payouts.models import Payout, PayoutPolicy
from wallet.models import RateCard
from wallet.prices.diamonds import available_diamonds

MICRO_PER_CENT = 10_000
BANK_CURRENCY = "EUR"  # what bank files carry


def smallest_payout(card: RateCard) -> int:
    """Return the fewest diamonds that reach the smallest payout."""
    micro = PayoutPolicy.current().min_usd_cents * MICRO_PER_CENT
    return -(-micro // card.diamond_payout_micro_usd)


def day_left_micro_usd(creator: User) -> int:
    """Return the rest of the daily limit, in millionths of a US dollar: the last 24 hours
    count.
    """
    recent = Payout.objects.filter(
        creator=creator, created_at__gt=timezone.now() - timedelta(days=1)
    )
    taken = recent.exclude(state=Payout.State.CANCELLED).aggregate(
        sum=Sum(F("diamonds") * F("rate_card__diamond_payout_micro_usd"))
    )
    limit = PayoutPolicy.current().max_per_day_usd_cents * MICRO_PER_CENT
    return max(limit - (taken["sum"] or 0), 0)


def most_today(creator: User, card: RateCard) -> int:
    """Return the most diamonds that one request may take out now."""
    by_limit = day_left_micro_usd(creator) // card.diamond_payout_micro_usd
    return min(available_diamonds(creator), by_limit)
