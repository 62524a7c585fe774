"""Packs, prices, rate cards, exchange rates and the spending policy."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from foundation.admin import OneRowAdmin, ReadOnlyInline, StaffAdmin, grouped, link
from foundation.figures import figure
from foundation.money import money
from wallet.admin.previews import ForwardAdmin, ForwardForm
from wallet.models import Bundle, BundlePrice, FxRate, RateCard, SpendingPolicy
from wallet.prices import impact, pricing
from wallet.prices.quotes import Quote, Terms

COINS = grouped("coins", _("Coins"))


class PriceInline(ReadOnlyInline):
    """Every price the pack ever had, and those announced."""

    model = BundlePrice
    fields = ("listed", "valid_from")
    readonly_fields = fields
    ordering = ("-valid_from",)
    verbose_name_plural = _("price versions")

    @display(description=_("Listed price"))
    def listed(self, price: BundlePrice) -> str:
        """The price as people read it."""
        return str(money(price.price_minor, price.bundle.region.currency))


@admin.register(Bundle)
class BundleAdmin(StaffAdmin):
    """Packs of coins. A pack's size stays; its price gets a new version."""

    list_display = (COINS, "region", "price_now", "creators", "margin", "active")
    list_filter = ("region", "active")
    search_fields = ("=coins", "region__name", "region__currency")
    search_help_text = _("Coins, region or currency")
    list_select_related = ()  # fetched apart, so that a region's packs share it and its terms
    inlines = (PriceInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return packs with their prices and their region's countries."""
        packs = super().get_queryset(request)
        return packs.prefetch_related("prices", "region__countries__tax_rates")

    def get_fields(self, request: HttpRequest, obj: Bundle | None = None) -> tuple[str, ...]:
        """Show the worst country's figures beneath a pack that exists."""
        return ("region", "coins", "active", *(("new_price", "worst") if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the size of a pack once it exists: people bought it."""
        return ("region", "coins", "new_price", "worst") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Take a pack off sale instead: orders name it."""
        return False

    def _worst(self, bundle: Bundle) -> Quote | None:
        countries = sorted(bundle.region.countries.all(), key=lambda country: country.tax_rate_bp)
        if not countries:
            return None
        country = countries[-1]
        country.region = bundle.region
        known = vars(bundle.region)
        if "terms" not in known:
            known["terms"] = Terms.now(bundle.region.currency)
        try:
            return pricing.quote_for_bundle(bundle, country, known["terms"])
        except BundlePrice.DoesNotExist:
            return None

    @display(description=_("Price"))
    def price_now(self, bundle: Bundle) -> str:
        """The listed price in force."""
        try:
            return str(money(bundle.price.price_minor, bundle.region.currency))
        except BundlePrice.DoesNotExist:
            return "–"

    @display(description=_("Creators get"))
    def creators(self, bundle: Bundle) -> str:
        """The creators' part for the pack, and its share of the price where tax is highest."""
        offer = self._worst(bundle)
        return f"{offer.creator_gets} ({figure(offer.creator_percent)}%)" if offer else "–"

    @display(description=_("Platform keeps"))
    def margin(self, bundle: Bundle) -> str:
        """The margin where tax is highest."""
        offer = self._worst(bundle)
        return f"{offer.platform} ({offer.country.name})" if offer else "–"

    @display(description=_("Where tax is highest"))
    def worst(self, bundle: Bundle) -> str:
        """The breakdown of the price in the country with the highest tax, in a sentence."""
        offer = self._worst(bundle)
        if offer is None:
            return "–"
        covered = (
            _("This covers the value of the coins.")
            if offer.margin_minor >= 0
            else _("This is below the value of the coins. The price was set for a lower tax rate.")
        )
        return format_html(
            "{}: {} = {} {} + {} {} + {} {} + {} {}. {}",
            offer.country.name,
            offer.total,
            offer.tax,
            offer.tax_name,
            offer.fee,
            _("payment"),
            offer.creator_gets,
            _("creator"),
            offer.platform,
            _("platform"),
            covered,
        )

    @display(description=_("New price"))
    def new_price(self, bundle: Bundle) -> str:
        """The link to announce a new version."""
        address = reverse("admin:wallet_bundleprice_add")
        return link(f"{address}?bundle={bundle.pk}", _("Schedule price"))


class PriceForm(ForwardForm):
    """A new price of a pack."""

    effects = staticmethod(impact.of_price)

    class Meta:
        model = BundlePrice
        fields = ("bundle", "price_minor", "valid_from")


@admin.register(BundlePrice)
class BundlePriceAdmin(ForwardAdmin):
    """Price versions: each one is added with its effect seen, and stays."""

    form = PriceForm
    list_display = ("bundle", "listed", "valid_from", "in_force")
    list_filter = ("bundle__region",)
    search_fields = ("=bundle__coins", "bundle__region__name", "bundle__region__currency")
    search_help_text = _("Coins, region or currency")
    list_select_related = ("bundle__region",)
    date_hierarchy = "valid_from"

    @display(description=_("Listed price"))
    def listed(self, price: BundlePrice) -> str:
        """The price as people read it."""
        return str(money(price.price_minor, price.bundle.region.currency))

    fields = ("bundle", "price_minor", "valid_from")

    def get_fields(self, request: HttpRequest, obj: BundlePrice | None = None) -> tuple[str, ...]:
        """Show an announced price as money; ask for a new one in its smallest unit."""
        return ("bundle", "listed", "valid_from") if obj else self.fields

    @display(description=_("Started"), boolean=True)
    def in_force(self, price: BundlePrice) -> bool:
        """Whether it has begun."""
        return price.valid_from <= timezone.now()


class CardForm(ForwardForm):
    """A new rate card."""

    effects = staticmethod(impact.of_card)

    class Meta:
        model = RateCard
        fields = (
            "code",
            "valid_from",
            "coin_value_micro_usd",
            "diamonds_per_coin",
            "diamond_payout_micro_usd",
            "note",
        )


@admin.register(RateCard)
class RateCardAdmin(ForwardAdmin):
    """Rate cards: public, dated, announced forward."""

    form = CardForm
    list_display = (
        "code",
        "valid_from",
        "worth",
        "diamonds_per_coin",
        "pays",
        "part",
        "standing",
    )

    def get_fields(self, request: HttpRequest, obj: RateCard | None = None) -> list[str]:
        """Show what is in force in dollars; ask for a new one in whole small units."""
        if obj is None:
            return list(CardForm.Meta.fields)
        return ["code", "valid_from", *self.readonly_fields, "note"]

    readonly_fields = ("worth", "diamonds_per_coin", "pays", "part")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what is shown, never typed."""
        return self.readonly_fields if obj else ()

    @display(description=_("Now"), label={"now": "success", "later": "info", "past": "default"})
    def standing(self, card: RateCard) -> tuple[str, Any]:
        """Whether the card is the one in force."""
        if card.valid_from > timezone.now():
            return "later", _("scheduled")
        return ("now", _("in force")) if card == RateCard.objects.current() else ("past", _("past"))

    @display(description=_("One coin is worth"), ordering="coin_value_micro_usd")
    def worth(self, card: RateCard) -> str:
        """A coin's worth, to the last digit."""
        return card.coin_value.in_full

    @display(description=_("One diamond pays"), ordering="diamond_payout_micro_usd")
    def pays(self, card: RateCard) -> str:
        """A diamond's payout, to the last digit."""
        return card.diamond_payout.in_full

    @display(description=_("Creators' share"))
    def part(self, card: RateCard) -> str:
        """The creators' share of a coin's value."""
        return f"{card.creator_share_percent}%"


class RateForm(ForwardForm):
    """A new exchange rate."""

    effects = staticmethod(impact.of_rate)

    class Meta:
        model = FxRate
        fields = ("currency", "per_usd", "valid_from", "source")


@admin.register(FxRate)
class FxRateAdmin(ForwardAdmin):
    """Exchange rates: added, never changed."""

    form = RateForm
    list_display = ("currency", "one_dollar", "valid_from", "source")
    list_filter = ("currency",)
    fields = ("currency", "per_usd", "valid_from", "source")

    def get_fields(self, request: HttpRequest, obj: FxRate | None = None) -> tuple[str, ...]:
        """Show an announced rate without its trailing zeros."""
        return ("currency", "one_dollar", "valid_from", "source") if obj else self.fields

    @display(description=_("One US dollar buys"), ordering="per_usd")
    def one_dollar(self, rate: FxRate) -> str:
        """The rate without its trailing zeros."""
        return f"{figure(rate.per_usd.normalize())} {rate.currency}"


@admin.register(SpendingPolicy)
class SpendingPolicyAdmin(OneRowAdmin):
    """The site's own limits. One row, changed in place; the log keeps who did."""
