"""pain.002: payments that the bank rejected come back; all others wait."""

import pytest

from accounts.models import User
from foundation.errors import DomainError
from payouts import refusals
from payouts.checks import CHECKS
from payouts.models import BankStatement, Payout, StatementLine
from payouts.rails.bank_file.pain001 import message_id
from payouts.rails.bank_file.sample import statement_for
from payouts.statements import bank_statements
from payouts.tests.bank import payment, report
from payouts.tests.builders import answered, built, eur, fresh, ready, sent


def read(by: User, content: bytes) -> list[str]:
    taken, _new = bank_statements.read_statement(content=content, by=by)
    return [line.outcome for line in taken.lines.all()]


def books_hold() -> bool:
    return not [breach for check in CHECKS for breach in check()]


@pytest.mark.parametrize("version", ["03", "10"])
def test_a_rejected_payment_is_the_creators_again(
    bob: User, carol: User, dana: User, erin: User, version: str
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    about = message_id(batch.public_id.hex)
    rows = [payment(one.end_to_end_id, "ACSP"), payment(two.end_to_end_id)]
    assert read(dana, report(about, *rows, version=version)) == ["unknown", "returned"]
    assert fresh(one).state == Payout.State.SENT
    back = fresh(two)
    assert (back.state, back.return_reason) == ("returned", "the account number is wrong (AC01)")
    assert eur("cash", carol) == 1364
    assert eur("payout_in_transit:bank_file") == 6818
    assert eur("bank") == 0
    assert StatementLine.objects.get(outcome="returned").amount_minor == 1364
    assert books_hold()


def test_a_file_refused_as_a_whole(bob: User, carol: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob), ready(carol, 2_000))
    group = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"
    content = report(message_id(batch.public_id.hex), group=group)
    assert read(dana, content) == ["returned", "returned"]
    assert eur("cash", bob) == 6818
    batch.refresh_from_db()
    assert batch.state == "closed"
    assert books_hold()


def test_a_file_taken_as_a_whole_changes_nothing(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    content = report(message_id(batch.public_id.hex), group="<GrpSts>ACCP</GrpSts>")
    assert read(dana, content) == ["unknown"]
    assert fresh(payout).state == Payout.State.SENT


def test_the_rest_of_a_file_is_still_booked_in_one_sum(
    bob: User, carol: User, dana: User, erin: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    about = message_id(batch.public_id.hex)
    read(dana, report(about, payment(two.end_to_end_id)))
    total = (
        b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        b"<BkToCstmrStmt><Stmt><Id>S</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>"
        b'<Ntry><Amt Ccy="EUR">68.18</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        b"<NtryDtls><Btch><MsgId>" + about.encode() + b"</MsgId></Btch></NtryDtls></Ntry></Stmt>"
        b"</BkToCstmrStmt></Document>"
    )
    assert read(dana, total) == ["settled"]
    assert fresh(one).state == Payout.State.SETTLED
    assert books_hold()


def test_what_was_paid_is_not_rejected_any_more(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    answered(dana, batch)
    content = report(message_id(batch.public_id.hex), payment(payout.end_to_end_id))
    assert read(dana, content) == ["contradicts"]
    assert (fresh(payout).state, eur("cash", bob)) == (Payout.State.SETTLED, 0)


def test_rejected_twice_comes_back_once(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    about = message_id(sent(dana, erin, payout).public_id.hex)
    row = payment(payout.end_to_end_id)
    assert read(dana, report(about, row)) == ["returned"]
    assert read(dana, report(about, row, payment("0" * 32))) == ["repeated", "unknown"]
    assert eur("cash", bob) == 6818


def test_what_has_not_left_is_not_rejected(bob: User, dana: User, erin: User) -> None:
    waiting, out = ready(bob), ready(bob, 2_000)
    about = message_id(sent(dana, erin, out).public_id.hex)
    built(dana, waiting)
    assert read(dana, report(about, payment(waiting.end_to_end_id))) == ["contradicts"]
    assert fresh(waiting).state == Payout.State.BATCHED


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ("SOMEBODY-ELSE", refusals.StatusOfOtherFile),
        ("SANDBOX-" + "0" * 26, refusals.StatusOfOtherFile),
        ("", refusals.StatementIncomplete),
    ],
)
def test_reports_about_other_files_are_refused(
    bob: User, dana: User, erin: User, about: str, refusal: type[DomainError]
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    with pytest.raises(refusal):
        read(dana, report(about, payment(payout.end_to_end_id)))
    assert fresh(payout).state == Payout.State.SENT
    assert not BankStatement.objects.exists()


def test_the_test_bank_has_nothing_to_say_about_what_has_not_left(bob: User, dana: User) -> None:
    with pytest.raises(DomainError):
        statement_for(built(dana, ready(bob)))
