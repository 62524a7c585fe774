"""Statements as banks write them: encodings, names, sums; and other files that people take for
one.
"""

from io import BytesIO
from tempfile import TemporaryFile

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from foundation.bank_files import refusals as unread
from foundation.bank_files.reader import read as opened
from foundation.errors import DomainError
from payouts.batches import bank_files
from payouts.models import BankStatement, Payout, Proposal
from payouts.statements import bank_statements, booking
from payouts.tests.bank import books_hold, camt, entry, outcomes, payment, read
from payouts.tests.bank import report as status_report
from payouts.tests.browsers import browser
from payouts.tests.builders import answered, eur, fresh, ready, sent

DECLARED = 'encoding="UTF-8"'


@pytest.fixture
def payout(bob: User, dana: User, erin: User) -> Payout:
    """A payout on its way, of 68.18."""
    payout = ready(bob)
    sent(dana, erin, payout)
    return fresh(payout)


def written(payout: Payout) -> str:
    """A statement with a letter outside ASCII."""
    said = "<RmtInf><Ustrd>Grüße</Ustrd></RmtInf>"
    return camt(entry("68.18", payout.end_to_end_id, extra=said)).decode()


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        (DECLARED, "utf-8"),
        (DECLARED, "utf-8-sig"),
        ("", "utf-8"),
        ('encoding="UTF-16"', "utf-16"),
        ("", "utf-16"),
        ('encoding="ISO-8859-1"', "iso-8859-1"),
        ('encoding="ISO-8859-15"', "iso-8859-15"),
        ('encoding="windows-1252"', "windows-1252"),
        ('encoding="utf-8" standalone="yes"', "utf-8"),
    ],
)
def test_every_honest_encoding_is_read(
    dana: User, payout: Payout, declared: str, encoding: str
) -> None:
    content = written(payout).replace(DECLARED, declared).encode(encoding)
    assert read(dana, content) == ["settled"]


@pytest.mark.parametrize("declared", ["", DECLARED, 'encoding="US-ASCII"'])
@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-15", "cp850"])
def test_letters_in_another_encoding_are_named(
    dana: User, payout: Payout, declared: str, encoding: str
) -> None:
    content = written(payout).replace(DECLARED, declared).encode(encoding)
    with pytest.raises(unread.StatementEncoding):
        read(dana, content)


def test_prefixes_change_nothing(dana: User, payout: Payout) -> None:
    plain = camt(entry("68.18", payout.end_to_end_id)).decode()
    head, body = plain.split("?>")
    prefixed = body.replace("</", "</ns2:").replace("<", "<ns2:").replace("<ns2:/ns2:", "</ns2:")
    content = f"{head}?>{prefixed.replace('xmlns=', 'xmlns:ns2=')}".encode()
    assert b"<ns2:EndToEndId>" in content
    assert read(dana, content) == ["settled"]


def test_spaces_lines_and_comments_change_nothing(dana: User, payout: Payout) -> None:
    row = entry("68.18", f"\n  {payout.end_to_end_id.upper()}\n").replace("68.18", " 68.18\n")
    content = camt(row, iban="DE89 3704 0044 0532 0130 00").replace(b"><", b">\r\n<!-- x --><")
    assert read(dana, content) == ["settled"]


@pytest.mark.parametrize(
    "kind", ["camt.052.001.08", "camt.054.001.08", "camt.053.001.01", "camt.053.001.14",
             "camt.029.001.09", "pain.001.001.09", "pain.002.001.02", "pacs.008.001.08"],
)  # fmt: skip
def test_another_file_of_the_bank_is_named(dana: User, kind: str) -> None:
    content = camt(entry("1.00", "x")).replace(b"camt.053.001.08", kind.encode())
    with pytest.raises(unread.StatementOtherKind) as refused:
        read(dana, content)
    assert f"This is a {kind} file" in refused.value.detail
    assert not BankStatement.objects.exists()


def test_our_own_file_is_no_statement(dana: User, payout: Payout) -> None:
    assert payout.batch is not None
    with pytest.raises(unread.StatementOtherKind, match=r"pain\.001"):
        read(dana, bank_files.download(batch=payout.batch))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"<Document/>", unread.StatementNotCamt),
        (camt().replace(b"<Stmt>", b"<Rpt>").replace(b"</Stmt>", b"</Rpt>"),
         unread.StatementNotCamt),
        (camt("<a>" * 70 + "</a>" * 70), unread.StatementNotCamt),
        (camt("&euro;"), unread.StatementNotXml),
        (camt() + b"<more/>", unread.StatementNotXml),
        (camt() + camt(), unread.StatementNotXml),
        (b"<!-- x -->\n<!DOCTYPE a>" + camt().split(b"?>")[1], unread.StatementDoctype),
        (b" " * 70_000 + b"<!DOCTYPE a>" + camt().split(b"?>")[1], unread.StatementDoctype),
        ("<!DOCTYPE a><a/>".encode("utf-16"), unread.StatementDoctype),
        (b"PK\x03\x04" + b"\x00" * 40, unread.StatementNotXml),
        (b" \r\n\t", unread.StatementNotXml),
        (status_report("x", payment("y")) + b"</x>", unread.StatementNotXml),
    ],
)  # fmt: skip
def test_what_is_no_statement_books_nothing(
    dana: User, content: bytes, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal) as refused:
        read(dana, content)
    assert "Nothing was booked" in refused.value.detail
    assert not BankStatement.objects.exists()


def test_a_bank_of_many_spaces_is_read(dana: User, payout: Payout) -> None:
    content = camt(entry("68.18", payout.end_to_end_id))
    assert read(dana, b"\n" * 70_000 + content + b"\n" * 70_000) == ["settled"]


@pytest.mark.parametrize(
    "row",
    [
        '<Ntry><Amt Ccy="EUR">68.18</Amt><CdtDbtInd>DBIT</CdtDbtInd></Ntry>',
        entry("68.18", "{e2e}").replace("BOOK", "PDNG"),
        entry("68.18", "{e2e}").replace("<Cd>BOOK</Cd>", "INFO"),
        entry("68.18", "STRANGER", credit=True, extra="<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"),
        entry("70.00", "CARD-7").replace("EUR", "USD"),
        "<Ntry><NtryDtls><TxDtls/></NtryDtls></Ntry>",
    ],
)
def test_what_settles_nothing_leaves_it_on_its_way(dana: User, payout: Payout, row: str) -> None:
    assert read(dana, camt(row.format(e2e=payout.end_to_end_id))) == ["unknown"]
    assert fresh(payout).state == Payout.State.SENT


def test_the_entrys_account_number_may_stand_behind_it(dana: User, payout: Payout) -> None:
    account = b"<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>"
    content = camt(entry("68.18", payout.end_to_end_id)).replace(account, b"")
    assert read(dana, content.replace(b"</Stmt>", account + b"</Stmt>")) == ["settled"]


def test_a_reversed_debit_comes_back(dana: User, payout: Payout) -> None:
    """`RvslInd` beside a credit: what was debited is ours again."""
    back = entry("68.18", payout.end_to_end_id, credit=True, ref="B")
    back = back.replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")
    assert read(dana, camt(entry("68.18", payout.end_to_end_id), back)) == ["settled", "waiting"]
    (proposal,) = Proposal.objects.open()
    assert (proposal.kind, proposal.payout) == (Proposal.Kind.RETURN, payout)
    books_hold()


@pytest.mark.parametrize("flag", ["true", "1"])
def test_a_debit_that_takes_a_booking_back_settles_nothing(
    dana: User, payout: Payout, flag: str
) -> None:
    row = entry("68.18", payout.end_to_end_id)
    row = row.replace("<Sts>", f"<RvslInd>{flag}</RvslInd><Sts>")
    assert read(dana, camt(row)) == ["contradicts"]
    assert fresh(payout).state == Payout.State.SENT
    assert eur("bank") == 0


def test_a_flag_that_says_no_changes_nothing(dana: User, payout: Payout) -> None:
    row = entry("68.18", payout.end_to_end_id)
    assert read(dana, camt(row.replace("<Sts>", "<RvslInd>false</RvslInd><Sts>"))) == ["settled"]


def test_a_file_is_read_from_disk(dana: User, payout: Payout) -> None:
    content = camt(entry("68.18", payout.end_to_end_id))
    with TemporaryFile() as file:
        file.write(content)
        report, new = bank_statements.read_statement(content=file, by=dana)
    assert (outcomes(report), new) == (["settled"], True)
    again, new = bank_statements.read_statement(content=content, by=dana)
    assert (again, new) == (report, False)


def test_a_large_upload_is_booked_from_its_file(
    dana: User, payout: Payout, settings: Settings
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    upload = TemporaryUploadedFile("s.xml", "application/xml", 0, None)
    upload.write(camt(entry("68.18", payout.end_to_end_id)))
    upload.seek(0)
    answer = browser(dana).post(reverse("admin:payouts_bankstatement_add"), {"file": upload})
    assert answer.status_code == 302
    assert fresh(payout).state == Payout.State.SETTLED


def test_a_file_over_the_limit_is_not_read(settings: Settings) -> None:
    settings.STATEMENT_MAX_MB = 1
    assert opened(BytesIO(camt(entry("1.00", "x")) + b" " * 1_000_000)).rows
    with pytest.raises(unread.StatementTooLarge, match="1 MB"):
        opened(BytesIO(camt(entry("1.00", "x")) + b" " * 1_048_576))


def test_many_rows_are_booked_part_by_part(
    bob: User, carol: User, dana: User, erin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one file says of a payout twice holds across the parts, and all of it or nothing."""
    monkeypatch.setattr(booking, "AT_ONCE", 1)
    one, two = ready(bob), ready(carol, 2_000)
    batch = sent(dana, erin, one, two)
    assert outcomes(answered(dana, batch, returned=(one,))) == ["settled", "settled", "waiting"]
    assert eur("bank") == -6818 - 1364
    (proposal,) = Proposal.objects.open()
    assert (proposal.payout, proposal.reason) == (one, "the account is closed (AC04)")
    books_hold()


@pytest.mark.parametrize("references", ["AB", "AA"])
def test_a_contradiction_in_the_last_part_undoes_nothing_and_holds(
    bob: User, dana: User, erin: User, monkeypatch: pytest.MonkeyPatch, references: str
) -> None:
    """Two rows of one file are two payments, in whatever parts they are booked."""
    monkeypatch.setattr(booking, "AT_ONCE", 1)
    payout = ready(bob)
    sent(dana, erin, payout)
    rows = [entry("68.18", payout.end_to_end_id, ref=ref) for ref in references]
    assert read(dana, camt(*rows)) == ["settled", "contradicts"]
    assert fresh(payout).held_reason
    assert eur("bank") == -6818
    books_hold()
