"""Regions and countries, as staff see them."""

from decimal import Decimal

# Their own admin pages are imported first, so that they can be taken away: one place per thing.
from allauth.account import admin as _account_admin  # noqa: F401
from allauth.mfa import admin as _mfa_admin  # noqa: F401
from allauth.usersessions import admin as _sessions_admin  # noqa: F401
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken import admin as _token_admin  # noqa: F401
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.models import Country, Region


@admin.register(Region)
class RegionAdmin(ModelAdmin):
    """A currency, its prices and what payments cost there."""

    list_display = ("name", "code", "currency", "tax_mode", "fee", "is_default")
    list_filter = ("tax_mode",)
    search_fields = ("name", "code", "currency")

    @display(description=_("Payment fee"))
    def fee(self, region: Region) -> str:
        """The assumed fee of the payment provider."""
        share = f"{Decimal(region.fee_bp) / 100} %"
        if not region.fee_fixed_minor:
            return share
        words = _("%(share)s + %(fixed)s in minor units")
        return words % {"share": share, "fixed": region.fee_fixed_minor}

    def get_readonly_fields(
        self, request: HttpRequest, obj: Region | None = None
    ) -> tuple[str, ...]:
        """Keep a region's code and currency: prices and purchases lean on them."""
        return ("code", "currency") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Region | None = None) -> bool:
        """Regions stay: purchases lean on them."""
        return False


@admin.register(Country)
class CountryAdmin(ModelAdmin):
    """A country: its region, its tax, the age from which gifts are allowed."""

    list_display = ("name", "code", "region", "minimum_age", "tax_name", "tax")
    list_filter = ("region", "minimum_age")
    list_select_related = ("region",)
    search_fields = ("name", "code")

    @display(description=_("Tax"), ordering="tax_rate_bp")
    def tax(self, country: Country) -> str:
        """The rate in percent."""
        return f"{country.tax_percent} %"

    def get_readonly_fields(
        self, request: HttpRequest, obj: Country | None = None
    ) -> tuple[str, ...]:
        """Keep a country's code."""
        return ("code",) if obj else ()
