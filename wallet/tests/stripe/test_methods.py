"""The ways to pay that the coins page names, against Stripe's own description of its API."""

from decimal import Decimal

import pytest

from accounts.models import Country
from foundation.money import minor
from stripe_standin.account import METHODS
from stripe_standin.pages import NAMES
from stripe_standin.tests.description import description
from wallet.providers.stripe.methods import ANY, LEAST_MINOR, OFFERS, Offer, offered

pytestmark = pytest.mark.django_db


def known() -> set[str]:
    """Return the methods that a Checkout Session takes by name."""
    takes = description()["operations"]["POST /v1/checkout/sessions"]["takes"]
    return set(takes["payment_method_types"]["items"]["enum"])


def test_every_method_that_we_name_is_one_of_stripes() -> None:
    named = {offer.type for offer in OFFERS}
    assert len(named) == len(OFFERS)
    assert named <= known()
    # What leaves the choice to Stripe's page is none of its names, and is never sent to it.
    assert ANY not in known()


def test_the_stand_in_knows_the_same_methods() -> None:
    named = {offer.type for offer in OFFERS}
    assert named <= set(METHODS) <= known()
    assert set(METHODS) == set(NAMES)


@pytest.mark.parametrize("offer", OFFERS, ids=[offer.type for offer in OFFERS])
def test_each_offer_reaches_somebody_in_each_of_its_countries(offer: Offer) -> None:
    """A country that nobody can name, or whose prices are in another currency, offers nothing."""
    countries = Country.objects.filter(code__in=offer.countries or ["DE"])
    assert {country.code for country in countries} == set(offer.countries or ["DE"])
    for country in countries:
        currency = country.region.currency
        amount = minor(Decimal(offer.least or offer.most or 1_000), currency)
        assert offer.currency in {"", currency}
        shown = offered(country.code, currency, amount)
        assert offer.type in [method.slug for method in shown]
        assert shown[-1].slug == ANY


def test_amounts_at_the_edge_of_a_method() -> None:
    def shown(country: str, currency: str, amount: int) -> set[str]:
        return {
            method.slug for method in offered(country, currency, minor(Decimal(amount), currency))
        }

    assert "oxxo" in shown("MX", "MXN", 10) and "oxxo" in shown("MX", "MXN", 10_000)
    assert "oxxo" not in shown("MX", "MXN", 10_001)
    assert "konbini" not in shown("JP", "JPY", 119) and "konbini" in shown("JP", "JPY", 120)
    assert "boleto" not in shown("BR", "BRL", 4) and "boleto" in shown("BR", "BRL", 5)


def test_every_currency_of_ours_has_its_least_amount() -> None:
    currencies = set(Country.objects.values_list("region__currency", flat=True))
    assert currencies <= set(LEAST_MINOR)
    for currency, least in LEAST_MINOR.items():
        assert offered("DE", currency, least - 1) == []
        assert offered("DE", currency, least)
