"""An offer of coins and the terms it is made with: each figure rounded once, the parts add up."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from foundation.errors import DomainError
from foundation.money import MICRO, Money, money
from wallet.models import Bundle, FxRate, RateCard


class UnknownCurrency(DomainError):
    """No exchange rate is known for this currency."""

    code = "unknown_currency"
    status = 422
    message = _("We don't have prices in %(currency)s. Choose another currency.")
    field = "currency"


@dataclass(frozen=True)
class Terms:
    """The rate card and the exchange rate that a set of quotes is made with."""

    card: RateCard
    currency: str
    per_usd: Decimal

    @classmethod
    def now(cls, currency: str) -> "Terms":
        """Return the terms in force. Raises `UnknownCurrency`."""
        try:
            rate = FxRate.current(currency)
        except FxRate.DoesNotExist:
            raise UnknownCurrency(currency=currency) from None
        return cls(RateCard.objects.current(), currency, rate.per_usd)

    def coin_value(self, coins: int) -> Decimal:
        """Return what these coins are worth, in units of the currency, unrounded."""
        return self.per_usd * coins * self.card.coin_value_micro_usd / MICRO

    def creator_gets(self, coins: int) -> Decimal:
        """Return what a creator gets for these coins, in units of the currency, unrounded."""
        diamonds = coins * self.card.diamonds_per_coin
        return self.per_usd * diamonds * self.card.diamond_payout_micro_usd / MICRO


@dataclass(frozen=True)
class Quote:
    """One offer: what the fan pays and where each part goes. The parts add up to the total."""

    coins: int
    currency: str
    net_minor: int
    tax_minor: int
    total_minor: int
    tax_name: str
    tax_rate_bp: int
    fee_minor: int
    creator_minor: int
    value_minor: int
    tax_mode: str
    country: Country
    rate_card: RateCard
    bundle: Bundle | None = None

    @property
    def platform_minor(self) -> int:
        """The platform's part: fraud, hosting, refunds, people."""
        return self.net_minor - self.fee_minor - self.creator_minor

    @property
    def margin_minor(self) -> int:
        """Price less tax, fee and the worth of the coins; negative when the price is too low."""
        return self.net_minor - self.fee_minor - self.value_minor

    @cached_property
    def total(self) -> Money:
        """The full price, tax included."""
        return money(self.total_minor, self.currency)

    @cached_property
    def net(self) -> Money:
        """The price without tax."""
        return money(self.net_minor, self.currency)

    @cached_property
    def tax(self) -> Money:
        """The tax in the total."""
        return money(self.tax_minor, self.currency)

    @cached_property
    def fee(self) -> Money:
        """The payment provider's assumed fee."""
        return money(self.fee_minor, self.currency)

    @cached_property
    def creator_gets(self) -> Money:
        """The creators' part when all these coins are sent to them."""
        return money(self.creator_minor, self.currency)

    @cached_property
    def platform(self) -> Money:
        """The platform's part, as money."""
        return money(self.platform_minor, self.currency)

    @cached_property
    def margin(self) -> Money:
        """Price less tax, fee and the worth of the coins, as money."""
        return money(self.margin_minor, self.currency)

    @cached_property
    def per_coin(self) -> Money:
        """One coin's price, tax included, to four decimals."""
        return Money((self.total.amount / self.coins).quantize(Decimal("0.0001")), self.currency)

    @property
    def tax_percent(self) -> Decimal:
        """The tax rate as people read it: 19, 25.5."""
        return (Decimal(self.tax_rate_bp) / 100).normalize()

    def share_percent(self, part_minor: int) -> Decimal:
        """Return a part of the total in percent, to one decimal."""
        return (Decimal(part_minor) * 100 / self.total_minor).quantize(Decimal("0.1"))

    @property
    def fee_percent(self) -> Decimal:
        """The payment fee in percent of the total."""
        return self.share_percent(self.fee_minor)

    @property
    def creator_percent(self) -> Decimal:
        """The creator's part in percent of the total."""
        return self.share_percent(self.creator_minor)
