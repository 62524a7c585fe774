"""Price regions, their countries, and the tax of each country from a moment on."""

from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.reference_data import reference_data
from foundation.dated import in_force
from foundation.figures import figure


class TaxMode(models.TextChoices):
    """Whether a listed price contains the tax or the tax comes on top."""

    INCLUSIVE = "inclusive", _("included in the price")
    EXCLUSIVE = "exclusive", _("added to the price")


class Region(models.Model):
    """A price region: one currency, one price list, one set of payment methods and rules."""

    code = models.SlugField(_("code"), primary_key=True, max_length=12)
    name = models.CharField(_("name"), max_length=60)
    currency = models.CharField(_("currency"), max_length=3)
    tax_mode = models.CharField(_("tax"), max_length=9, choices=TaxMode)
    # What the payment provider is assumed to take; staff review it before going live.
    fee_bp = models.PositiveIntegerField(
        _("payment fee, hundredths of a percent"), default=290, help_text=_("290 is 2.9 %")
    )
    fee_fixed_minor = models.PositiveIntegerField(
        _("payment fee, fixed part"),
        default=30,
        help_text=_("30 is 0.30; whole units where a currency has no cents, like the yen"),
    )
    smallest_custom_coins = models.PositiveIntegerField(
        _("smallest custom amount, coins"), default=50
    )
    largest_custom_coins = models.PositiveIntegerField(
        _("largest custom amount, coins"), default=100_000
    )
    is_default = models.BooleanField(_("default for other countries"), default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_region",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"


class CountryQuerySet(models.QuerySet["Country"]):
    """Countries by code."""

    def of_code(self, code: str) -> "Country | None":
        """Return the country of two letters with its region and its tax, or nothing."""
        return _country(code)


class Country(models.Model):
    """A country people live in: its region, tax and the age from which gifts are allowed there."""

    code = models.CharField(_("code"), primary_key=True, max_length=2)
    name = models.CharField(_("name"), max_length=60)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="countries", verbose_name=_("region")
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age for gifts"), default=18, validators=[MinValueValidator(13)]
    )
    tax_name = models.CharField(_("name of the tax"), max_length=20, default="VAT")

    objects: ClassVar[CountryQuerySet] = CountryQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def tax_rate_bp(self) -> int:
        """The tax in force, in hundredths of a percent; 0 for a country without one."""
        rate = in_force(self.tax_rates.all())
        return rate.rate_bp if rate else 0

    @property
    def tax_percent(self) -> str:
        """The tax rate as people say it: 19, or 7.5."""
        return percent(self.tax_rate_bp)


class TaxRate(models.Model):
    """A country's tax from a moment on. Orders keep the rate that they were made with."""

    country = models.ForeignKey(
        Country, models.PROTECT, related_name="tax_rates", verbose_name=_("country")
    )
    rate_bp = models.PositiveIntegerField(
        _("tax, hundredths of a percent"), help_text=_("1900 is 19 %")
    )
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    checked = models.BooleanField(
        _("checked"),
        default=False,
        help_text=_("Tick this for a rate above 30 %: you checked that it is right."),
    )

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ("country", "-valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=["country", "valid_from"], name="one_tax_rate_per_moment"
            ),
            models.CheckConstraint(
                condition=Q(rate_bp__lte=10_000),
                name="tax_rate_up_to_the_whole",
                violation_error_message=_("A tax is at most 100 %%. 1900 is 19 %%."),
            ),
            models.CheckConstraint(
                condition=Q(rate_bp__lte=3_000) | Q(checked=True),
                name="high_tax_rate_is_checked",
                violation_error_message=_(
                    "A tax above 30 %% is rare. If this rate is right, tick “Checked”."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.country}: {percent(self.rate_bp)} %"


def percent(hundredths: int) -> str:
    """Return hundredths of a percent as people say them: 19, or 7.5."""
    return figure((Decimal(hundredths) / 100).normalize())


@reference_data
def _country(code: str) -> Country | None:
    found = Country.objects.select_related("region").prefetch_related("tax_rates")
    return found.filter(code=code).first()
