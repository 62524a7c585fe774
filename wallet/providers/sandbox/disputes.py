"""The sandbox's bank: buyers complain, the bank decides. As a real provider would show it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wallet.models import SandboxDispute, SandboxNotice, SandboxPayment

State = SandboxDispute.State
ANSWER_WITHIN = timedelta(days=7)
FEE_MINOR = 1_500
ENDED = {State.WON, State.LOST}


@transaction.atomic
def complain(
    payment: SandboxPayment,
    *,
    amount_minor: int | None = None,
    inquiry: bool = False,
    reason: str = "fraudulent",
) -> SandboxDispute:
    """Let the buyer ask a payment back, all or part of it; the bank may only have a question."""
    return _told(
        SandboxDispute.objects.create(
            payment=payment,
            state=State.INQUIRY if inquiry else State.NEEDS_RESPONSE,
            inquiry=inquiry,
            reason=reason,
            amount_minor=amount_minor or payment.amount_minor,
            fee_minor=0 if inquiry else FEE_MINOR,
            evidence_due_at=timezone.now() + ANSWER_WITHIN,
        )
    )


@transaction.atomic
def move(dispute: SandboxDispute, to: State) -> SandboxDispute:
    """Move a dispute on, and owe a webhook; one that ended stays where it is.

    A question is withdrawn or becomes a dispute, for a fee; only a dispute can be lost.
    """
    locked = SandboxDispute.objects.select_for_update().get(pk=dispute.pk)
    locked.evidence = dispute.evidence
    if locked.state in ENDED:
        return locked
    if locked.inquiry and to in {State.NEEDS_RESPONSE, State.LOST}:
        locked.inquiry, locked.fee_minor = False, FEE_MINOR
    locked.state = to
    locked.save()
    return _told(locked)


def _told(dispute: SandboxDispute) -> SandboxDispute:
    SandboxPayment.objects.filter(pk=dispute.payment_id).update(changed_at=timezone.now())
    SandboxNotice.objects.create(payment_id=dispute.payment_id)
    return dispute
