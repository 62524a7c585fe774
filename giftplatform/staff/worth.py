"""What coins, diamonds and sums of several currencies are worth, in the one that staff read."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import Region
from foundation.figures import figure
from foundation.money import MICRO, Money, minor, money, sub_unit
from wallet.models import FxRate, RateCard
from wallet.prices.diamonds import Quote

USD = "USD"


class Worth:
    """The rates in force, read once for a page; every sum is rounded once, at its end."""

    @cached_property
    def currency(self) -> str:
        """The site's currency: that of the default region."""
        return Region.objects.get(is_default=True).currency

    @cached_property
    def card(self) -> RateCard:
        """The rate card in force."""
        return RateCard.objects.current()

    @cached_property
    def per_usd(self) -> dict[str, Decimal]:
        """What a US dollar buys of each currency."""
        begun = FxRate.objects.filter(valid_from__lte=timezone.now())
        newest = begun.order_by("currency", "-valid_from").distinct("currency")
        return {USD: Decimal(1), **{rate.currency: rate.per_usd for rate in newest}}

    def of_coins(self, coins: int) -> Money:
        """Return what coins are worth at the rate card in force."""
        return self._in_site_currency(coins * Decimal(self.card.coin_value_micro_usd) / MICRO)

    def of_diamonds(self, diamonds: int) -> Money:
        """Return what diamonds pay at the rate card in force."""
        return Quote(diamonds, self.card, self.per_usd[self.currency], self.currency).amount

    def total(self, sums: Iterable[tuple[int, str]]) -> Money:
        """Return sums of minor units and their currencies as one, to the last digit shown."""
        found = list(sums)
        if {currency for _minor, currency in found} <= {self.currency}:
            return money(sum(amount for amount, _currency in found), self.currency)
        dollars = sum(
            (Decimal(amount) / sub_unit(currency) / self.per_usd[currency])
            for amount, currency in found
        )
        return self._in_site_currency(Decimal(dollars))

    def _in_site_currency(self, dollars: Decimal) -> Money:
        amount = dollars * self.per_usd[self.currency]
        return money(minor(amount, self.currency), self.currency)


def in_coins(count: int) -> str:
    """Return a number of coins as people say it: 1 coin, 2,500 coins."""
    return ngettext("%(count)s coin", "%(count)s coins", count) % {"count": figure(count)}


def in_diamonds(count: int) -> str:
    """Return a number of diamonds as people say it."""
    words = ngettext("%(count)s diamond", "%(count)s diamonds", count)
    return words % {"count": figure(count)}
