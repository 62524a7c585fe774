"""Quotes: the worth of diamonds to the cent, and how many a creator can take out."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from django.db.models import F, Sum
from django.utils import timezone
from djmoney.money import Money

import ledger
from accounts.models import User
from foundation.money import MICRO, money, sub_unit
from payouts.models import Payout, PayoutPolicy
from wallet.models import FxRate, RateCard

MICRO_PER_CENT = 10_000


@dataclass(frozen=True)
class Quote:
    """Diamonds in money at one rate card and one exchange rate."""

    diamonds: int
    card: RateCard
    fx_per_usd: Decimal
    currency: str

    @property
    def exact_minor(self) -> Decimal:
        """The worth in minor units, to the last fraction."""
        micro_usd = Decimal(self.diamonds * self.card.diamond_payout_micro_usd)
        return micro_usd * self.fx_per_usd * sub_unit(self.currency) / MICRO

    @property
    def amount_minor(self) -> int:
        """The amount paid: rounded once, a half to the even neighbour."""
        return int(self.exact_minor.quantize(Decimal(1), ROUND_HALF_EVEN))

    @property
    def amount(self) -> Money:
        """The money that arrives in the bank account."""
        return money(self.amount_minor, self.currency)

    @property
    def usd_per_diamond(self) -> str:
        """The US dollars for one diamond, as people read it: 0.0075."""
        return f"{(Decimal(self.card.diamond_payout_micro_usd) / MICRO).normalize():f}"

    @property
    def fx(self) -> str:
        """The exchange rate of one US dollar, as people read it: 0.909."""
        return f"{self.fx_per_usd.normalize():f}"


def quote(*, diamonds: int, currency: str = "EUR") -> Quote:
    """Return the worth of these diamonds at the rate card and the exchange rate in force."""
    return Quote(diamonds, RateCard.objects.current(), FxRate.current(currency).per_usd, currency)


def available_diamonds(creator: User) -> int:
    """Return the diamonds a creator can take out now: released, less what a lost dispute left
    owing.
    """
    released, owed = ("diamonds", "DIAMOND", creator.pk), ("diamonds_owed", "DIAMOND", creator.pk)
    held = ledger.balances([released, owed])
    return max(held[released] - held[owed], 0)


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


def dollars(micro_usd: int) -> str:
    """Return millionths of a US dollar as 1,000.00, cut to the cent."""
    return f"{Decimal(micro_usd // MICRO_PER_CENT) / 100:,.2f}"
