"""Prices of packs and custom amounts, with tax and payment fee, in integers and Decimals."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Country, Region, TaxMode, User
from accounts.reference_data import reference_data
from foundation.errors import DomainError
from foundation.figures import figure
from foundation.money import FINE, Money, fine, minor, money, sub_unit
from wallet.models import Bundle, Purchase
from wallet.prices.quotes import Quote, Terms

WHOLE = 10_000  # hundredths of a percent in one
# A region with one price list and many tax rates (the euro area) is priced for this one.
MODELLED_TAX_BP = 2_000
# Prices end where people expect them to: (step, ending) in minor units; elsewhere they end in 9.
NICE = {"MXN": (100, 0), "INR": (100, 0), "IDR": (500, 0), "JPY": (10, 0)}
NICE_ELSEWHERE = (10, 9)


class CoinsOutOfRange(DomainError):
    """A custom amount lies outside what the region sells."""

    code = "coins_out_of_range"
    status = 422
    message = _("You can buy %(least)s to %(most)s coins at once. Choose an amount in between.")
    field = "coins"


def quote_for_bundle(bundle: Bundle, country: Country, terms: Terms | None = None) -> Quote:
    """Return the offer of a bundle at the price in force, taxed as in the fan's country."""
    terms = terms or Terms.now(bundle.region.currency)
    return make_quote(
        coins=bundle.coins,
        listed_minor=bundle.price.price_minor,
        country=country,
        terms=terms,
        bundle=bundle,
    )


def quote_for_coins(coins: int, country: Country, terms: Terms | None = None) -> Quote:
    """Return the offer of any amount; a pack keeps its price. Raises `CoinsOutOfRange`."""
    region = country.region
    if not region.smallest_custom_coins <= coins <= region.largest_custom_coins:
        raise CoinsOutOfRange(
            least=figure(region.smallest_custom_coins), most=figure(region.largest_custom_coins)
        )
    terms = terms or Terms.now(region.currency)
    bundle = next((one for one in bundles_of(region.pk) if one.coins == coins), None)
    if bundle is not None:
        return quote_for_bundle(bundle, country, terms)
    price = custom_price_minor(coins, country, terms)
    offer = make_quote(coins=coins, listed_minor=price, country=country, terms=terms)
    if offer.margin_minor < 0:  # each part is rounded for itself; a unit may be missing
        price = round_up_nice(Decimal(price + 1), region.currency)
        offer = make_quote(coins=coins, listed_minor=price, country=country, terms=terms)
    return offer


def price_list(country: Country) -> list[Quote]:
    """Return an offer for each bundle of the country's region, smallest first."""
    terms = Terms.now(country.region.currency)
    return [quote_for_bundle(bundle, country, terms) for bundle in bundles_of(country.region_id)]


def creator_gets(coins: int, currency: str) -> Money:
    """Return what a creator gets for these coins, to four decimals. Raises `UnknownCurrency`."""
    return Money(Terms.now(currency).creator_gets(coins).quantize(Decimal("0.0001")), currency)


@dataclass(frozen=True)
class PaidRate:
    """A fan's rate, paid or to be paid: the measure of a gift's price in their money."""

    coins: int
    total_minor: int
    currency: str

    def cost(self, coins: int) -> Money:
        """Return what a gift of so many coins costs, tax included, to a hundredth of a cent."""
        return fine(self._share(coins * FINE), self.currency)

    def worth(self, coins: int) -> Money:
        """Return what so many coins cost, tax included; a half cent counts as a whole one."""
        return money(self._share(coins), self.currency)

    def _share(self, coins: int) -> int:
        share = Decimal(coins * self.total_minor) / self.coins
        return int(share.quantize(Decimal(1), ROUND_HALF_UP))


def paid_rate(user: User) -> PaidRate:
    """Return the average of a fan's purchases in the last currency, else the 1,000-coin price."""
    paid = Purchase.objects.filter(user=user, state=Purchase.State.PAID)
    last = paid.order_by("-id").values_list("currency", flat=True).first()
    if last is not None:
        sums = paid.filter(currency=last).aggregate(Sum("coins"), Sum("total_minor"))
        return PaidRate(sums["coins__sum"], sums["total_minor__sum"], last)
    offer = quote_for_coins(1_000, country_of(user))
    return PaidRate(offer.coins, offer.total_minor, offer.currency)


def coins_in_fan_money(coins: int, user: User) -> Money:
    """Return what these coins cost this fan, tax included."""
    return paid_rate(user).worth(coins)


def country_of(user: User) -> Country:
    """Return where a person buys: their country, or the default one while it is unknown."""
    return Country.objects.of_code(user.country_id or "") or default_country()


def country_named(code: str) -> Country | None:
    """Return the country of two letters, as an address says them; nothing for anything else."""
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        return None
    return Country.objects.of_code(code.upper())


@reference_data
def default_country() -> Country:
    """Return the country whose prices a visitor sees first."""
    of_default = Country.objects.select_related("region").filter(region__is_default=True)
    return of_default.filter(code="XX").first() or of_default.order_by("code")[0]


@reference_data
def bundles_of(region: str) -> list[Bundle]:
    """Return the region's packs on sale with their prices, smallest first."""
    on_sale = Bundle.objects.filter(region=region, active=True).select_related("region")
    return list(on_sale.prefetch_related("prices").order_by("coins"))


def modelled_tax_bp(country: Country) -> int:
    """Return the tax a custom price is made for: never below what the price list assumes."""
    own = country.tax_rate_bp
    if country.region.tax_mode != TaxMode.INCLUSIVE or own >= MODELLED_TAX_BP:
        return own
    return MODELLED_TAX_BP if _taxed_otherwise(country.region, own) else own


def _taxed_otherwise(region: Region, rate_bp: int) -> bool:
    """Return whether a region has a country whose tax in force is another one."""
    return any(country.tax_rate_bp != rate_bp for country in _countries_of(region.pk))


@reference_data
def _countries_of(region: str) -> list[Country]:
    return list(Country.objects.filter(region=region).prefetch_related("tax_rates"))


def custom_price_minor(coins: int, country: Country, terms: Terms) -> int:
    """Return the listed price at which value, tax and fee are covered, rounded up to a nice one."""
    region = country.region
    fee = Decimal(region.fee_bp) / WHOLE
    tax = 1 + Decimal(modelled_tax_bp(country)) / WHOLE
    # The fee is taken of what the card is charged, tax included.
    kept = 1 / tax - fee if region.tax_mode == TaxMode.INCLUSIVE else 1 - fee * tax
    due = terms.coin_value(coins) * sub_unit(region.currency) + region.fee_fixed_minor
    return round_up_nice(due / kept, region.currency)


def round_up_nice(price_minor: Decimal, currency: str) -> int:
    """Return the next price that looks like one: 11.59, 1,720 yen, 228 pesos."""
    step, ending = NICE.get(currency, NICE_ELSEWHERE)
    steps = ((price_minor - ending) / step).quantize(Decimal(1), ROUND_CEILING)
    return max(int(steps) * step + ending, ending or step)


def make_quote(
    *, coins: int, listed_minor: int, country: Country, terms: Terms, bundle: Bundle | None = None
) -> Quote:
    """Return the offer at a listed price: with the tax inside it or on top, as the region says."""
    region = country.region
    rate = Decimal(country.tax_rate_bp) / WHOLE
    if region.tax_mode == TaxMode.INCLUSIVE:
        total = listed_minor
        net = _whole(listed_minor / (1 + rate))
    else:
        net = listed_minor
        total = net + _whole(net * rate)
    fee = _whole(Decimal(total * region.fee_bp) / WHOLE) + region.fee_fixed_minor
    return Quote(
        coins=coins,
        currency=region.currency,
        net_minor=net,
        tax_minor=total - net,
        total_minor=total,
        tax_name=country.tax_name,
        tax_rate_bp=country.tax_rate_bp,
        fee_minor=fee,
        creator_minor=minor(terms.creator_gets(coins), region.currency),
        value_minor=minor(terms.coin_value(coins), region.currency),
        tax_mode=region.tax_mode,
        country=country,
        rate_card=terms.card,
        bundle=bundle,
    )


@dataclass(frozen=True)
class Taxed:
    """A price with the tax in it, in minor units."""

    net_minor: int
    tax_minor: int
    total_minor: int


def within(total_minor: int, country: Country) -> Taxed:
    """Return how a price that was paid, tax included, divides by a country's tax."""
    net = _whole(Decimal(total_minor) / (1 + Decimal(country.tax_rate_bp) / WHOLE))
    return Taxed(net, total_minor - net, total_minor)


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1)))
