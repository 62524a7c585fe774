"""Faulty files get a sentence each, and nothing is half-booked."""

import pytest
from django.urls import reverse

from accounts.models import User
from foundation.bank_files import refusals as unread
from foundation.bank_files.reader import most_bytes
from foundation.errors import DomainError
from payouts import refusals
from payouts.models import BankStatement, Payout
from payouts.statements import bank_statements, booking
from payouts.tests.bank import camt, entry, outcomes, payment, read
from payouts.tests.bank import report as status_report
from payouts.tests.browsers import browser
from payouts.tests.builders import (
    FRENCH,
    answered,
    eur,
    fresh,
    ready,
    sent,
)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"IBAN;Amount\nDE89;1", unread.StatementNotXml),
        (b"", unread.StatementNotXml),
        (b"\x00\xff\xfe", unread.StatementNotXml),
        (camt(entry("1.00", "x"))[:-5], unread.StatementNotXml),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', unread.StatementNotXml),
        (b"<html/>", unread.StatementNotCamt),
        (camt(entry("1.00", "x")).replace(b"camt.053", b"camt.052"), unread.StatementNotCamt),
        (camt(entry("1.00", "x"), version="99"), unread.StatementNotCamt),
        (camt(entry("1.00", "x"), iban=FRENCH), refusals.StatementOtherAccount),
        (camt(entry("1.00", "x"), iban=""), refusals.StatementOtherAccount),
        (
            camt(entry("1.00", "caf\u00e9")).decode().encode("iso-8859-15"),
            unread.StatementEncoding,
        ),
        (
            b'<!DOCTYPE d [<!ENTITY a "b">]>' + camt(entry("1.00", "x")).split(b"?>")[1],
            unread.StatementDoctype,
        ),
        (
            b'<!DOCTYPE d SYSTEM "bank.dtd">' + camt(entry("1.00", "x")).split(b"?>")[1],
            unread.StatementDoctype,
        ),
        (b" " * (most_bytes() + 1), unread.StatementTooLarge),
    ],
)
def test_each_wrong_file_has_its_own_sentence(
    dana: User, content: bytes, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal) as refused:
        bank_statements.read_statement(content=content, by=dana)
    assert "Nothing was booked" in refused.value.detail
    assert not BankStatement.objects.exists()


FAULTY = [
    entry("one", "{e2e}"),
    entry("68.185", "{e2e}"),
    entry("-68.18", "{e2e}"),
    entry("NaN", "{e2e}"),
    entry("1e400", "{e2e}"),
    entry("1E2000000", "{e2e}"),
    entry("9" * 400, "{e2e}"),
    entry("68.18" + "0" * 400, "{e2e}"),
    entry("٦٨.18", "{e2e}"),
    entry("6_8.18", "{e2e}"),
    entry("", "{e2e}"),
    entry("68.18", "{e2e}").replace("EUR", "XQQ"),
    entry("68.18", "{e2e}").replace("EUR", ""),
    entry("68.18", "{e2e}").replace("DBIT", "BOTH"),
    entry("68.18", "{e2e}").replace('<Amt Ccy="EUR">68.18</Amt>', ""),
]


@pytest.mark.parametrize("row", FAULTY)
def test_a_row_of_ours_must_be_whole(bob: User, dana: User, erin: User, row: str) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    with pytest.raises(unread.StatementIncomplete) as refused:
        read(dana, camt(entry("5.00", "x"), row.format(e2e=payout.end_to_end_id)))
    assert "Row 2" in refused.value.detail
    assert "Nothing was booked" in refused.value.detail
    assert fresh(payout).state == Payout.State.SENT
    assert not BankStatement.objects.exists()


@pytest.mark.parametrize("row", FAULTY)
def test_a_strangers_row_blocks_nothing(bob: User, dana: User, erin: User, row: str) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    rows = camt(row.format(e2e="RENT-11"), entry("68.18", payout.end_to_end_id))
    report, _new = bank_statements.read_statement(content=rows, by=dana)
    assert outcomes(report) == ["unknown", "settled"]
    assert "Can't be read" in report.lines.all()[0].note


@pytest.mark.parametrize(
    "row",
    [
        '<Ntry><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Ntry>',
        '<Ntry><Amt Ccy="EUR">231.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls><TxDtls><Refs>'
        "<EndToEndId>W-1</EndToEndId></Refs></TxDtls><TxDtls><Refs><EndToEndId>W-2</EndToEndId>"
        "</Refs></TxDtls></NtryDtls></Ntry>",
        entry("265400.50", "CARD-1").replace("EUR", "IDR"),
        entry("200.00", "X-9").replace(
            '<Amt Ccy="EUR">200.00</Amt></Tx', '<Amt Ccy="USD">0</Amt></Tx'
        ),
        "<Ntry></Ntry>",
    ],
)
def test_what_banks_write_about_others_blocks_nothing(
    bob: User, dana: User, erin: User, row: str
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    report, _new = bank_statements.read_statement(
        content=camt(entry("68.18", payout.end_to_end_id), row), by=dana
    )
    assert outcomes(report)[0] == "settled"
    assert set(outcomes(report)[1:]) == {"unknown"}
    page = browser(dana).get(reverse("admin:payouts_bankstatement_change", args=[report.pk]))
    assert page.status_code == 200


def test_another_account_in_the_same_file_is_left_out_and_told(
    bob: User, dana: User, erin: User
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    other = f"<Stmt><Acct><Id><IBAN>{FRENCH}</IBAN></Id></Acct>{entry('9.00', 'x')}</Stmt>".encode()
    ours = camt(entry("68.18", payout.end_to_end_id))
    for at in (b"</Stmt>", b"<Stmt>"):
        both = ours.replace(at, at + other if at == b"</Stmt>" else other + at, 1)
        report, _new = bank_statements.read_statement(content=both, by=dana)
        assert len(outcomes(report)) == 1
        assert report.left_out.endswith("2606")
    assert fresh(payout).state == Payout.State.SETTLED


@pytest.mark.parametrize("reference", ["0" * 26, "Z" * 26, "z" * 32, "G" * 40, "é" * 26, "1" * 35])
def test_a_strangers_file_id_is_just_not_ours(dana: User, reference: str) -> None:
    row = (
        '<Ntry><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls><Btch>'
        f"<PmtInfId>{reference}</PmtInfId></Btch></NtryDtls></Ntry>"
    )
    assert read(dana, camt(row)) == ["unknown"]
    with pytest.raises(refusals.StatusOfOtherFile):
        read(dana, status_report(reference, payment("x")))


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(2, 14)])
def test_every_version_of_the_statement_is_read(
    bob: User, dana: User, erin: User, version: str
) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    rows = camt(entry("68.18", payout.end_to_end_id), version=version)
    assert read(dana, b"\xef\xbb\xbf\r\n" + rows) == ["settled"]


def test_a_fault_in_the_middle_books_nothing(
    bob: User, carol: User, dana: User, erin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies between two rows is a transaction that never was."""
    one, two = ready(bob), ready(carol)
    batch = sent(dana, erin, one, two)
    settle = booking.Booking.settle

    def dies_at_the_second(self: booking.Booking, payout: Payout, answer: booking.Answer) -> None:
        if payout.pk == two.pk:
            raise MemoryError
        settle(self, payout, answer)

    monkeypatch.setattr(booking.Booking, "settle", dies_at_the_second)
    with pytest.raises(MemoryError):
        answered(dana, batch)
    assert fresh(one).state == Payout.State.SENT
    assert eur("bank") == 0
    assert not BankStatement.objects.exists()
    monkeypatch.undo()
    assert outcomes(answered(dana, batch)) == ["settled", "settled"]
