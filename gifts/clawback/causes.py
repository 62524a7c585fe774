"""What takes a payment back that gifts were paid with: a dispute, or a refund of a child's orders.

Gifts follow both in the same way: set aside while it is open, taken if the money is gone, given
back if it stays.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from gifts.models import Clawback, FollowedDispute, FollowedRefund
from wallet.models import Dispute, DisputePolicy, DisputeStep, Purchase, Refund


@dataclass(frozen=True)
class Cause:
    """A dispute or a refund as gifts see it, at the moment of reading."""

    row: Dispute | Refund
    purchase: Purchase
    coins: int  # spent coins of the order that it is about
    is_open: bool
    stays: bool  # the money stays where it is, or never left
    creator_bears: bool

    @property
    def public_id(self) -> UUID:
        """What the postings are named by."""
        return self.row.public_id

    @property
    def named(self) -> dict[str, Dispute | Refund]:
        """The row as a clawback names it."""
        return {"dispute" if isinstance(self.row, Dispute) else "refund": self.row}


def of_dispute(pk: int) -> Cause:
    """Return a dispute. Read, not locked: what the bank decides next the next sweep sees."""
    dispute = Dispute.objects.select_related("purchase").get(pk=pk)
    held = dispute.steps.filter(kind=DisputeStep.Kind.HELD)
    return Cause(
        dispute,
        dispute.purchase,
        coins=dispute.coins - int(held.aggregate(sum=Sum("coins", default=0))["sum"]),
        is_open=dispute.is_open,
        stays=dispute.state == Dispute.State.WON,
        creator_bears=dispute.bearer == DisputePolicy.Bearer.CREATOR,
    )


def of_refund(pk: int) -> Cause:
    """Return a refund that takes gifts back. Money that left once has taken them for good."""
    refund = Refund.objects.select_related("purchase").get(pk=pk)
    return Cause(
        refund,
        refund.purchase,
        coins=refund.gift_coins,
        is_open=refund.is_open,
        stays=not refund.is_open and refund.done_at is None,
        creator_bears=refund.bearer == DisputePolicy.Bearer.CREATOR,
    )


def new_disputes() -> QuerySet[Dispute]:
    """Return disputes that gifts have not heard of, or not of their end."""
    decided = Q(decided_at__isnull=False) & Q(followed__decided=False)
    return Dispute.objects.filter(Q(followed__isnull=True) | decided).order_by("pk")


def new_refunds() -> QuerySet[Refund]:
    """Return refunds with gifts that gifts have not heard of, or not of their end."""
    decided = ~Q(state__in=Refund.UNDER_WAY) & Q(followed__decided=False)
    taking = Refund.objects.filter(gift_coins__gt=0)
    return taking.filter(Q(followed__isnull=True) | decided).order_by("pk")


def lock(cause: type[Dispute | Refund], pk: int) -> FollowedDispute | FollowedRefund:
    """Return what gifts have done about it, locked: two workers at once do each part once."""
    if cause is Dispute:
        FollowedDispute.objects.bulk_create([FollowedDispute(dispute_id=pk)], ignore_conflicts=True)
        return FollowedDispute.objects.select_for_update().get(pk=pk)
    FollowedRefund.objects.bulk_create([FollowedRefund(refund_id=pk)], ignore_conflicts=True)
    return FollowedRefund.objects.select_for_update().get(pk=pk)


def clawbacks_of(cause: Cause) -> QuerySet[Clawback]:
    """Return what a cause did to gifts so far."""
    return Clawback.objects.filter(**cause.named)
