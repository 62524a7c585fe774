"""The impact of a change of prices or rates, seen before it is saved."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.models import Country, Region, TaxRate
from foundation.dated import in_force
from foundation.errors import DomainError
from foundation.figures import figure
from foundation.money import money
from wallet.models import Bundle, BundlePrice, FxRate, RateCard
from wallet.prices import pricing
from wallet.prices.quotes import Quote, Terms


class PaysOutMore(DomainError):
    """A pack would bring less than creators get for its coins."""

    code = "pays_out_more"
    status = 422
    message = _(
        "%(coins)s coins in %(country)s would earn %(brings)s after tax and payment fees, but "
        "creators get %(creators)s for them. Nothing was saved. Choose a higher price."
    )


@dataclass(frozen=True)
class Effect:
    """One pack in one country, today (if it has a price) and after the change."""

    before: Quote | None
    after: Quote

    @property
    def loses(self) -> bool:
        """Whether creators would get more than the pack brings."""
        return self.after.platform_minor < 0

    @property
    def below_worth(self) -> bool:
        """Whether the pack brings less than its coins are worth."""
        return self.after.margin_minor < 0


def of_price(price: BundlePrice) -> list[Effect]:
    """Return what a new price does in every country of the pack's region."""
    bundle = price.bundle
    terms = Terms.now(bundle.region.currency)
    return [
        Effect(_today(bundle, country, terms), _quote(bundle, price.price_minor, country, terms))
        for country in most_taxed(bundle.region)
    ]


def of_card(card: RateCard) -> list[Effect]:
    """Return what a new rate card does to every pack, where each region's tax is highest."""
    return list(_of_terms(Region.objects.all(), card=card))


def of_rate(rate: FxRate) -> list[Effect]:
    """Return what a new exchange rate does to every pack in its currency."""
    return list(_of_terms(Region.objects.filter(currency=rate.currency), per_usd=rate.per_usd))


def of_tax(rate: TaxRate) -> list[Effect]:
    """Return what a new tax does to every pack in its country, at the prices of that day."""
    taxed = copy.copy(rate.country)
    taxed.tax_rate_bp = rate.rate_bp
    terms = Terms.now(taxed.region.currency)
    effects = []
    for bundle in pricing.bundles_of(taxed.region_id):
        listed = in_force(bundle.prices.all(), rate.valid_from)
        if listed is not None:
            before = _today(bundle, rate.country, terms)
            effects.append(Effect(before, _quote(bundle, listed.price_minor, taxed, terms)))
    return effects


def most_taxed(region: Region) -> list[Country]:
    """Return a region's countries, the one with the highest tax first."""
    countries = region.countries.select_related("region").prefetch_related("tax_rates")
    return sorted(countries, key=lambda country: -country.tax_rate_bp)


def refuse_losses(effects: Iterable[Effect]) -> None:
    """Raise `PaysOutMore` for the first pack that would pay out more than it brings."""
    for effect in effects:
        after = effect.after
        if effect.loses:
            raise PaysOutMore(
                coins=figure(after.coins),
                country=after.country.name,
                brings=money(after.net_minor - after.fee_minor, after.currency),
                creators=after.creator_gets,
            )


def _of_terms(
    regions: Iterable[Region], *, card: RateCard | None = None, per_usd: Decimal | None = None
) -> Iterator[Effect]:
    for region in regions:
        now = Terms.now(region.currency)
        then = Terms(card or now.card, region.currency, per_usd or now.per_usd)
        country = next(iter(most_taxed(region)), None)
        if country is None:
            continue
        for bundle in pricing.bundles_of(region.pk):
            before = _today(bundle, country, now)
            if before is not None:
                listed = bundle.price.price_minor
                yield Effect(before, _quote(bundle, listed, country, then))


def _today(bundle: Bundle, country: Country, terms: Terms) -> Quote | None:
    try:
        return pricing.quote_for_bundle(bundle, country, terms)
    except BundlePrice.DoesNotExist:
        return None


def _quote(bundle: Bundle, listed_minor: int, country: Country, terms: Terms) -> Quote:
    return pricing.make_quote(
        coins=bundle.coins, listed_minor=listed_minor, country=country, terms=terms, bundle=bundle
    )
