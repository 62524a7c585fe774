"""The default rate card, exchange rates, bundles and limits."""

from decimal import Decimal
from typing import Any

from accounts.models import Region
from foundation.dated import BEGINNING
from wallet.models import (
    Bundle,
    BundlePrice,
    FxRate,
    RateCard,
    SpendingPolicy,
    VelocityRule,
)


def load(data: dict[str, Any]) -> None:
    """Create what is missing of the economy; what staff changed stays."""
    card = data["rate_card"]
    RateCard.objects.get_or_create(
        code=card["code"],
        defaults={
            "valid_from": BEGINNING,
            "coin_value_micro_usd": card["coin_value"]["micro"],
            "diamonds_per_coin": card["diamonds_per_coin"],
            "diamond_payout_micro_usd": card["diamond_payout_micro_usd"],
        },
    )
    for currency, per_usd in data["fx_per_usd"].items():
        if not FxRate.objects.filter(currency=currency).exists():
            FxRate.objects.create(
                currency=currency,
                per_usd=Decimal(per_usd),
                valid_from=BEGINNING,
                source="assumption, review",
            )
    for region in Region.objects.filter(bundles=None):
        for coins, price_minor in data["bundles"][region.currency]["items"]:
            bundle = Bundle.objects.create(region=region, coins=coins)
            BundlePrice.objects.create(bundle=bundle, price_minor=price_minor, valid_from=BEGINNING)
    SpendingPolicy.objects.get_or_create(pk=1)
    # Rules that staff took away do not come back.
    if not VelocityRule.objects.exists():
        VelocityRule.objects.bulk_create(VelocityRule(**rule) for rule in data["velocity_rules"])
