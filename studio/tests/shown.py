"""What a page shows: its tables and its amounts, read from the HTML as a person reads them."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser

# What a figure is made of, and the currency on either side of it. Codes need their space.
AMOUNT = re.compile(
    r"(?P<sign>-?)(?P<before>[A-Z]{0,3}[€$¥£₹]|[A-Z]{3}\xa0)?(?P<figure>\d[\d,]*(?:\.\d+)?)"
)
RATE = re.compile(r"1 USD = [\d.,]+ [A-Z]{3}")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use"}


@dataclass(frozen=True)
class Amount:
    """An amount with its currency's sign."""

    sign: str
    value: Decimal


@dataclass
class Table:
    """The cells of a table's body, row by row, and of its foot."""

    rows: list[list[str]] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The words of a page and its tables. What is marked as a detail is left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.tables: list[Table] = []
        self._open: list[tuple[str, bool]] = []
        self._part = ""
        self._cell: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        names = {name for name, _value in attrs}
        self._open.append((tag, "data-detail" in names or tag in {"script", "template", "title"}))
        if tag == "table":
            self.tables.append(Table())
        elif tag in {"thead", "tbody", "tfoot"}:
            self._part = tag
        elif tag == "tr" and self._part == "tbody":
            self.tables[-1].rows.append([])
        elif tag in {"td", "th"} and self._part != "thead":
            self._cell = self._row()
            self._cell.append("")

    def _row(self) -> list[str]:
        return self.tables[-1].rows[-1] if self._part == "tbody" else self.tables[-1].foot

    def handle_endtag(self, tag: str) -> None:
        self.words += " "
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag in {"td", "th"}:
            self._cell = None

    def handle_data(self, data: str) -> None:
        if any(hidden for _tag, hidden in self._open):
            return
        self.words += data
        if self._cell is not None:
            self._cell[-1] = (self._cell[-1] + data).strip()

    def currencies(self) -> set[str]:
        """Return the sign of every amount of money on the page."""
        found = AMOUNT.finditer(RATE.sub("", self.words))
        return {match["before"].strip() for match in found if match["before"]}


def amount(text: str) -> Amount:
    """Return the amount that a text is; a dash is nothing."""
    if text == "–":
        return Amount("", Decimal(0))
    match = AMOUNT.fullmatch(text)
    assert match, text
    value = Decimal(match["sign"] + match["figure"].replace(",", ""))
    return Amount((match["before"] or "").strip(), value)
