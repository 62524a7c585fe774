"""Statements as tables: documented columns, and nothing of a file that is not all readable."""

from io import BytesIO

import pytest
from pytest_django import Settings

from accounts.models import User
from foundation.bank_files import csv_rows, refusals
from foundation.errors import DomainError
from wallet.models import BankTransfer, Purchase
from wallet.tests.transfers.stage import THEIRS, books_hold, fresh, order, take, work

pytestmark = pytest.mark.django_db
HEADER = "booked_on;amount;currency;reference;name;iban;text\n"
ROW = "2026-03-10;9.90;EUR;B-1;Alice;;for coins\n"


def test_a_table_brings_coins_too(alice: User) -> None:
    purchase = order(alice)
    amount = f"{purchase.total_minor // 100}.{purchase.total_minor % 100:02}"
    today = purchase.created_at.date()
    words = f'"Coins; {purchase.provider_reference.lower()}, thanks"'
    row = f"{today};{amount};EUR;B-1;Alice Ahoi;{THEIRS};{words}\n"
    taken = take(content=b"\xef\xbb\xbf" + (HEADER + row + f"{today};-3.00;EUR;;;;fee\n").encode())
    work()
    assert (taken.new, taken.others) == (1, 1)
    assert fresh(purchase).state == Purchase.State.PAID
    books_hold()


def test_a_formula_stays_the_words_that_it_is(alice: User) -> None:
    order(alice)
    row = '2026-03-10;9.90;EUR;B-1;"=HYPERLINK(""http://evil"")";;"=1+1"\n'
    take(content=(HEADER + row).encode())
    work()
    found = BankTransfer.objects.get()
    assert (found.payer_name, found.words) == ('=HYPERLINK("http://evil")', "=1+1")


@pytest.mark.parametrize(
    ("table", "refusal"),
    [
        (HEADER + ROW.replace("9.90", "=9+1"), refusals.StatementIncomplete),
        (HEADER + ROW.replace("9.90", "1e9"), refusals.StatementIncomplete),
        (HEADER + ROW.replace("9.90", "9.905"), refusals.StatementIncomplete),
        (HEADER + ROW.replace("9.90", "0"), refusals.StatementIncomplete),
        (HEADER + ROW.replace("9.90", "9,90"), refusals.StatementIncomplete),
        (HEADER + ROW.replace("EUR", "XXQ"), refusals.StatementIncomplete),
        (HEADER + ROW.replace("2026-03-10", "10.03.2026"), refusals.StatementIncomplete),
        (HEADER + ROW.replace("2026-03-10", "2026-02-30"), refusals.StatementIncomplete),
        (HEADER + ROW + "2026-03-10\n", refusals.StatementIncomplete),
        (HEADER + ROW + 'x"y;"\n', refusals.StatementIncomplete),
        (HEADER + ROW + "\0\n", refusals.StatementIncomplete),
        (HEADER + ROW + "a" * 20_000, refusals.StatementIncomplete),
        (HEADER.replace("text", "words") + ROW, refusals.StatementIncomplete),
        (
            HEADER.replace("text", "text;account") + ROW.strip() + ";NL91ABNA0417164300\n",
            refusals.StatementIncomplete,
        ),
    ],
)
def test_a_table_that_is_not_all_readable_is_refused(
    table: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        csv_rows.read(BytesIO(table.encode()))


def test_letters_and_size_are_measured(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(refusals.StatementEncoding):
        csv_rows.read(BytesIO((HEADER + ROW.replace("Alice", "Zoë")).encode("latin-1")))
    monkeypatch.setattr(csv_rows, "most_rows", lambda: 2)
    with pytest.raises(refusals.StatementTooManyRows):
        csv_rows.read(BytesIO((HEADER + ROW * 3).encode()))
    settings.STATEMENT_MAX_MB = 1
    with pytest.raises(refusals.StatementTooLarge):
        csv_rows.read(BytesIO(HEADER.encode() + b" " * 1024 * 1024))
