"""Promotions and bonus coins for the wallet's tests."""

import uuid
from typing import Any

from accounts.models import Country, User
from wallet.codes.redeeming import redeem
from wallet.models import BonusLot, Bundle, Promotion
from wallet.tests.codes import made_batch


def promotion(**facts: Any) -> Promotion:
    """Return a promotion that holds now, of a percentage or of coins."""
    if region := facts.pop("region", None):
        facts["region"] = Country.objects.get(code=region).region
    if pack := facts.pop("pack", None):
        facts["bundle"] = Bundle.objects.get(
            region=Country.objects.get(code="DE").region, coins=pack
        )
    facts.setdefault("budget_coins", 100_000)
    facts.setdefault("per_fan_coins", min(10_000, facts["budget_coins"]))
    return Promotion.objects.create(name="Harbour days", **facts)


def bonus_lot(user: User, coins: int, *, days: int = 30) -> BonusLot:
    """Return bonus coins of a fan that came with a code."""
    made = made_batch(coins=coins, bonus_days=days)
    redemption = redeem(user=user, typed=made.codes[0], key=uuid.uuid4(), address="192.0.2.1")
    return redemption.bonus_lot
