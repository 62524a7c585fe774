"""Faulty files get a sentence each, and nothing is half-booked."""

import pytest

from accounts.models import User
from foundation.errors import DomainError
from payouts import refusals
from payouts.models import BankStatement, Payout
from payouts.rails.bank_file.reader import MOST_BYTES
from payouts.rails.bank_file.rows import Row
from payouts.statements import bank_statements
from payouts.tests.bank import camt, entry, outcomes, read
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
        (b"IBAN;Amount\nDE89;1", refusals.StatementNotXml),
        (b"", refusals.StatementNotXml),
        (b"\x00\xff\xfe", refusals.StatementNotXml),
        (camt(entry("1.00", "x"))[:-5], refusals.StatementNotXml),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', refusals.StatementNotXml),
        (b"<html/>", refusals.StatementNotCamt),
        (camt(entry("1.00", "x")).replace(b"camt.053", b"camt.052"), refusals.StatementNotCamt),
        (camt(entry("1.00", "x"), version="99"), refusals.StatementNotCamt),
        (camt(entry("1.00", "x"), iban=FRENCH), refusals.StatementOtherAccount),
        (camt(entry("1.00", "x"), iban=""), refusals.StatementOtherAccount),
        (camt(entry("one", "x")), refusals.StatementIncomplete),
        (camt(entry("1.005", "x")), refusals.StatementIncomplete),
        (camt(entry("-1.00", "x")), refusals.StatementIncomplete),
        (camt(entry("NaN", "x")), refusals.StatementIncomplete),
        (camt(entry("1e400", "x")), refusals.StatementIncomplete),
        (camt(entry("1.00", "x").replace("EUR", "XQQ")), refusals.StatementIncomplete),
        (camt(entry("1.00", "x").replace("DBIT", "BOTH")), refusals.StatementIncomplete),
        (
            b'<!DOCTYPE d [<!ENTITY a "b">]>' + camt(entry("1.00", "x")).split(b"?>")[1],
            refusals.StatementDoctype,
        ),
        (
            b'<!DOCTYPE d SYSTEM "bank.dtd">' + camt(entry("1.00", "x")).split(b"?>")[1],
            refusals.StatementDoctype,
        ),
        (b" " * (MOST_BYTES + 1), refusals.StatementTooLarge),
    ],
)
def test_each_wrong_file_has_its_own_sentence(
    dana: User, content: bytes, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal) as refused:
        bank_statements.read_statement(content=content, by=dana)
    assert "Nothing was booked" in refused.value.detail
    assert not BankStatement.objects.exists()


def test_two_accounts_in_one_file_are_not_ours(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    both = camt(entry("68.18", payout.end_to_end_id)).replace(
        b"</Stmt>", f"</Stmt><Stmt><Acct><Id><IBAN>{FRENCH}</IBAN></Id></Acct></Stmt>".encode()
    )
    with pytest.raises(refusals.StatementOtherAccount):
        bank_statements.read_statement(content=both, by=dana)
    assert fresh(payout).state == Payout.State.SENT


def test_a_broken_row_at_the_end_books_nothing(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    sent(dana, erin, payout)
    with pytest.raises(refusals.StatementIncomplete) as refused:
        read(dana, camt(entry("68.18", payout.end_to_end_id), entry("?", "x")))
    assert "Row 2" in refused.value.detail
    assert fresh(payout).state == Payout.State.SENT
    assert eur("bank") == 0


def test_a_fault_in_the_middle_books_nothing(
    bob: User, carol: User, dana: User, erin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies between two rows is a transaction that never was."""
    one, two = ready(bob), ready(carol)
    batch = sent(dana, erin, one, two)
    settle = bank_statements._settle

    def dies_at_the_second(payout: Payout, row: Row) -> None:
        if payout.pk == two.pk:
            raise MemoryError
        settle(payout, row)

    monkeypatch.setattr(bank_statements, "_settle", dies_at_the_second)
    with pytest.raises(MemoryError):
        answered(dana, batch)
    assert fresh(one).state == Payout.State.SENT
    assert eur("bank") == 0
    assert not BankStatement.objects.exists()
    monkeypatch.undo()
    assert outcomes(answered(dana, batch)) == ["settled", "settled"]
