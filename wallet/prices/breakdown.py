"""The breakdown of a price into its parts, in whole minor units that add up, ready to be drawn."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from foundation.money import Money, money, sub_unit
from wallet.prices.quotes import Quote

WIDTH = 1_000  # the picture's own units


@dataclass(frozen=True)
class Part:
    """One part of the price: its name, its amount, and where it is drawn."""

    slug: str
    name: StrOrPromise
    note: StrOrPromise
    amount: Money
    left: int
    width: int

    @property
    def middle(self) -> int:
        """The place of the part's label."""
        return self.left + self.width // 2


@dataclass(frozen=True)
class Breakdown:
    """A round price and its parts."""

    price: Money
    parts: list[Part]


NAMES: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "creator": (_("Creator"), _("paid out in cash")),
    "platform": (_("Platform"), _("hosting, fraud, refunds, staff")),
    "fee": (_("Payment"), _("card or bank")),
    "tax": (_("Tax"), _("to your country")),
}


def round_price_minor(offer: Quote) -> int:
    """Return the round sum nearest below a price: 10 euros, 1,000 yen, 100 pesos."""
    units = offer.total_minor // sub_unit(offer.currency)
    return int(10 ** (len(str(units)) - 1)) * sub_unit(offer.currency)


def divide(whole: int, parts: dict[str, int]) -> dict[str, int]:
    """Return a whole divided in proportion, in integers that add up; the largest rests get the
    rest.
    """
    total = sum(parts.values())
    floors = {name: whole * part // total for name, part in parts.items()}
    rests = sorted(parts, key=lambda name: whole * parts[name] % total, reverse=True)
    for name in rests[: whole - sum(floors.values())]:
        floors[name] += 1
    return floors


def breakdown(offer: Quote) -> Breakdown:
    """Return the breakdown of a round price spent on this offer."""
    parts = {
        "creator": offer.creator_minor,
        "platform": max(0, offer.platform_minor),
        "fee": offer.fee_minor,
        "tax": offer.tax_minor,
    }
    price = round_price_minor(offer)
    amounts, widths = divide(price, parts), divide(WIDTH, parts)
    drawn, left = [], 0
    for slug, (name, words) in NAMES.items():
        if amounts[slug]:
            amount = money(amounts[slug], offer.currency)
            drawn.append(Part(slug, name, words, amount, left, widths[slug]))
        left += widths[slug]
    return Breakdown(money(price, offer.currency), drawn)
