"""The default rules for paying out."""

from decimal import Decimal
from typing import Any

from payouts.models import PayoutPolicy


def load(data: dict[str, Any]) -> None:
    """Create the policy if it is missing; what staff changed stays."""
    payout = data["payout"]
    PayoutPolicy.objects.get_or_create(
        pk=1,
        defaults={
            "min_usd_cents": int(Decimal(payout["min_usd"]) * 100),
            "max_per_day_usd_cents": int(Decimal(payout["max_per_day_usd"]) * 100),
            "bank_change_freeze_hours": payout["bank_change_freeze_h"],
        },
    )
