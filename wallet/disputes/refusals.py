"""While a dispute is open its buyer cannot buy; and why evidence cannot be handed in."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import DomainError
from wallet.limits.standing import standing
from wallet.models import Dispute


class DisputeOpen(DomainError):
    """The fan disputes an earlier payment at their bank."""

    code = "dispute_open"
    status = 403
    message = _(
        "You asked your bank to take a payment back. You can buy coins again once your bank has "
        "decided. See the order in your wallet."
    )


class EvidenceTooLate(DomainError):
    """The bank has decided, or no longer takes evidence."""

    code = "evidence_too_late"
    message = _("The bank no longer takes evidence for this dispute. Wait for its decision.")


class EvidenceHandedIn(DomainError):
    """Banks read one answer."""

    code = "evidence_handed_in"
    message = _("Evidence was handed in already, and banks read it once. Wait for the decision.")


def open_dispute(user: User) -> Dispute | None:
    """Return the dispute that keeps a fan from buying, if one."""
    if not standing(user).disputed:
        return None
    mine = Dispute.objects.open().filter(purchase__user=user)
    return mine.order_by("opened_at").first()


def refuse_while_disputed(user: User) -> None:
    """Raise `DisputeOpen` for a fan with an open dispute. A sale calls it under the fan's lock."""
    if standing(user).disputed:
        raise DisputeOpen
