"""Downloaded tables: the one writer of CSV, whose cells no spreadsheet runs."""

import csv
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

Cell = str | int | Decimal

# A spreadsheet takes a cell that begins with one of these for a formula, some the wide and small
# forms too. Where it splits a file depends on its country: what stands after a separator or a line
# break may become a cell of its own. Space and invisible signs before it are often dropped.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
_BREAKS = ",;|\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029"
_DROPPED = '\\s"\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f'
_FORMULA = re.compile(f"((?:^|[{_BREAKS}])[{_DROPPED}]*)(?=[{_SIGNS}])")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def plain(text: str) -> str:
    """Return a text on one line that a spreadsheet reads as text, however it splits the file."""
    return _CONTROL.sub(" ", _FORMULA.sub(r"\1'", text)).strip(" ")


def lines(rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Yield each row as a line of CSV. Texts are made plain; numbers stay numbers."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([_written(cell) for cell in row])


def _written(cell: Cell) -> str | int:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return plain(cell) if isinstance(cell, str) else cell


class _Echo:
    """A file that hands each line straight on."""

    def write(self, line: str) -> str:
        """Return what was written."""
        return line
