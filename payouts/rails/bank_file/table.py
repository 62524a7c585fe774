"""The bank file as a table for people."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from payouts.rails.base import Instruction
from wallet.money import sub_unit

HEAD = ("end_to_end_id", "holder", "iban", "bic", "amount", "currency", "words")
# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def render_csv(currency: str, instructions: Sequence[Instruction]) -> bytes:
    """Return the payments of a batch as CSV, one line each."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(HEAD)
    for one in instructions:
        amount = f"{Decimal(one.amount_minor) / sub_unit(currency):.2f}"
        cells = (one.end_to_end_id, one.holder, one.iban, one.bic, amount, currency, one.words)
        lines.writerow([plain(cell) for cell in cells])
    return out.getvalue().encode()


def plain(cell: str) -> str:
    """Return a cell that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
