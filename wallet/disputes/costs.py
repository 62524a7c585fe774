"""What disputes cost the site lately, beside the reserve that its rules set."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, Sum
from django.utils import timezone

from foundation.money import Money, money
from wallet.models import Dispute, DisputePolicy, DisputeStep, Purchase

SPAN = timedelta(days=180)
BP = 10_000


@dataclass(frozen=True)
class Costs:
    """One currency's sums of the span, in minor units."""

    currency: str
    sold_minor: int
    lost_minor: int
    fees_minor: int
    held_minor: int
    reserve_bp: int

    @property
    def lost(self) -> Money:
        """What the site bore of disputes that were lost."""
        return money(self.lost_minor, self.currency)

    @property
    def fees(self) -> Money:
        """What providers charged."""
        return money(self.fees_minor, self.currency)

    @property
    def held(self) -> Money:
        """What providers took and banks have not decided about."""
        return money(self.held_minor, self.currency)

    @property
    def reserve(self) -> Money:
        """The reserve: a share of what was sold."""
        return money(self._reserve_minor, self.currency)

    @property
    def left(self) -> Money:
        """What is left of it; below zero where disputes cost more."""
        return money(self._reserve_minor - self.lost_minor - self.fees_minor, self.currency)

    @property
    def over(self) -> bool:
        """Whether disputes cost more than the reserve."""
        return self._reserve_minor < self.lost_minor + self.fees_minor

    @property
    def _reserve_minor(self) -> int:
        return self.sold_minor * self.reserve_bp // BP


def costs() -> list[Costs]:
    """Return what disputes cost lately, by currency."""
    since = timezone.now() - SPAN
    sold = Purchase.objects.filter(captured_at__gte=since).order_by().values_list("currency")
    sums: dict[str, int] = dict(sold.annotate(Sum("total_minor")))
    steps = DisputeStep.objects.filter(created_at__gte=since).order_by()
    spent: dict[str, Any] = {
        row["dispute__currency"]: row
        for row in steps.values("dispute__currency").annotate(
            lost=Sum("loss_minor"), fees=Sum("amount_minor", filter=Q(kind="fee"), default=0)
        )
    }
    held: dict[str, int] = dict(
        Dispute.objects.open()
        .filter(inquiry=False)
        .order_by()
        .values_list("currency")
        .annotate(Sum(F("amount_minor")))
    )
    bp = DisputePolicy.current().reserve_bp
    return [
        Costs(
            currency,
            sums.get(currency, 0),
            spent.get(currency, {}).get("lost") or 0,
            spent.get(currency, {}).get("fees") or 0,
            held.get(currency, 0),
            bp,
        )
        for currency in sorted(sums.keys() | spent.keys() | held.keys())
    ]
