"""Regions and countries, as staff see them."""

from decimal import Decimal

# Their own admin pages are imported first, so that they can be taken away: one place per thing.
from allauth.account import admin as _account_admin  # noqa: F401
from allauth.mfa import admin as _mfa_admin  # noqa: F401
from allauth.usersessions import admin as _sessions_admin  # noqa: F401
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import Country, Region
from foundation.admin import StaffAdmin, link


@admin.register(Region)
class RegionAdmin(StaffAdmin):
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
class CountryAdmin(StaffAdmin):
    """A country: its region, its tax, the age from which gifts are allowed."""

    fields = ("name", "code", "region", "minimum_age", "tax_name", "tax", "new_rate")
    list_display = ("name", "code", "region", "minimum_age", "tax_name", "tax")
    list_filter = ("region", "minimum_age")
    list_select_related = ("region",)
    search_fields = ("name", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Country]:
        """Return countries with their tax rates."""
        countries: QuerySet[Country] = super().get_queryset(request)
        return countries.prefetch_related("tax_rates")

    @display(description=_("Tax"))
    def tax(self, country: Country) -> str:
        """The rate in percent."""
        return f"{country.tax_percent} %"

    @display(description=_("New tax rate"))
    def new_rate(self, country: Country) -> str:
        """The link to announce a new rate."""
        address = reverse("admin:accounts_taxrate_add")
        return link(f"{address}?country={country.pk}", _("Schedule tax rate"))

    def get_fields(self, request: HttpRequest, obj: Country | None = None) -> tuple[str, ...]:
        """Show the tax of a country that exists; a new one has none until a rate is scheduled."""
        return self.fields if obj else self.fields[:-2]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Country | None = None
    ) -> tuple[str, ...]:
        """Keep a country's code; its tax is dated, and scheduled on a page of its own."""
        return ("code", "tax", "new_rate") if obj else ()
