"""Evidence: made from our rows, shown before it is handed in, handed in once."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from conftest import person
from foundation import due_rows
from wallet.disputes.refusals import EvidenceHandedIn, EvidenceTooLate
from wallet.evidence import handing_in
from wallet.evidence.pack import compose
from wallet.models import Dispute, DisputeEvidence, SandboxDispute
from wallet.providers.base import Evidence, Unreachable
from wallet.providers.sandbox.provider import SandboxProvider
from wallet.purchases import settlement
from wallet.tests import stage
from wallet.tests.disputes.stage import State, decided, disputed, heard

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispute(db: None) -> Dispute:
    return disputed(stage.paid(person("frida"), 1_000))


def test_a_pack_says_what_our_rows_say(dispute: Dispute) -> None:
    pack = compose(dispute, "She played on after it.")
    assert pack.pdf.startswith(b"%PDF")
    assert pack.facts["customer_email_address"] == "frida@example.com"
    assert "1,000 coins" in pack.facts["product_description"]
    assert pack.facts["uncategorized_text"] == "She played on after it."
    assert "customer_purchase_ip" not in pack.facts, "not kept, so not said"


def test_evidence_is_handed_in_by_a_worker_once_and_as_it_was_written(
    dispute: Dispute, dana: User
) -> None:
    written = handing_in.hand_in(dispute=dispute, by=dana, note="Ours.")
    with pytest.raises(EvidenceHandedIn):
        handing_in.hand_in(dispute=dispute, by=dana)
    assert (handing_in.send_due(), handing_in.send_due()) == (1, 0)
    written.refresh_from_db()
    assert written.handed_in_at
    told = SandboxDispute.objects.get().evidence
    assert told
    assert told["uncategorized_text"] == "Ours."
    settlement.sweep()
    dispute.refresh_from_db()
    assert dispute.state == "under_review"


def test_the_database_keeps_one_evidence_for_each_dispute(dispute: Dispute, dana: User) -> None:
    written = handing_in.hand_in(dispute=dispute, by=dana)
    written.pk = None
    with pytest.raises(IntegrityError):
        written.save(force_insert=True)


@pytest.mark.parametrize("end", [State.WON, State.LOST])
def test_after_the_end_there_is_nothing_to_hand_in(
    dispute: Dispute, dana: User, end: SandboxDispute.State
) -> None:
    decided(dispute, end)
    with pytest.raises(EvidenceTooLate):
        handing_in.hand_in(dispute=dispute, by=dana)


def test_after_the_deadline_there_is_nothing_to_hand_in(dispute: Dispute, dana: User) -> None:
    SandboxDispute.objects.update(evidence_due_at=timezone.now())
    with pytest.raises(EvidenceTooLate):
        handing_in.hand_in(dispute=heard(SandboxDispute.objects.get()), by=dana)


def test_what_is_decided_meanwhile_is_not_handed_in(dispute: Dispute, dana: User) -> None:
    written = handing_in.hand_in(dispute=dispute, by=dana)
    decided(dispute, State.WON)
    handing_in.send_due()
    written.refresh_from_db()
    assert (written.handed_in_at, written.due_at) == (None, None)
    assert SandboxDispute.objects.get().state == "won"


def test_a_provider_that_does_not_answer_is_asked_again_and_staff_are_told(
    dispute: Dispute, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(self: SandboxProvider, reference: str, evidence: Evidence) -> None:
        raise Unreachable

    monkeypatch.setattr(SandboxProvider, "hand_in", silent)
    handing_in.hand_in(dispute=dispute, by=dana)
    for _ in range(due_rows.TROUBLE_AFTER):
        DisputeEvidence.objects.update(due_at=timezone.now())
        handing_in.send_due()
    evidence = DisputeEvidence.objects.get()
    assert evidence.due_at
    assert "Unreachable" in evidence.needs_attention
    monkeypatch.undo()
    DisputeEvidence.objects.update(due_at=timezone.now())
    handing_in.send_due()
    evidence.refresh_from_db()
    assert evidence.handed_in_at
    assert evidence.needs_attention == ""
