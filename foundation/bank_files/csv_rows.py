"""A bank's statement as a table (CSV), for banks without camt.053. Its columns are ours:

    booked_on;amount;currency;reference;name;iban;text;account

`booked_on` is 2026-03-31, `amount` 12.34 (below zero: money that left), `reference` the bank's own
for this one booking. `name`, `iban` and `text` are the payer's; `account` is our IBAN, if given.
`reference`, `name`, `iban` and `account` may be left out. Commas serve as well as semicolons.
"""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import SEEK_END, TextIOWrapper
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from moneyed.classes import CurrencyDoesNotExist

from foundation.bank_files import refusals
from foundation.bank_files.camt053 import MOST_IBAN, MOST_NAME, MOST_WORDS, our_account
from foundation.bank_files.rows import Payer, Row, Statement
from foundation.figures import figure
from foundation.money import exact_minor

NEEDED = ("booked_on", "amount", "currency", "text")
LONGEST_HEADER = 1_000
LONGEST_LINE = 10_000
SHORTEST_ROW = 20  # bytes: a day, an amount, a currency
# Digits and a point: a formula of a spreadsheet is no amount, whatever it would come to.
AMOUNT = re.compile(r"([+-]?)([0-9]{1,15}(?:\.[0-9]{1,5})?)")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")


def is_table(file: BinaryIO) -> bool:
    """Return whether a file begins with the names of our columns."""
    file.seek(0)
    first = file.read(LONGEST_HEADER).removeprefix(BOM_UTF8).partition(b"\n")[0].lower()
    file.seek(0)
    return all(name.encode() in first for name in NEEDED)


def read(file: BinaryIO) -> Statement:
    """Return what the table says. All of it is readable, or it is refused: too large, too many
    rows, other letters than UTF-8, a row that lacks something, another account.
    """
    if file.seek(0, SEEK_END) > int(settings.STATEMENT_MAX_MB) * 1024 * 1024:
        raise refusals.StatementTooLarge(limit=settings.STATEMENT_MAX_MB)
    file.seek(0)
    letters = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        return _statement(_lines(letters))
    except UnicodeDecodeError:
        raise refusals.StatementEncoding(encoding="UTF-8") from None
    except csv.Error:
        raise refusals.StatementIncomplete(row=1, what=_("a table that can be read")) from None
    finally:
        letters.detach()  # the file is its caller's, and stays open


def most_rows() -> int:
    """Return how many rows are read: as many as the largest file can have."""
    return int(settings.STATEMENT_MAX_MB) * 1024 * 1024 // SHORTEST_ROW


def _lines(letters: TextIOWrapper) -> Iterator[str]:
    while line := letters.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE or "\0" in line:
            raise csv.Error
        yield line


def _statement(lines: Iterator[str]) -> Statement:
    header = next(lines, "")
    separator = ";" if ";" in header else ","
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=separator), [])]
    if missing := [name for name in NEEDED if name not in names]:
        raise refusals.StatementIncomplete(row=1, what=_("the column %s") % missing[0])
    rows: list[Row] = []
    for cells in csv.reader(lines, delimiter=separator, strict=True):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) >= most_rows():
            raise refusals.StatementTooManyRows(limit=figure(most_rows()))
        values = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        rows.append(_row(values, number=len(rows) + 1))
    return Statement("CSV", rows, iban=our_account())


def _row(values: dict[str, str], *, number: int) -> Row:
    def lacking(what: str) -> refusals.StatementIncomplete:
        return refusals.StatementIncomplete(row=number, what=what)

    amount = AMOUNT.fullmatch(values.get("amount", ""))
    minor = _minor(amount[2], values.get("currency", "")) if amount else None
    if amount is None or not minor:
        raise lacking(_("a valid amount"))
    booked_on = _day(values["booked_on"])
    if booked_on is None:
        raise lacking(_("the day, such as 2026-03-31"))
    account = values.get("account", "").replace(" ", "").upper()
    if account not in {"", our_account()}:
        raise lacking(_("our own account"))
    iban = values.get("iban", "").replace(" ", "").upper()
    return Row(
        number=number,
        end_to_end_id="",
        batch_references=(),
        reference=values.get("reference", "")[:140],
        amount_minor=minor,
        currency=values["currency"],
        credit=amount[1] != "-",
        booked=True,
        reason="",
        payer=Payer(
            values.get("name", "")[:MOST_NAME],
            iban[:MOST_IBAN],
            values.get("text", "")[:MOST_WORDS],
        ),
        servicer=values.get("reference", "")[:140],
        booked_on=booked_on,
    )


def _minor(words: str, currency: str) -> int | None:
    try:
        return exact_minor(Decimal(words), currency) if CURRENCY.fullmatch(currency) else None
    except CurrencyDoesNotExist:
        return None


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if DAY.fullmatch(words) else None
    except ValueError:
        return None
