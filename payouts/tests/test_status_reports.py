"""pain.002: payments that the bank rejected come back; all others wait."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from foundation.bank_files.refusals import StatementIncomplete
from foundation.errors import DomainError
from payouts import emails, refusals, tasks, timeline
from payouts.batches import bank_files
from payouts.checks import CHECKS
from payouts.methods import bank_accounts
from payouts.models import BankStatement, Payout, StatementLine
from payouts.rails.bank_file.pain001 import message_id
from payouts.rails.bank_file.sample import statement_for
from payouts.requests import automatic
from payouts.statements import bank_statements
from payouts.tests.bank import outcomes, payment, report
from payouts.tests.browsers import browser
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
        ("", StatementIncomplete),
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


NO_ROWS = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>{}</Cd></Rsn></StsRsnInf>"
ORDER = "<PmtInfSts>{}</PmtInfSts>"


@pytest.mark.parametrize(
    "reason",
    [
        "<Rsn><Cd>AM05</Cd></Rsn>",
        "<Rsn><Cd>DU01</Cd></Rsn>",
        "<Rsn><Prtry>DUPLICATE_FILE</Prtry></Rsn>",
        "<Rsn><Cd>NARR</Cd></Rsn><AddtlInf>File was already received</AddtlInf>",
    ],
)
def test_a_refused_duplicate_moves_nothing(
    bob: User, carol: User, dana: User, erin: User, reason: str
) -> None:
    """The bank executes the first upload and refuses the second: nothing came back."""
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    group = f"<GrpSts>RJCT</GrpSts><StsRsnInf>{reason}</StsRsnInf>"
    assert read(dana, report(message_id(batch.public_id.hex), group=group)) == ["duplicate"] * 2
    assert eur("cash", bob) == eur("cash", carol) == 0
    assert "refused a duplicate" in fresh(one).needs_attention
    assert not fresh(one).method.locked
    assert outcomes(answered(dana, batch)) == ["settled", "settled"]
    assert fresh(one).needs_attention == ""
    assert books_hold()


@pytest.mark.parametrize(
    ("group", "inside"),
    [
        (NO_ROWS.format("DT01"), ""),
        ("", ORDER.format("RJCT") + "{rows:AM04}"),
        (
            "<GrpSts>ACCP</GrpSts>",
            ORDER.format("RJCT") + "<StsRsnInf><AddtlInf>No</AddtlInf></StsRsnInf>",
        ),
        (NO_ROWS.format("AC01"), ""),  # of a whole file: our own account number
    ],
)
def test_what_failed_by_our_own_fault_goes_out_again(
    bob: User, carol: User, dana: User, erin: User, group: str, inside: str
) -> None:
    payouts = [ready(bob), ready(carol, 2_000)]
    bank_accounts.set_weekly(creator=bob, weekly=True)
    batch = sent(dana, erin, *payouts)
    rows = "".join(payment(payout.end_to_end_id, reason="AM04") for payout in payouts)
    content = report(
        message_id(batch.public_id.hex), inside.replace("{rows:AM04}", rows), group=group
    )
    mail.outbox.clear()
    emails.send_due()
    before = len(mail.outbox)
    assert read(dana, content) == ["returned"] * 2
    assert not fresh(payouts[0]).method.locked
    assert fresh(payouts[0]).method.auto_weekly
    tasks.sweep()
    assert len(mail.outbox) == before
    assert Payout.objects.filter(state=Payout.State.READY).count() == 2
    assert automatic.send_again() == 0
    steps = timeline.steps(fresh(payouts[0]))
    assert "your bank account is fine" in steps[-1].note
    answered(dana, bank_files.approve(batch=bank_files.build_batch(by=dana), by=erin))
    assert eur("cash", bob) == eur("cash", carol) == 0
    assert books_hold()


def test_a_reason_nobody_knows_locks_and_blames_nobody(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    about = message_id(sent(dana, erin, payout).public_id.hex)
    assert read(dana, report(about, payment(payout.end_to_end_id, reason="XY99"))) == ["returned"]
    back = fresh(payout)
    assert not back.method.locked
    assert timeline.steps(back)[-1].name == "Came back"
    emails.send_due()
    words = [f"{letter.subject}: {letter.body}" for letter in mail.outbox]
    assert any("came back:" in letter for letter in words)
    assert not any("bank returned" in letter for letter in words)


BARE = "<TxInfAndSts><OrgnlEndToEndId>{}</OrgnlEndToEndId></TxInfAndSts>"


@pytest.mark.parametrize("group", [NO_ROWS.format("FF01"), ""])
@pytest.mark.parametrize("listed", [0, 1, 2, -1])
def test_a_refusal_above_holds_for_all_rows_below_without_a_status(
    bob: User, carol: User, dana: User, erin: User, group: str, listed: int
) -> None:
    payouts = [ready(bob), ready(carol, 2_000)]
    batch = sent(dana, erin, *payouts)
    rows = [BARE.format(payout.end_to_end_id) for payout in payouts[: max(listed, 0)]]
    rows += ["<TxInfAndSts><OrgnlInstrId>1</OrgnlInstrId></TxInfAndSts>"] * (listed < 0)
    above = "" if group else ORDER.format("RJCT")
    content = report(message_id(batch.public_id.hex), above, *rows, group=group)
    assert read(dana, content) == ["returned"] * 2
    assert eur("cash", carol) == 1364
    assert books_hold()


def test_a_status_below_goes_before_the_one_above(
    bob: User, carol: User, dana: User, erin: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    rows = [payment(one.end_to_end_id, "ACSP"), BARE.format(two.end_to_end_id)]
    content = report(message_id(batch.public_id.hex), *rows, group=NO_ROWS.format("FF01"))
    assert read(dana, content) == ["unknown", "returned"]
    part = report(message_id(batch.public_id.hex), *rows[1:], group="<GrpSts>PART</GrpSts>")
    assert read(dana, part) == ["unknown"]


@pytest.mark.parametrize(
    ("own", "above", "words"),
    [
        (
            "<StsRsnInf><Rsn><Cd>NARR</Cd></Rsn><AddtlInf>Account unknown</AddtlInf>"
            "<AddtlInf>at their bank</AddtlInf></StsRsnInf>",
            "",
            "Account unknown at their bank (NARR)",
        ),
        ("<StsRsnInf><AddtlInf>No such account</AddtlInf></StsRsnInf>", "", "No such account"),
        (
            "",
            "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>",
            "the account is closed (AC04)",
        ),
        (
            "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>since May</AddtlInf></StsRsnInf>",
            "",
            "the account is closed (AC04): since May",
        ),
        (f"<StsRsnInf><AddtlInf>{'x' * 500}</AddtlInf></StsRsnInf>", "", "x" * 199 + "…"),
    ],
)
def test_the_banks_own_words_are_kept(
    bob: User, dana: User, erin: User, own: str, above: str, words: str
) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    row = (
        f"<TxInfAndSts><OrgnlEndToEndId>{payout.end_to_end_id}</OrgnlEndToEndId>"
        f"<TxSts>RJCT</TxSts>{own}</TxInfAndSts>"
    )
    read(dana, report(message_id(batch.public_id.hex), above, row))
    assert fresh(payout).return_reason == StatementLine.objects.get().note == words
    page = browser(dana).get(reverse("admin:payouts_payout_change", args=[payout.pk]))
    assert words in page.content.decode()


def test_the_test_bank_does_not_pay_what_it_refused(
    bob: User, carol: User, dana: User, erin: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    read(dana, report(message_id(batch.public_id.hex), payment(two.end_to_end_id)))
    assert outcomes(answered(dana, batch)) == ["settled"]
    assert fresh(two).held_reason == ""


def test_a_report_about_one_file_says_nothing_of_another(bob: User, dana: User, erin: User) -> None:
    one, two = ready(bob), ready(bob, 2_000)
    about = message_id(sent(dana, erin, one).public_id.hex)
    sent(dana, erin, two)
    assert read(dana, report(about, payment(two.end_to_end_id))) == ["contradicts"]
    assert fresh(two).state == Payout.State.SENT


def test_the_test_bank_has_nothing_to_say_about_what_has_not_left(bob: User, dana: User) -> None:
    with pytest.raises(DomainError):
        statement_for(built(dana, ready(bob)))
