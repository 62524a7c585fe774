"""Prices: the parts add up, every bundle covers itself, custom amounts follow the same formula."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounts.models import Country, Region, TaxMode, User
from foundation.money import money
from wallet.models import Bundle, FxRate
from wallet.prices import pricing
from wallet.prices.quotes import Terms, UnknownCurrency

pytestmark = pytest.mark.django_db


def every_bundle() -> list[Bundle]:
    return list(Bundle.objects.select_related("region").prefetch_related("prices"))


def modelled(region: Region) -> Country:
    """A country with the tax that the region's price list was made for."""
    country = region.countries.order_by("code")[0]
    if region.code == "eu":
        country.tax_rate_bp = pricing.MODELLED_TAX_BP
    elif region.tax_mode == TaxMode.EXCLUSIVE:
        country.tax_rate_bp = 0  # the lists leave out the fee on a tax that comes on top
    return country


def test_every_bundle_covers_tax_fee_and_the_worth_of_its_coins() -> None:
    bundles = every_bundle()
    assert len(bundles) == 77
    for bundle in bundles:
        quote = pricing.quote_for_bundle(bundle, modelled(bundle.region))
        assert quote.margin_minor >= 0, f"{bundle}: {quote.margin_minor}"


def test_no_bundle_pays_out_more_than_it_brings_in_any_country() -> None:
    for country in Country.objects.select_related("region"):
        for quote in pricing.price_list(country):
            assert quote.platform_minor > 0, f"{country} {quote.coins}: {quote.platform_minor}"


def test_the_parts_add_up_to_the_total_everywhere() -> None:
    for country in Country.objects.select_related("region"):
        for quote in pricing.price_list(country):
            parts = quote.tax_minor + quote.fee_minor + quote.creator_minor + quote.platform_minor
            assert parts == quote.total_minor == quote.net_minor + quote.tax_minor


@pytest.mark.parametrize(
    ("country", "coins", "total", "tax"),
    [
        (
            "DE",
            1_000,
            1_159,
            185,
        ),  # inclusive: the listed price is the total, 19 % of the net within
        ("FI", 1_000, 1_159, 235),  # the same price, another tax
        ("CA", 1_000, 1_532, 73),  # exclusive: 14.59 and 5 % on top
        ("US", 1_000, 1_069, 0),
        ("JP", 1_000, 1_720, 156),
        ("ID", 100, 18_500, 1_833),
    ],
)
def test_tax_is_inside_or_on_top_as_the_region_says(
    country: str, coins: int, total: int, tax: int
) -> None:
    quote = pricing.quote_for_coins(coins, Country.objects.get(code=country))
    assert (quote.total_minor, quote.tax_minor) == (total, tax)
    assert quote.bundle is not None


def test_the_price_lists_and_custom_amounts_come_from_one_formula() -> None:
    for bundle in every_bundle():
        terms = Terms.now(bundle.region.currency)
        formula = pricing.custom_price_minor(bundle.coins, modelled(bundle.region), terms)
        step, _ = pricing.NICE.get(bundle.region.currency, pricing.NICE_ELSEWHERE)
        assert 0 <= bundle.price.price_minor - formula <= step, f"{bundle}: {formula}"


@settings(max_examples=200)
@example(coins=93, code="JP")
@given(
    coins=st.integers(50, 100_000),
    code=st.sampled_from(["DE", "FI", "LU", "GB", "US", "CA", "JP", "ID", "MX"]),
)
def test_a_custom_amount_covers_itself_in_every_country(coins: int, code: str) -> None:
    quote = pricing.quote_for_coins(coins, Country.objects.get(code=code))
    assert quote.bundle is not None or quote.margin_minor >= 0
    assert quote.platform_minor > 0


@pytest.mark.parametrize("coins", [49, 0, -1, 100_001])
def test_amounts_outside_the_range_are_refused(coins: int) -> None:
    with pytest.raises(pricing.CoinsOutOfRange) as refusal:
        pricing.quote_for_coins(coins, Country.objects.get(code="DE"))
    assert (
        refusal.value.detail
        == "You can buy 50 to 100,000 coins at once. Choose an amount in between."
    )
    assert refusal.value.fields.keys() == {"coins"}


def test_a_currency_without_a_rate_is_refused() -> None:
    FxRate.objects.filter(currency="JPY").delete()
    with pytest.raises(UnknownCurrency, match="We don't have prices in JPY"):
        pricing.quote_for_coins(100, Country.objects.get(code="JP"))


def test_the_worth_of_coins_to_a_fan_who_never_bought_is_the_thousand_pack(alice: User) -> None:
    assert pricing.coins_in_fan_money(1_000, alice) == money(1_159, "EUR")
    assert pricing.coins_in_fan_money(25, alice) == money(29, "EUR")


def test_a_creator_gets_three_quarters_of_the_coins_value() -> None:
    assert pricing.creator_gets(1_000, "USD").amount == Decimal("7.5")
    assert pricing.creator_gets(1, "USD").amount == Decimal("0.0075")
    assert pricing.creator_gets(1_000, "EUR").amount == Decimal("6.8175")
