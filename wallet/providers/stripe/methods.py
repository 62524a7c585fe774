"""The ways to pay that Stripe offers in each country, as the coins page names them.

Source: Stripe's documentation, "Payment method support" and the page of each method (countries of
customers, currencies, least and largest amount), "Minimum and maximum charge amounts". What is
listed here must be switched on in the account's settings; one that is not is not lost: Stripe's
page then shows those that are. Cards bring Apple Pay and Google Pay with them.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from foundation.money import sub_unit
from wallet.providers.base import Method

AT_ONCE = _("Get your coins right away.")
LATER = _("Get your coins when the payment arrives.")
ANY = "stripe"  # whatever Stripe's page offers


@dataclass(frozen=True)
class Offer:
    """One of Stripe's payment method types: who can pay with it, in what, between which amounts.

    Amounts are in whole units of the currency. No countries: everywhere.
    """

    type: str
    name: StrOrPromise
    note: StrOrPromise
    icon: str
    countries: frozenset[str] = frozenset()
    currency: str = ""
    least: int = 0
    most: int = 0

    def fits(self, country: str, currency: str, amount_minor: int) -> bool:
        """Return whether somebody in this country can pay this amount with it."""
        amount = amount_minor / sub_unit(currency)
        return (
            (not self.countries or country in self.countries)
            and self.currency in {"", currency}
            and amount >= self.least
            and (not self.most or amount <= self.most)
        )


def _in(*countries: str) -> frozenset[str]:
    return frozenset(countries)


SEPA = _in("AT", "BE", "DE", "ES", "FI", "FR", "GR", "IE", "IT", "LU", "NL", "PT")
OFFERS = (
    Offer("card", _("Card, Apple Pay or Google Pay"), AT_ONCE, "credit-card"),
    Offer("ideal", "iDEAL", AT_ONCE, "landmark", _in("NL"), "EUR"),
    Offer("bancontact", "Bancontact", AT_ONCE, "landmark", _in("BE"), "EUR"),
    Offer("eps", "EPS", AT_ONCE, "landmark", _in("AT"), "EUR"),
    Offer("multibanco", "Multibanco", LATER, "landmark", _in("PT"), "EUR"),
    Offer("sepa_debit", _("SEPA Direct Debit"), LATER, "landmark", SEPA, "EUR"),
    Offer("pix", "Pix", AT_ONCE, "qr-code", _in("BR"), "BRL"),
    Offer("boleto", "Boleto", LATER, "landmark", _in("BR"), "BRL", 5, 49_999),
    Offer("oxxo", "OXXO", LATER, "store", _in("MX"), "MXN", 10, 10_000),
    Offer("konbini", _("Konbini"), LATER, "store", _in("JP"), "JPY", 120, 300_000),
    Offer("upi", "UPI", AT_ONCE, "qr-code", _in("IN"), "INR"),
    Offer("au_becs_debit", _("BECS Direct Debit"), LATER, "landmark", _in("AU"), "AUD"),
    Offer("acss_debit", _("Pre-authorized debit"), LATER, "landmark", _in("CA"), "CAD"),
    Offer("us_bank_account", _("US bank account"), LATER, "landmark", _in("US"), "USD"),
)
# The least that Stripe charges, in minor units of ours; elsewhere what is worth half a dollar.
LEAST_MINOR = {
    "AUD": 50,
    "BRL": 50,
    "CAD": 50,
    "EUR": 50,
    "GBP": 30,
    "IDR": 10_000,
    "INR": 50,
    "JPY": 50,
    "MXN": 1_000,
    "USD": 50,
}


def offered(country: str, currency: str, amount_minor: int) -> list[Method]:
    """Return the ways to pay an amount from a country, the quickest for most people first."""
    if amount_minor < LEAST_MINOR.get(currency, 0):
        return []
    named = [
        Method(offer.type, offer.name, offer.note, offer.icon)
        for offer in OFFERS
        if offer.fits(country, currency, amount_minor)
    ]
    return [*named, Method(ANY, _("Other ways to pay"), _("Choose on the next page."), "wallet")]
