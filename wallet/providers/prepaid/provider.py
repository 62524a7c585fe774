"""Orders that a prepaid card paid: paid before they were placed, and told by our own rows.

`clearing:prepaid` is what sellers of cards owe the operator, or have paid already.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from accounts.models import Country
from wallet.models import Purchase, Refund
from wallet.providers.base import (
    BadSignature,
    Evidence,
    Method,
    Notice,
    ProviderOff,
    ProviderPayment,
    ProviderRefund,
    RefundStatus,
    Started,
    Status,
)

NAME = "prepaid"


class PrepaidProvider:
    """Takes no order by itself: a card is redeemed, and its order is paid in the same moment."""

    name = NAME

    def methods(self, *, country: Country, currency: str, amount_minor: int) -> list[Method]:
        """Return nothing: nobody chooses it at the checkout."""
        return []

    def start(self, purchase: Purchase) -> Started:
        """Raise `ProviderOff`: there is no pay page."""
        raise ProviderOff

    def fetch(self, reference: str) -> ProviderPayment:
        """Return the payment of a card, which is there because the card was redeemed."""
        purchase = Purchase.objects.get(provider=NAME, provider_reference=reference)
        return ProviderPayment(
            reference=reference,
            order=str(purchase.public_id),
            status=Status.PAID,
            amount_minor=purchase.total_minor,
            currency=purchase.currency,
        )

    def verify(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Raise `BadSignature`: nobody sends messages."""
        raise BadSignature

    def refund(self, refund: Refund) -> ProviderRefund:
        """Return a refund that failed: a card takes no money back, so nothing asks it to."""
        return ProviderRefund(
            reference=str(refund.public_id),
            refund=str(refund.public_id),
            status=RefundStatus.FAILED,
            amount_minor=refund.net_minor + refund.tax_minor + refund.loss_minor,
            currency=refund.currency,
            why="A prepaid card takes no money back.",
        )

    def hand_in(self, reference: str, evidence: Evidence) -> None:
        """Do nothing: no bank asks about a card that was paid elsewhere."""

    def poll(self, since: datetime) -> Iterable[ProviderPayment]:
        """Return nothing: nothing changes behind our back."""
        return ()


provider = PrepaidProvider()
