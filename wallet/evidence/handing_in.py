"""Handing evidence in: a person presses, a worker tells the provider. Claim, call, settle."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from foundation import due_rows
from wallet.disputes.refusals import EvidenceHandedIn, EvidenceTooLate
from wallet.evidence.pack import compose
from wallet.models import Dispute, DisputeEvidence, Purchase
from wallet.providers import registry
from wallet.providers.base import Evidence

LEASE = timedelta(seconds=60)
BATCH = 20


@transaction.atomic
def hand_in(*, dispute: Dispute, by: User, note: str = "") -> DisputeEvidence:
    """Write the evidence as it is now, once, for a worker to hand in.

    Raises `EvidenceTooLate`, `EvidenceHandedIn`.
    """
    locked = Dispute.objects.select_for_update(of=("self",)).select_related("purchase__user")
    dispute = locked.get(pk=dispute.pk)
    late = dispute.evidence_due_at is not None and dispute.evidence_due_at < timezone.now()
    if not dispute.is_open or late:
        raise EvidenceTooLate
    if dispute.evidence.exists():
        raise EvidenceHandedIn
    pack = compose(dispute, note)
    return DisputeEvidence.objects.create(
        dispute=dispute,
        note=note,
        facts=dict(pack.facts),
        pdf=pack.pdf,
        sha256=hashlib.sha256(pack.pdf).hexdigest(),
        created_by=by,
        due_at=Now(),
    )


def send_due() -> int:
    """Hand in the evidence that is due, and return how many were tried."""
    waiting = DisputeEvidence.objects.select_related("dispute")
    claimed = due_rows.claim(waiting, lease=LEASE, most=BATCH)
    for evidence in claimed:
        try:
            _send(evidence)
        except Exception as trouble:
            due_rows.put_off(evidence, f"Evidence {evidence.dispute.public_id}", trouble)
    return len(claimed)


def _send(evidence: DisputeEvidence) -> None:
    dispute = evidence.dispute
    # What was decided meanwhile needs no evidence; a provider would refuse it.
    if dispute.is_open:
        pack = Evidence(bytes(evidence.pdf), evidence.facts)
        registry.named(dispute.provider).hand_in(dispute.provider_reference, pack)
    _handed_in(evidence, told=dispute.is_open)


@transaction.atomic
def _handed_in(evidence: DisputeEvidence, *, told: bool) -> None:
    # The order first, as settlement locks it: it is inspected, and the dispute moves on by that.
    Purchase.objects.filter(pk=evidence.dispute.purchase_id).update(due_at=Now())
    DisputeEvidence.objects.filter(pk=evidence.pk).update(
        handed_in_at=Now() if told else None, due_at=None, needs_attention=""
    )
