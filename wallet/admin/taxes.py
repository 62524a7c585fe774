"""Tax rates: dated, and seen with their effect before they are saved."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import TaxRate
from accounts.models.places import percent
from wallet.admin.previews import ForwardAdmin, ForwardForm
from wallet.prices import impact


class TaxForm(ForwardForm):
    """A new tax rate of a country."""

    effects = staticmethod(impact.of_tax)

    class Meta:
        model = TaxRate
        fields = ("country", "rate_bp", "valid_from", "checked")


@admin.register(TaxRate)
class TaxRateAdmin(ForwardAdmin):
    """Tax rates: each one is added with its effect seen, and stays."""

    form = TaxForm
    list_display = ("country", "rate", "valid_from", "started")
    list_filter = ("country__region",)
    list_select_related = ("country",)
    search_fields = ("country__name", "country__code")
    date_hierarchy = "valid_from"

    def get_fields(self, request: HttpRequest, obj: TaxRate | None = None) -> tuple[str, ...]:
        """Show an announced rate in percent; ask for a new one in hundredths of a percent."""
        return ("country", "rate", "valid_from") if obj else TaxForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what is shown, never typed."""
        return ("rate",) if obj else ()

    @display(description=_("Tax"), ordering="rate_bp")
    def rate(self, tax: TaxRate) -> str:
        """The rate in percent."""
        return f"{percent(tax.rate_bp)} %"

    @display(description=_("Started"), boolean=True)
    def started(self, tax: TaxRate) -> bool:
        """Whether it has begun."""
        return tax.valid_from <= timezone.now()
