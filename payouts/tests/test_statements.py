"""The bank's answer: the booking of each row, the refusals, and that nothing is half-booked."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import ledger
from accounts.models import User
from foundation.errors import WrongState
from payouts import refusals
from payouts.models import Batch, Payout, StatementLine
from payouts.rails.bank_file.pain001 import message_id
from payouts.rails.bank_file.sample import statement_for
from payouts.requests import automatic, services
from payouts.statements import bank_statements
from payouts.tests.bank import books_hold, camt, entry, outcomes, read
from payouts.tests.builders import (
    answered,
    bank_account,
    built,
    came_back,
    confirm_all,
    eur,
    fresh,
    ready,
    requested,
    sent,
)


def test_the_test_bank_settles_everything(bob: User, carol: User, dana: User, erin: User) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    assert outcomes(answered(dana, batch)) == ["settled", "settled"]
    batch.refresh_from_db()
    assert batch.state == Batch.State.CLOSED
    assert fresh(one).provider_reference == f"BANK-{one.short_id}"
    assert eur("payout_in_transit:bank_file") == 0
    assert eur("bank") == -(6818 + 1364)  # a debit balance: what left our account
    books_hold()


def test_one_comes_back(bob: User, carol: User, dana: User, erin: User) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    report = came_back(dana, erin, batch, two)
    assert outcomes(report) == ["settled", "settled", "returned"]
    back = fresh(two)
    assert (back.state, back.return_reason) == ("returned", "the account is closed (AC04)")
    assert back.method.locked_reason == "the account is closed (AC04)"
    assert eur("cash", carol) == 1364
    assert eur("bank") == -6818
    assert [event.state for event in back.events.all()][-2:] == ["settled", "returned"]
    books_hold()


def test_pay_out_again_after_the_details_are_entered_again(
    bob: User, dana: User, erin: User
) -> None:
    payout = ready(bob)
    came_back(dana, erin, sent(dana, erin, payout), payout)
    key, other = payout.key, uuid.uuid4()
    with pytest.raises(refusals.MethodLocked):
        services.pay_again(creator=bob, payout=payout, key=other)
    bank_account(bob, holder="Bob H. Harbour")
    with pytest.raises(ledger.KeyReused):
        services.pay_again(creator=bob, payout=payout, key=key)
    again = services.pay_again(creator=bob, payout=payout, key=other)
    assert services.pay_again(creator=bob, payout=payout, key=other) == again
    with pytest.raises(ledger.KeyReused):
        services.request_payout(creator=bob, diamonds=0, key=other)
    assert (again.diamonds, again.amount_minor) == (0, 6818)
    with pytest.raises(refusals.AlreadyPaidAgain):
        services.pay_again(creator=bob, payout=payout, key=uuid.uuid4())
    services.cancel(payout=again, by=bob)
    assert eur("cash", bob) == 6818
    last = services.pay_again(creator=bob, payout=payout, key=uuid.uuid4())
    automatic.check_requested()
    answered(dana, sent(dana, erin, fresh(last)))
    assert fresh(last).state == Payout.State.SETTLED
    assert eur("cash", bob) == 0
    books_hold()


def test_only_ones_own_return_is_paid_again(bob: User, carol: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    came_back(dana, erin, sent(dana, erin, payout), payout)
    bank_account(carol)
    with pytest.raises(Payout.DoesNotExist):
        services.pay_again(creator=carol, payout=payout, key=payout.key)


def test_what_did_not_come_back_is_not_paid_again(bob: User) -> None:
    payout = requested(bob)
    with pytest.raises(WrongState):
        services.pay_again(creator=bob, payout=payout, key=uuid.uuid4())


def test_a_return_before_the_debit_undoes_the_sending(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    assert read(dana, camt(entry("68.18", payout.end_to_end_id, credit=True))) == ["returned"]
    assert eur("cash", bob) == 6818
    assert eur("payout_in_transit:bank_file") == eur("bank") == 0
    assert fresh(payout).return_reason == "no reason was given"
    books_hold()


def test_a_return_printed_above_its_debit(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    e2e = payout.end_to_end_id
    rows = camt(entry("68.18", e2e, credit=True, ref="B"), entry("68.18", e2e, ref="A"))
    assert read(dana, rows) == ["waiting", "settled"]
    confirm_all(erin)
    assert fresh(payout).state == Payout.State.RETURNED
    books_hold()


def test_the_same_file_gets_the_first_report(bob: User, dana: User, erin: User) -> None:
    batch = sent(dana, erin, ready(bob))
    content = statement_for(batch)
    first, new = bank_statements.read_statement(content=content, by=dana)
    again, new_again = bank_statements.read_statement(content=content, by=erin)
    assert (new, new_again, first) == (True, False, again)
    assert StatementLine.objects.count() == 1


def test_the_same_rows_in_another_file(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    row = entry("68.18", payout.end_to_end_id)
    assert read(dana, camt(row)) == ["settled"]
    assert read(dana, camt(row, ident="STMT-2")) == ["repeated"]
    assert eur("bank") == -6818


@pytest.mark.parametrize("reference", ["R1", ""])
def test_the_same_payout_debited_twice_in_one_file_is_told(
    bob: User, dana: User, erin: User, reference: str
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    row = entry("68.18", payout.end_to_end_id, ref=reference)
    assert read(dana, camt(row, row)) == ["settled", "contradicts"]
    assert fresh(payout).held_reason
    assert eur("bank") == -6818


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_references_in_other_letters_are_ours(
    bob: User, carol: User, dana: User, erin: User, change: Callable[[str], str]
) -> None:
    one, two, three = ready(bob), ready(carol, 2_000), ready(carol, 2_000)
    sent(dana, erin, one)
    batch = sent(dana, erin, two, three)
    whole = (
        '<Ntry><Amt Ccy="EUR">27.28</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls><Btch><PmtInfId>B-1'
        f"</PmtInfId><MsgId>{change(message_id(batch.public_id.hex))}</MsgId></Btch><TxDtls><Refs>"
        "<EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>"
    )
    rows = camt(entry("68.18", change(one.end_to_end_id)), whole)
    assert read(dana, rows) == ["settled"] * 3
    books_hold()


DETAIL = "<TxDtls><Refs><EndToEndId>{id}</EndToEndId></Refs>{amount}</TxDtls>"


def collective(total: str, *details: str, before: str = "") -> bytes:
    return camt(
        f'<Ntry><Amt Ccy="EUR">{total}</Amt><CdtDbtInd>DBIT</CdtDbtInd><AcctSvcrRef>R</AcctSvcrRef>'
        f"<NtryDtls>{before}{''.join(details)}</NtryDtls></Ntry>"
    )


def test_our_own_sum_whose_payments_have_no_amounts(
    bob: User, carol: User, dana: User, erin: User
) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    before = f"<Btch><PmtInfId>{message_id(batch.public_id.hex)}</PmtInfId></Btch>"
    bare = [DETAIL.format(id=p.end_to_end_id, amount="") for p in (one, two)]
    assert read(dana, collective("81.83", *bare, before=before)) == ["contradicts"] * 2
    assert read(dana, collective("68.18", *bare)) == ["contradicts"] * 2
    assert fresh(one).state == Payout.State.SENT
    assert read(dana, collective("81.82", *bare, before=before)) == ["settled"] * 2
    books_hold()


def test_our_own_sum_with_a_strangers_payment_in_it_is_told(
    bob: User, dana: User, erin: User
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    bare = [DETAIL.format(id=name, amount="") for name in (payout.end_to_end_id, "RENT-11")]
    assert read(dana, collective("68.18", *bare)) == ["contradicts", "unknown"]


def test_our_own_sum_whose_payments_are_nameless(
    bob: User, carol: User, dana: User, erin: User
) -> None:
    batch = sent(dana, erin, ready(bob), ready(carol, 2_000))
    before = f"<Btch><PmtInfId>{message_id(batch.public_id.hex)}</PmtInfId></Btch>"
    bare = DETAIL.format(id="NOTPROVIDED", amount="")
    assert read(dana, collective("81.82", bare, bare, before=before)) == ["settled"] * 2


def test_amounts_as_they_were_instructed(bob: User, carol: User, dana: User, erin: User) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    sent(dana, erin, one, two)
    told = '<AmtDtls><InstdAmt><Amt Ccy="EUR">{}</Amt></InstdAmt></AmtDtls>'
    rows = [
        DETAIL.format(id=one.end_to_end_id, amount=told.format("68.18")),
        DETAIL.format(id=two.end_to_end_id, amount=told.format("13.64")),
    ]
    assert read(dana, collective("81.82", *rows)) == ["settled"] * 2


def test_a_statement_is_read_with_as_many_queries_as_it_has_kinds(
    bob: User, carol: User, dana: User, erin: User
) -> None:
    """However many rows: no query of one row."""
    counts = []
    for many in (2, 12):
        payouts = [ready(creator, 1_500) for creator in (bob, carol) for _ in range(many)]
        sent(dana, erin, *payouts)
        amount = f"{payouts[0].amount.amount:.2f}"
        rows = [entry(amount, p.end_to_end_id, ref=p.short_id) for p in payouts]
        rows += [
            entry(amount, p.end_to_end_id, ref=f"B{p.short_id}", credit=True)
            for p in payouts[: many // 2]
        ]
        rows += [entry("5.00", f"RENT-{number}", ref="") for number in range(many)]
        with CaptureQueriesContext(connection) as asked:
            found = read(dana, camt(*rows, ident=f"S-{many}"))
        assert found.count("settled") == 2 * many
        assert found.count("waiting") == many // 2
        counts.append(len(asked))
    assert counts[1] <= counts[0] < 40
    books_hold()


def test_a_second_debit_under_another_reference_contradicts(
    bob: User, dana: User, erin: User
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    e2e = payout.end_to_end_id
    report = camt(entry("68.18", e2e, ref="R1"), entry("68.18", e2e, ref="R2"))
    assert read(dana, report) == ["settled", "contradicts"]
    assert "R1" in StatementLine.objects.get(outcome="contradicts").note


@pytest.mark.parametrize("amount", ["68.17", "68.19", "6818.00", "0.01"])
def test_another_amount_contradicts(bob: User, dana: User, erin: User, amount: str) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    assert read(dana, camt(entry(amount, payout.end_to_end_id))) == ["contradicts"]
    assert fresh(payout).state == Payout.State.SENT
    assert "€68.18" in StatementLine.objects.get().note


def test_another_currency_contradicts(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    row = entry("68.18", payout.end_to_end_id).replace("EUR", "SEK")
    assert read(dana, camt(row)) == ["contradicts"]
    assert fresh(payout).state == Payout.State.SENT


def test_what_has_not_left_contradicts(bob: User, dana: User, erin: User) -> None:
    waiting, inside = ready(bob), ready(bob, 2_000)
    built(dana, inside)
    rows = [entry("68.18", waiting.end_to_end_id), entry("13.64", inside.end_to_end_id)]
    assert read(dana, camt(*rows)) == ["contradicts", "contradicts"]
    assert fresh(waiting).state == Payout.State.READY
    assert eur("bank") == 0
    notes = StatementLine.objects.values_list("note", flat=True)
    assert all(note.startswith("The payout hasn't been sent") for note in notes)


def test_strangers_rows_are_reported_and_left_alone(dana: User) -> None:
    rows = [
        entry("12.00", "NOTPROVIDED"),
        entry("5.00", "RENT-11"),
        entry("5.00", "0" * 32),
        entry("9.00", "", credit=True),
    ]
    assert read(dana, camt(*rows)) == ["unknown"] * 4


def test_not_booked_yet_is_not_booked(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    row = entry("68.18", payout.end_to_end_id).replace("<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>")
    assert read(dana, camt(row)) == ["unknown"]
    assert fresh(payout).state == Payout.State.SENT


def test_version_02_says_it_otherwise(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    row = entry("68.18", payout.end_to_end_id)
    row = row.replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>")
    inner = '<Amt Ccy="EUR">68.18</Amt></TxDtls>'
    row = row.replace(
        inner, f"<AmtDtls><TxAmt>{inner.removesuffix('</TxDtls>')}</TxAmt></AmtDtls></TxDtls>"
    )
    assert read(dana, camt(row, version="02")) == ["settled"]


def test_a_file_booked_in_one_sum(bob: User, carol: User, dana: User, erin: User) -> None:
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    row = (
        '<Ntry><Amt Ccy="EUR">81.82</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<NtryDtls><Btch><PmtInfId>{message_id(batch.public_id.hex)}</PmtInfId></Btch></NtryDtls></Ntry>"
    )
    assert read(dana, camt(row.replace("81.82", "81.81"))) == ["contradicts"]
    assert read(dana, camt(row)) == ["settled", "settled"]
    assert fresh(two).provider_reference != ""
    books_hold()


def test_there_is_no_test_bank_in_live_mode(
    bob: User, dana: User, erin: User, settings: object
) -> None:
    batch = sent(dana, erin, ready(bob))
    settings.SANDBOX = False  # type: ignore[attr-defined]  # pytest-django's wrapper
    with pytest.raises(refusals.SandboxOnly):
        statement_for(batch)
