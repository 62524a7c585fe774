"""Prices and rates.

The rate card, exchange rates, coin bundles, limits. Dated, and changed only forward.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.reference_data import reference_data
from foundation.dated import in_force, not_replaced
from foundation.figures import figure
from foundation.money import MICRO, Money, money


class RateCardQuerySet(models.QuerySet["RateCard"]):
    """Rate cards by date."""

    def in_force(self, at: datetime | None = None) -> "RateCardQuerySet":
        """Return cards that have begun, newest first."""
        return self.filter(valid_from__lte=at or timezone.now()).order_by("-valid_from")

    def current(self) -> "RateCard":
        """Return the card in force now.

        Raises `RateCard.DoesNotExist` on a site without an economy.
        """
        card = in_force(_rate_cards()) or self.in_force().first()
        if card is None:
            raise RateCard.DoesNotExist("No rate card is in force; run manage.py load_economy.")
        return card


class RateCard(models.Model):
    """The worth of a coin and the payout of a diamond, from a day on.

    Stamped on every gift and payout.
    """

    code = models.CharField(_("name"), max_length=40, unique=True)
    valid_from = models.DateTimeField(_("valid from"), unique=True)
    coin_value_micro_usd = models.PositiveIntegerField(
        _("one coin, millionths of a US dollar"),
        default=10_000,
        help_text=_("10000 is one US cent"),
    )
    diamonds_per_coin = models.PositiveSmallIntegerField(_("diamonds per coin"), default=1)
    diamond_payout_micro_usd = models.PositiveIntegerField(
        _("one diamond pays, millionths of a US dollar"),
        default=7_500,
        help_text=_(
            "7500 is three quarters of a US cent; at most nine tenths of a coin can be paid out"
        ),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[RateCardQuerySet] = RateCardQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        ordering = ("-valid_from",)
        constraints = (
            models.CheckConstraint(
                # Of a coin's value at most nine tenths go out; the rest carries fraud, hosting and
                # refunds.
                condition=GreaterThanOrEqual(
                    F("coin_value_micro_usd") * 9,
                    F("diamond_payout_micro_usd") * F("diamonds_per_coin") * 10,
                ),
                name="rate_card_pays_at_most_nine_tenths",
                violation_error_message=_("This pays out more than nine tenths of a coin's worth."),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def coin_value(self) -> Money:
        """One coin's worth in US dollars."""
        return Money(Decimal(self.coin_value_micro_usd) / MICRO, "USD")

    @property
    def diamond_payout(self) -> Money:
        """One diamond's payout in US dollars."""
        return Money(Decimal(self.diamond_payout_micro_usd) / MICRO, "USD")

    @property
    def creator_share_percent(self) -> int:
        """The creator's share of a coin's value, in whole percent."""
        return (
            self.diamond_payout_micro_usd
            * self.diamonds_per_coin
            * 100
            // self.coin_value_micro_usd
        )


class FxRate(models.Model):
    """The amount of a currency that one US dollar buys, from a moment on."""

    currency = models.CharField(_("currency"), max_length=3)
    per_usd = models.DecimalField(_("for one US dollar"), max_digits=18, decimal_places=8)
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    source = models.CharField(_("source"), max_length=60, default="operator")

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ("currency", "-valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=["currency", "valid_from"], name="one_fx_rate_per_moment"
            ),
            models.CheckConstraint(condition=Q(per_usd__gt=0), name="fx_rate_positive"),
        )

    def __str__(self) -> str:
        return f"1 USD = {self.per_usd.normalize():f} {self.currency}"

    @classmethod
    def current(cls, currency: str) -> "FxRate":
        """Return the rate in force now. Raises `FxRate.DoesNotExist`."""
        of_it = cls.objects.filter(currency=currency)
        rate = in_force(_fx_rates(currency)) or in_force(of_it)
        if rate is None:
            raise cls.DoesNotExist(f"No exchange rate for {currency}.")
        return rate


class Bundle(models.Model):
    """A pack of coins on a region's price list."""

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="bundles", verbose_name=_("region")
    )
    coins = models.PositiveIntegerField(_("coins"))
    active = models.BooleanField(_("on sale"), default=True)

    class Meta:
        verbose_name = _("coin pack")
        verbose_name_plural = _("coin packs")
        ordering = ("region", "coins")
        constraints = (
            models.UniqueConstraint(
                fields=["region", "coins"], name="one_bundle_per_region_and_size"
            ),
            models.CheckConstraint(condition=Q(coins__gt=0), name="bundle_has_coins"),
        )

    def __str__(self) -> str:
        return f"{figure(self.coins)} coins, {self.region.currency}"

    @property
    def price(self) -> "BundlePrice":
        """The price version in force now. Raises `BundlePrice.DoesNotExist`."""
        version = in_force(self.prices.all())
        if version is None:
            raise BundlePrice.DoesNotExist(f"{self} has no price yet.")
        return version


class BundlePrice(models.Model):
    """One version of a bundle's listed price; with or without tax as the region says."""

    bundle = models.ForeignKey(
        Bundle, models.PROTECT, related_name="prices", verbose_name=_("pack")
    )
    price_minor = models.PositiveIntegerField(
        _("price, in minor units"),
        help_text=_("1199 is €11.99; ¥1,480 is 1480, because yen have no cents"),
    )
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)

    class Meta:
        verbose_name = _("pack price")
        verbose_name_plural = _("pack prices")
        ordering = ("bundle", "-valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=["bundle", "valid_from"], name="one_bundle_price_per_moment"
            ),
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="bundle_price_positive"),
        )

    def __str__(self) -> str:
        return f"{self.bundle}: {money(self.price_minor, self.bundle.region.currency)}"


class SpendingPolicy(models.Model):
    """The site's own limits on buying, in US cents of coin value. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    new_fan_days = models.PositiveSmallIntegerField(
        _("an account counts as new for, days"), db_default=7
    )
    new_fan_day_usd = models.PositiveIntegerField(_("new fans, per day, US dollars"), db_default=50)
    new_fan_gift_usd = models.PositiveIntegerField(
        _("new fans, per gift, US dollars"), db_default=20
    )
    day_usd = models.PositiveIntegerField(_("everyone, per day, US dollars"), db_default=500)
    week_usd = models.PositiveIntegerField(_("everyone, per week, US dollars"), db_default=2000)
    month_usd = models.PositiveIntegerField(_("everyone, per month, US dollars"), db_default=5000)
    raise_delay_hours = models.PositiveSmallIntegerField(
        _("limit increases take effect after, hours"), db_default=24
    )
    withdrawal_days = models.PositiveSmallIntegerField(
        _("unused coins can be refunded for, days"),
        db_default=14,
        help_text=_("EU Directive 2011/83, article 9: never less than 14"),
    )
    refund_alone_usd = models.PositiveIntegerField(
        _("one person refunds up to, US dollars"),
        db_default=50,
        help_text=_("above it a second person confirms"),
    )
    unusual_times = models.PositiveSmallIntegerField(
        _("a week is unusual from, times the usual week"),
        db_default=3,
        help_text=_("The usual week is the median of the weeks before. Fans see a calm sentence."),
    )
    unusual_weeks = models.PositiveSmallIntegerField(_("weeks compared"), db_default=8)
    unusual_from_usd = models.PositiveIntegerField(
        _("never unusual below, US dollars a week"), db_default=50
    )

    top_ups_a_day = models.PositiveSmallIntegerField(
        _("auto top-ups in 24 hours, at most"),
        db_default=3,
        help_text=_("0 stops every auto top-up of the site."),
    )

    class Meta:
        verbose_name = _("spending rules")
        verbose_name_plural = _("spending rules")
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="one_spending_policy"),
            models.CheckConstraint(
                condition=Q(withdrawal_days__gte=14), name="withdrawal_of_14_days_at_least"
            ),
            models.CheckConstraint(
                condition=Q(unusual_weeks__range=(1, 52)),
                name="unusual_weeks_1_to_52",
                violation_error_message=_("Compare 1 to 52 weeks."),
            ),
        )

    def __str__(self) -> str:
        return str(_("Spending policy"))

    @classmethod
    def current(cls) -> "SpendingPolicy":
        """Return the policy."""
        return _spending_policy()


@reference_data
def _rate_cards() -> list[RateCard]:
    return not_replaced(RateCard.objects.all())


@reference_data
def _fx_rates(currency: str) -> list[FxRate]:
    return not_replaced(FxRate.objects.filter(currency=currency))


@reference_data
def _spending_policy() -> SpendingPolicy:
    return SpendingPolicy.objects.get(pk=1)
