"""Downloaded tables: no text of a person becomes a formula, whatever reads the file."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from foundation.sheets import Cell, lines, plain

ROOT: Path = settings.BASE_DIR
APPS = ("accounts", "foundation", "giftplatform", "gifts", "ledger", "live", "overlay", "payouts")
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
SEPARATORS = (",", ";", "|", "\t", "\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029")
BEFORE = (
    "",
    " ",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u200b",
    "\t",
    "\r",
    "\0",
    '"',
    '""',
    '" "',
    "\u202e \u00ad",
)


def cells(text: str, separator: str) -> list[str]:
    """Return all cells that a spreadsheet with this separator may make of a file."""
    read = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
    split = re.split(r"[,;|\t\n\r\v\f\x85\u2028\u2029]", text)
    return [cell.strip(' "\u00a0\u3000\ufeff\u200b\u202e\u00ad') for cell in read + split]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_is_a_formula(sign: str) -> None:
    attack = f"{sign}cmd|' /C calc'!A0"
    texts = [f"{before}{attack}" for before in BEFORE]
    texts += [f"Hi{mark}{before}{attack}" for mark in SEPARATORS for before in BEFORE]
    for text in texts:
        written = "".join(lines([["at", text, "end"], ["at", 1, text]]))
        for separator in ",;|\t":
            bad = [cell for cell in cells(written, separator) if cell.startswith(tuple(SIGNS))]
            assert not bad, (text, bad)


def test_ordinary_text_and_numbers_stay_as_they_are() -> None:
    texts = ["Bob", "a - b = c", "mail@example.com", 'Play on, "Bob"', "1+1", "Ünï", ""]
    assert [plain(text) for text in texts] == texts
    row: list[Cell] = [-3, Decimal("-0.0120"), Decimal("1E+2"), "-3"]
    assert next(lines([row])) == "-3,-0.0120,100,'-3\r\n"


def test_a_text_is_one_line() -> None:
    assert "\n" not in plain("one\ntwo")
    assert next(lines([["one\r\n=two"]])) == "one  '=two\r\n"


def test_there_is_no_other_writer() -> None:
    ours = [file for app in (*APPS, "studio", "wallet") for file in (ROOT / app).rglob("*.py")]
    writers = {
        str(file.relative_to(ROOT))
        for file in ours
        if "tests" not in file.parts
        and re.search(r"csv\.(?:writer|DictWriter)|from csv import", file.read_text())
    }
    assert writers == {"foundation/sheets.py"}
