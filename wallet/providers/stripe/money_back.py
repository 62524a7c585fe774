"""What went back of a payment since: its refunds and disputes, in few questions."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from threading import Lock

import stripe
from django.utils import timezone

from wallet.providers.stripe.client import client

PAGE = 100
YOUNG = timedelta(days=1)
DisputesOf = Callable[[stripe.PaymentIntent], list[stripe.Dispute]]


def refunds_of(intent: stripe.PaymentIntent) -> list[stripe.Refund]:
    """Return the refunds of a payment, the oldest first, as they happened.

    A charge that came with all of them is not asked again; what it sums up of them is not enough:
    one that failed is no longer in the sum.
    """
    charge = intent.latest_charge
    brought = charge.refunds if isinstance(charge, stripe.Charge) else None
    if brought is not None and not brought.has_more:
        return brought.data[::-1]
    found = client().v1.refunds.list({"payment_intent": intent.id, "limit": PAGE})
    return list(found.auto_paging_iter())[::-1]


def disputes_of(intent: stripe.PaymentIntent) -> list[stripe.Dispute]:
    """Return the disputes of a payment, the oldest first, as they happened.

    Its charge says whether it is disputed, but not for certain whether a bank only inquires.
    """
    found = client().v1.disputes.list({"payment_intent": intent.id, "limit": PAGE})
    return list(found.auto_paging_iter())[::-1]


class Lately:
    """The disputes of payments that are asked about together, from the moment when it is made.

    A dispute is younger than its charge: one list of those opened lately holds the disputes of all
    charges that are as young.
    """

    def __init__(self) -> None:
        self.since = int((timezone.now() - YOUNG).timestamp())
        self.lock = Lock()
        self.found: dict[str, list[stripe.Dispute]] | None = None

    def disputes_of(self, intent: stripe.PaymentIntent) -> list[stripe.Dispute]:
        """Return the disputes of a payment, the oldest first."""
        charge = intent.latest_charge
        if not isinstance(charge, stripe.Charge) or charge.created < self.since:
            return disputes_of(intent)
        with self.lock:
            if self.found is None:
                self.found = self._opened()
        return self.found.get(intent.id, [])

    def _opened(self) -> dict[str, list[stripe.Dispute]]:
        found = client().v1.disputes.list({"created": {"gte": self.since}, "limit": PAGE})
        by_payment: dict[str, list[stripe.Dispute]] = defaultdict(list)
        for dispute in list(found.auto_paging_iter())[::-1]:
            by_payment[str(dispute.payment_intent)].append(dispute)
        return by_payment
