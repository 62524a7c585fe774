"""What a creator reads of money: one currency, theirs, at the rate of a day.

Two figures, and each page says which it shows. What a gift *earned* is reckoned once, with the rate
card and the exchange rate of its moment, to a hundredth of a minor unit; sums are sums of that, so
that every column adds up to its foot. What diamonds are *worth* is what a payout of them would pay
now (`quote`). The ledger knows diamonds only; nothing here is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db.models import DecimalField, F, Func, Value
from django.db.models.expressions import Combinable, RawSQL
from django.utils import timezone

import ledger
from accounts.models import User
from foundation.money import FINE, MICRO, Money, fine, money, sub_unit
from ledger.chart import DIAMOND
from wallet.models import FxRate, RateCard
from wallet.prices.exchange import Dated, Exchange

DOLLAR = "USD"  # what rate cards are kept in


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
        """The worth, as money."""
        return money(self.amount_minor, self.currency)

    @property
    def per_diamond(self) -> Money:
        """What one diamond pays, unrounded: €0.0068175."""
        micro_usd = Decimal(self.card.diamond_payout_micro_usd)
        return Money(micro_usd * self.fx_per_usd / MICRO, self.currency)

    @property
    def fx(self) -> Decimal:
        """The exchange rate of one US dollar, without trailing zeros."""
        return self.fx_per_usd.normalize()


def quote(*, diamonds: int, currency: str) -> Quote:
    """Return the worth of these diamonds at the rate card and the exchange rate in force."""
    return Quote(diamonds, RateCard.objects.current(), FxRate.current(currency).per_usd, currency)


def available_diamonds(creator: User) -> int:
    """Return the diamonds a creator can take out now: released, less what a lost dispute left
    owing.
    """
    released, owed = ("diamonds", DIAMOND, creator.pk), ("diamonds_owed", DIAMOND, creator.pk)
    held = ledger.balances([released, owed])
    return max(held[released] - held[owed], 0)


@dataclass(frozen=True)
class Rate:
    """The exchange rate that a page names: so much for one US dollar, from a day on."""

    currency: str
    per_usd: Decimal
    since: datetime

    @property
    def is_needed(self) -> bool:
        """Whether anything is exchanged at all."""
        return self.currency != DOLLAR

    @property
    def shown(self) -> Decimal:
        """The rate without trailing zeros."""
        return self.per_usd.normalize()


class CreatorsMoney:
    """Money as one creator reads it: all of it in the currency of the region they live in."""

    def __init__(self, creator: User) -> None:
        self._exchange = Exchange()
        home = creator.region.currency
        # A region may be there before its rate is: dollars need none.
        self.currency = home if self._exchange.rates(home) else DOLLAR

    @cached_property
    def rate(self) -> Rate:
        """The rate in force."""
        since, per_usd = self._at(timezone.now())
        return Rate(self.currency, per_usd, since)

    @property
    def example(self) -> Money:
        """The amount from which scripts learn how this money is written: €8.90."""
        return Money(Decimal("8.9"), self.currency)

    def worth(self, diamonds: int) -> Quote:
        """Return what these diamonds pay now."""
        return quote(diamonds=diamonds, currency=self.currency)

    def worth_then(self, diamonds: int, card: RateCard, at: datetime) -> Quote:
        """Return what these diamonds paid at a moment."""
        return Quote(diamonds, card, self._at(at)[1], self.currency)

    def of_dollars(self, micro_usd: int) -> Money:
        """Return millionths of a dollar at the rate in force, cut to the minor unit."""
        minor = micro_usd * self.rate.per_usd * sub_unit(self.currency) / MICRO
        return money(int(minor), self.currency)

    def earned(self, diamonds: int, card: RateCard, at: datetime) -> int:
        """Return what a gift of a moment earned, in hundredths of a minor unit."""
        return self._fine(Decimal(diamonds * card.diamond_payout_micro_usd) / MICRO, at)

    def coins(self, coins: int, card: RateCard, at: datetime) -> int:
        """Return what coins were worth on the whole site, in hundredths of a minor unit."""
        return self._fine(Decimal(coins * card.coin_value_micro_usd) / MICRO, at)

    def paid(self, amount: Money, at: datetime) -> int | None:
        """Return what somebody paid in another currency, in hundredths of a minor unit.

        Nothing where no rate of that currency is known.
        """
        if amount.currency.code == self.currency:
            return _rounded(amount.amount * sub_unit(self.currency) * FINE)
        theirs = self._exchange.at(amount.currency.code, at)
        return self._fine(amount.amount / theirs[1], at) if theirs else None

    def money(self, hundredths: int) -> Money:
        """Return hundredths of a minor unit as money of this currency."""
        return fine(hundredths, self.currency)

    def earned_by_row(self, diamonds: Combinable, moment: str, since: datetime) -> Func:
        """Return what `earned` returns of each row since then, as SQL; `moment` is a column."""
        case, values = self._rate_sql(moment, since)
        return Func(
            diamonds,
            F("rate_card__diamond_payout_micro_usd"),
            RawSQL(case, values),  # noqa: S611  # the values are parameters
            Value(self._fine_per_micro, output_field=_DECIMAL),
            template="round(%(expressions)s)",
            arg_joiner="::numeric * ",
            output_field=_DECIMAL,
        )

    def earned_sql(self, since: datetime) -> tuple[str, list[object]]:
        """Return the same for a statement in which `s` is the gift and `c` its rate card."""
        case, values = self._rate_sql("s.created_at", since)
        formula = f"round(s.diamonds::numeric * c.diamond_payout_micro_usd * {case} * %s)"
        return formula, [*values, self._fine_per_micro]

    @property
    def per_coin(self) -> tuple[int, int]:
        """What a coin that is sent now earns, in hundredths of a minor unit: a fraction of whole
        numbers, for scripts.
        """
        card = RateCard.objects.current()
        micro = card.diamonds_per_coin * card.diamond_payout_micro_usd
        return (micro * self.rate.per_usd * self._fine_per_micro).as_integer_ratio()

    def _rate_sql(self, moment: str, since: datetime) -> tuple[str, list[object]]:
        """Return the rates in force since a moment as a CASE; mostly it is one rate."""
        first = self._at(since)
        later = [rate for rate in self._exchange.rates(self.currency) if rate[0] > first[0]]
        rates = [first, *later]
        values: list[object] = []
        for (_since, per_usd), (until, _next) in zip(rates, later, strict=False):
            values += [until, per_usd]
        whens = f" WHEN {moment} < %s THEN %s" * len(later)
        sql = f"(CASE{whens} ELSE %s END)" if later else "%s"
        return sql, [*values, rates[-1][1]]

    @property
    def _fine_per_micro(self) -> Decimal:
        return Decimal(sub_unit(self.currency) * FINE) / MICRO

    def _at(self, moment: datetime) -> Dated:
        return self._exchange.at(self.currency, moment) or (moment, Decimal(1))

    def _fine(self, dollars: Decimal, at: datetime) -> int:
        return _rounded(dollars * self._at(at)[1] * sub_unit(self.currency) * FINE)


_DECIMAL: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=40, decimal_places=12)


def _rounded(hundredths: Decimal) -> int:
    """Return whole hundredths, a half away from zero, as PostgreSQL rounds."""
    return int(hundredths.quantize(Decimal(1), ROUND_HALF_UP))
