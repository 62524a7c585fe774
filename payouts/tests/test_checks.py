"""The audit sees each way in which paying out could be wrong: one forgery at a time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

import ledger
from accounts.models import User
from ledger.sources import people_hold_what_their_rows_say, postings_have_their_rows
from payouts.checks import CHECKS
from payouts.methods import bank_accounts, encryption
from payouts.models import Batch, Payout, PayoutEvent, Proposal, StatementLine
from payouts.proposals import services as proposals
from payouts.rails.bank_file.pain001 import message_id
from payouts.requests import automatic
from payouts.tests.bank import camt, entry, payment, read, report
from payouts.tests.builders import (
    answered,
    bank_account,
    came_back,
    confirm_all,
    eur,
    ready,
    requested,
    sent,
)


def breaches() -> set[int]:
    proofs = [*CHECKS, postings_have_their_rows, people_hold_what_their_rows_say]
    return {breach.invariant for check in proofs for breach in check()}


@pytest.fixture
def paid(bob: User, carol: User, dana: User, erin: User) -> Payout:
    """One settled, one on its way, one waiting: all well."""
    one = ready(bob)
    answered(dana, sent(dana, erin, one))
    sent(dana, erin, ready(carol, 2_000))
    requested(bob, 3_000)
    assert breaches() == set()
    return one


def raw(sql: str) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET LOCAL session_replication_role = replica")  # past every trigger
            cursor.execute(sql)
            cursor.execute("SET LOCAL session_replication_role = origin")

    return run


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE payouts_payout SET provider_reference = '' WHERE state = 'settled'", {10}),
        ("UPDATE payouts_batch SET state = 'discarded'", {10}),
        ("UPDATE payouts_payout SET state = 'sent' WHERE state = 'settled'", {10, 14}),
        ("UPDATE payouts_payout SET state = 'settled' WHERE state = 'sent'", {10, 14}),
        ("UPDATE payouts_payout SET state = 'returned' WHERE state = 'settled'", {10, 11}),
        (
            "UPDATE payouts_payout SET amount_minor = amount_minor + 1 WHERE state = 'requested'",
            {11},
        ),
        (
            "UPDATE payouts_payout SET amount_minor = amount_minor + 1 WHERE state = 'sent'",
            {11, 14},
        ),
        ("UPDATE payouts_payout SET diamonds = diamonds - 1 WHERE state = 'requested'", {11}),
        ("UPDATE payouts_payout SET state = 'cancelled' WHERE state = 'requested'", {10, 11}),
    ],
)
def test_each_forgery_is_found(paid: Payout, sql: str, found: set[int]) -> None:
    raw(sql)()
    assert breaches() == found


LINE, STEP = "UPDATE payouts_statementline SET", "UPDATE payouts_payoutevent SET"


@pytest.fixture
def decided(bob: User, carol: User, dana: User, erin: User) -> None:
    """What two people booked: a return, a payment after all, a void file, a charge, a wrong row."""
    back, late, void, held = (ready(bob, diamonds) for diamonds in (2_000, 2_100, 2_200, 2_300))
    came_back(dana, erin, sent(dana, erin, back), back)
    bank_account(bob, holder="Bob H. Harbour")
    Payout.objects.filter(state="ready").update(method=bank_accounts.method_of(bob))
    about = message_id(sent(dana, erin, late).public_id.hex)
    read(dana, report(about, payment(late.end_to_end_id, reason="XY99")))
    paid_at_last = entry("14.32", late.end_to_end_id, ref="LATE")
    said(dana, erin, camt(paid_at_last, ident="S-2"), Proposal.Kind.PAID)
    batch = sent(dana, erin, void)
    proposals.propose_not_executed(batch=batch, by=dana, reason="The portal refused it")
    confirm_all(erin)
    fee, odd = entry("9.90", "NOTPROVIDED", ref="FEE"), entry("1.00", held.end_to_end_id, ref="ODD")
    said(dana, erin, camt(fee, ident="S-3"), Proposal.Kind.CHARGE)
    said(dana, erin, camt(odd, ident="S-4"), Proposal.Kind.WRONG_ROW)
    assert breaches() == set()


def said(dana: User, erin: User, content: bytes, kind: "Proposal.Kind") -> None:
    """Let two people decide what the one row of a file means."""
    read(dana, content)
    line = StatementLine.objects.latest("pk")
    proposals.propose_for_line(line=line, kind=kind, by=dana, reason="The bank told us")
    confirm_all(erin)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (f"{LINE} outcome = 'contradicts' WHERE outcome = 'dismissed'", {15}),
        (f"{LINE} outcome = 'repeated' WHERE reference = 'LATE'", {15}),
        (f"{LINE} amount_minor = amount_minor + 1 WHERE reference = 'FEE'", {15}),
        (f"{LINE} amount_minor = amount_minor + 1 WHERE reference = 'LATE'", {15}),
        ("UPDATE payouts_proposal SET amount_minor = amount_minor + 1 WHERE kind = 'charge'", {15}),
        ("UPDATE payouts_payout SET decision_id = NULL", {15}),
        (f"{STEP} decision_id = NULL WHERE state = 'returned'", {10, 11, 15}),
        ("UPDATE payouts_batch SET state = 'closed' WHERE state = 'void'", {15}),
        ("UPDATE payouts_batch SET decision_id = NULL", {15}),
        (f"{STEP} reference = 'X' WHERE state = 'settled'", {10}),
        ("UPDATE payouts_payout SET return_reason = 'X' WHERE state = 'settled'", {10}),
    ],
)
def test_each_forgery_of_what_two_people_booked_is_found(
    decided: None, sql: str, found: set[int]
) -> None:
    raw(sql)()
    assert breaches() == found


def test_another_file_with_its_own_fingerprint_is_found(paid: Payout) -> None:
    file = encryption.encrypt(b"<Document/>")
    forged = {"file": file, "file_sha256": encryption.digest(b"<Document/>")}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Batch.objects.filter(state="approved").update(**forged)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert breaches() == {10}


def test_money_taken_from_a_creators_cash_is_found(paid: Payout, bob: User) -> None:
    leg = ledger.Leg(
        "EUR",
        ledger.account_id("cash", "EUR", bob.pk),
        ledger.account_id("bank", "EUR"),
        5,
    )
    ledger.post_one(key="theft", kind="test", legs=[leg])
    assert breaches() == {11}


def test_a_sending_without_a_payout_is_found(paid: Payout, bob: User) -> None:
    leg = ledger.Leg(
        "EUR",
        ledger.account_id("cash", "EUR", bob.pk),
        ledger.account_id("payout_in_transit:bank_file", "EUR"),
        5,
    )
    ledger.post_one(key="payout:nobody:sent", kind="payout_sent", legs=[leg])
    assert breaches() == {11, 14}


def test_a_charge_that_one_person_booked_is_found(paid: Payout) -> None:
    leg = ledger.Leg(
        "EUR", ledger.account_id("payout_fees", "EUR"), ledger.account_id("bank", "EUR"), 5
    )
    ledger.post_one(key="proposal:nobody", kind="bank_charge", legs=[leg])
    assert breaches() == {15}


def test_a_payout_without_an_answer_is_flagged_for_staff(paid: Payout) -> None:
    long_ago = timezone.now() - timedelta(days=5, hours=2)
    PayoutEvent.objects.filter(state="sent").update(created_at=long_ago)
    assert breaches() == {14}
    assert automatic.flag_late_payouts() == 1
    assert breaches() == set()
    late = Payout.objects.get(state="sent")
    assert late.needs_attention == "No answer from the bank for 5 days."
    assert automatic.flag_late_payouts() == 0


def test_the_sweep_does_everything_that_is_due(bob: User) -> None:
    from payouts.tasks import sweep

    payout = requested(bob)
    sweep()
    payout.refresh_from_db()
    assert payout.state == Payout.State.READY
    assert [message.subject for message in mail.outbox] == [
        "[SANDBOX] A payout bank account was added"
    ]
    assert eur("cash", bob) == 6818
