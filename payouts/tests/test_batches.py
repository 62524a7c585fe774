"""Two people, one file: building, approving, the bytes that leave."""

import csv
import io

import pytest
from defusedxml.ElementTree import fromstring
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from foundation.errors import WrongState
from foundation.sheets import plain
from ledger.models import LedgerCheck
from payouts import refusals
from payouts.batches import bank_files
from payouts.methods import bank_accounts, encryption
from payouts.models import Batch, Payout, PayoutMethod
from payouts.requests import services
from payouts.tests.builders import (
    DUTCH,
    FRENCH,
    bank_account,
    built,
    eur,
    fresh,
    ready,
    requested,
    sent,
)

NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def test_a_batch_takes_what_is_ready(bob: User, carol: User, dana: User) -> None:
    one, two, early = ready(bob), ready(carol, 2_000), requested(bob, 2_000)
    batch = bank_files.build_batch(by=dana)
    assert set(batch.payouts.all()) == {one, two}
    assert str(batch.total) == "€81.82"
    assert fresh(one).state == Payout.State.BATCHED
    assert fresh(early).state == Payout.State.REQUESTED
    assert eur("cash", bob) == 6818 + 1364
    with pytest.raises(refusals.NothingReady):
        bank_files.build_batch(by=dana)


def test_a_payout_in_a_batch_cannot_be_cancelled(bob: User, dana: User) -> None:
    payout = ready(bob)
    built(dana, payout)
    with pytest.raises(WrongState):
        services.cancel(payout=payout, by=bob)


def test_approval_lets_the_money_leave(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    assert (batch.state, batch.approved_by) == (Batch.State.APPROVED, erin)
    assert fresh(payout).state == Payout.State.SENT
    assert eur("cash", bob) == 0
    assert eur("payout_in_transit:bank_file") == 6818


def test_the_builder_cannot_approve(bob: User, dana: User) -> None:
    payout = ready(bob)
    batch = built(dana, payout)
    assert dana.is_superuser
    with pytest.raises(refusals.NeedsTwoPeople):
        bank_files.approve(batch=batch, by=dana)
    assert fresh(payout).state == Payout.State.BATCHED
    assert eur("payout_in_transit:bank_file") == 0


def test_the_database_refuses_the_builder_too(bob: User, dana: User, erin: User) -> None:
    batch = built(dana, ready(bob))
    forged = {"state": "approved", "approved_by": dana, "file": b"x", "file_sha256": "0" * 64}
    with pytest.raises(IntegrityError, match="batch_needs_two_people"), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(**forged)
    sql = "UPDATE payouts_batch SET approved_by_id = built_by_id"
    with (
        pytest.raises(IntegrityError, match="batch_needs_two_people"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    with pytest.raises(IntegrityError, match="approver_and_file"), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="approved")


def test_the_approver_cannot_be_paid_by_the_file(bob: User, dana: User) -> None:
    batch = built(dana, ready(bob))
    with pytest.raises(refusals.OwnPayout):
        bank_files.approve(batch=batch, by=bob)


def test_an_approved_batch_is_approved_once(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    with pytest.raises(WrongState):
        bank_files.approve(batch=batch, by=erin)
    with pytest.raises(WrongState):
        bank_files.discard(batch=batch)


def test_nothing_leaves_while_payouts_are_paused(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    batch = built(dana, payout)
    LedgerCheck.objects.create(ok=False, report="breach")
    with pytest.raises(refusals.PayoutsPaused):
        bank_files.approve(batch=batch, by=erin)
    bank_files.discard(batch=batch)
    with pytest.raises(refusals.PayoutsPaused):
        bank_files.build_batch(by=dana)
    assert fresh(payout).state == Payout.State.READY


def test_bank_details_that_changed_since_do_not_leave(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    batch = built(dana, payout)
    bank_account(bob, iban=FRENCH)
    with pytest.raises(refusals.BatchStale):
        bank_files.approve(batch=batch, by=erin)
    bank_files.discard(batch=batch)
    again = fresh(payout)
    assert (again.state, again.batch, again.method.iban_masked) == ("ready", None, "FR14 **** 2606")


def test_locked_details_do_not_leave(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    batch = built(dana, payout)
    PayoutMethod.objects.update(locked_reason="closed")
    with pytest.raises(refusals.BatchStale):
        bank_files.approve(batch=batch, by=erin)


def test_the_file_is_what_the_bank_reads(bob: User, carol: User, dana: User, erin: User) -> None:
    bank_account(carol, iban=FRENCH, holder="Çaröl & Søn <GmbH>")
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    root = fromstring(bank_files.download(batch=batch))
    assert root.tag == f"{{{NS['p']}}}Document"
    assert (
        root.findtext(".//p:GrpHdr/p:MsgId", namespaces=NS) == f"SANDBOX-{batch.public_id.hex[:26]}"
    )
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=NS) == "81.82"
    assert root.findtext(".//p:PmtInf/p:BtchBookg", namespaces=NS) == "true"
    assert root.findtext(".//p:DbtrAcct//p:IBAN", namespaces=NS) == "DE89370400440532013000"
    payments = root.findall(".//p:CdtTrfTxInf", NS)
    found = {
        payment.findtext(".//p:EndToEndId", namespaces=NS): (
            payment.findtext(".//p:InstdAmt", namespaces=NS),
            payment.findtext("p:CdtrAcct//p:IBAN", namespaces=NS),
            payment.findtext("p:Cdtr/p:Nm", namespaces=NS),
        )
        for payment in payments
    }
    assert found == {
        one.end_to_end_id: ("68.18", DUTCH, "Bob Harbour"),
        two.end_to_end_id: ("13.64", FRENCH, "Caroel + Soen GmbH"),
    }
    assert len(one.end_to_end_id) <= 35


def test_every_download_is_the_same_bytes(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    first = bank_files.download(batch=batch)
    assert bank_files.download(batch=batch) == first
    batch.refresh_from_db()
    assert encryption.digest(first) == batch.file_sha256
    assert batch.state == Batch.State.DOWNLOADED


def test_rendering_again_gives_the_same_bytes(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    assert batch.approved_at is not None
    files = bank_files._files(batch, list(batch.payouts.all()), at=batch.approved_at)
    assert files.xml == bank_files.download(batch=batch)


def test_a_changed_file_cannot_be_downloaded(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    Batch.objects.update(file=encryption.encrypt(b"<other/>"))
    with pytest.raises(refusals.FileDamaged):
        bank_files.download(batch=batch)


def test_the_file_is_encrypted_at_rest(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    assert DUTCH.encode() not in bytes(batch.file or b"") + bytes(batch.csv or b"")
    assert DUTCH.encode() in bank_files.download(batch=batch)


def test_nothing_is_downloaded_before_approval(bob: User, dana: User) -> None:
    with pytest.raises(WrongState):
        bank_files.download(batch=built(dana, ready(bob)))


def test_the_table_says_the_same(bob: User, dana: User, erin: User) -> None:
    bank_account(bob, holder="=HYPERLINK(0)")
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    [row] = csv.DictReader(io.StringIO(bank_files.download(batch=batch, csv=True).decode()))
    assert (row["end_to_end_id"], row["amount"], row["iban"]) == (
        payout.end_to_end_id,
        "68.18",
        DUTCH,
    )
    assert row["holder"] == "'=HYPERLINK(0)"
    assert plain("Bob") == "Bob"


def test_a_discarded_batch_leaves_no_trace_in_the_books(bob: User, dana: User) -> None:
    payout = ready(bob)
    batch = bank_files.discard(batch=built(dana, payout))
    assert batch.state == Batch.State.DISCARDED
    assert fresh(payout).state == Payout.State.READY
    assert [event.state for event in payout.events.all()] == [
        "requested",
        "ready",
        "batched",
        "ready",
    ]
    services.cancel(payout=payout, by=bob)


def test_names_of_files_say_sandbox(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    assert bank_files.file_name(batch, "xml").startswith("SANDBOX-payouts-")
    assert b"SANDBOX" in bank_files.download(batch=batch)


def test_the_account_needed_by_a_batch_is_not_removed(bob: User, dana: User) -> None:
    built(dana, ready(bob))
    with pytest.raises(refusals.PayoutWaiting):
        bank_accounts.remove_method(creator=bob)
