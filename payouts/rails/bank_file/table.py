"""The bank file as a table for people."""

import csv
import io
from collections.abc import Sequence

from foundation.money import exact, money
from foundation.sheets import plain
from payouts.rails.base import Instruction

HEAD = ("end_to_end_id", "holder", "iban", "bic", "amount", "currency", "words")


def render_csv(currency: str, instructions: Sequence[Instruction]) -> bytes:
    """Return the payments of a batch as CSV, one line each."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(HEAD)
    for one in instructions:
        amount = exact(money(one.amount_minor, currency))
        cells = (one.end_to_end_id, one.holder, one.iban, one.bic, amount, currency, one.words)
        lines.writerow([plain(cell) for cell in cells])
    return out.getvalue().encode()
