"""Plain rows of a bank's file, whichever kind of file it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

from foundation.bank_files.reasons import Cause

# The start and the end of each element of a file, in order; names without their namespace.
Events = Iterator[tuple[str, Element]]


@dataclass(frozen=True, slots=True)
class Payer:
    """Who paid, as far as their bank says, and the words that they gave with the payment."""

    name: str = ""
    iban: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)  # there may be tens of thousands
class Row:
    """One transaction. `credit` is money that came to us: for a payout, its return."""

    number: int
    end_to_end_id: str
    # Filled where the bank speaks of a whole file of ours and lists no payments: every id that
    # stands where banks write it.
    batch_references: tuple[str, ...]
    reference: str
    # None in a status report, in one payment of a sum, and where `fault` says why.
    amount_minor: int | None
    currency: str
    credit: bool
    booked: bool
    reason: str
    # The bank did not take the payment at all: nothing was debited, nothing comes back.
    rejected: bool = False
    cause: Cause = Cause.UNKNOWN
    # The part that cannot be read, and its words in the file. Only rows that name our ids must be
    # whole.
    fault: str = ""
    # The entry of which this is one payment, and its sum.
    entry: int = 0
    entry_minor: int | None = None
    entry_currency: str = ""
    # The charges that the amount contains, as the bank names them; by how much the entry is more
    # than its transactions, named in its first row.
    charge_minor: int = 0
    rest_minor: int = 0
    # The bank takes a booking back; a debit that does is of no payment of ours.
    reversal: bool = False
    # Of money that came in, or that was taken back: who paid, and the words with it. `servicer` is
    # the bank's own reference alone, never a running number of the statement.
    payer: "Payer | None" = None
    servicer: str = ""
    booked_on: date | None = None
    # The bank says why it came back: we sent it ourselves.
    returned: bool = False

    @property
    def payment(self) -> str:
        """The id of the payment as we write it: some banks give it back in capitals."""
        return self.end_to_end_id.lower()

    def pays(self, amount_minor: int, currency: str) -> bool:
        """Return whether it is of this amount: as it stands, or but for the bank's charges."""
        if self.amount_minor is None or self.currency != currency:
            return False
        less = -self.charge_minor if not self.credit else self.charge_minor
        return amount_minor in {self.amount_minor, self.amount_minor + less}

    def charge_on(self, amount_minor: int) -> int:
        """Return what the bank took besides this amount, or kept of it; never below zero."""
        if self.amount_minor is None or self.rejected:
            return 0
        more = self.amount_minor + self.rest_minor - amount_minor
        return max(0, -more if self.credit else more)


@dataclass(frozen=True)
class Balance:
    """What an account held before and after the rows of a statement, in minor units."""

    currency: str
    opening_minor: int | None
    closing_minor: int
    closes_on: date | None


@dataclass(frozen=True)
class Statement:
    """One file: its id, its rows in order, and what shows that it is for us."""

    statement_id: str
    rows: list[Row]
    iban: str = ""  # a statement is of an account
    answers: str = ""  # a status report is about a file of ours
    left_out: tuple[str, ...] = ()  # other accounts in the same file
    balances: tuple[Balance, ...] = ()


def text(node: Element | None, path: str) -> str:
    """Return the words at a place, without spaces around; empty where there is nothing."""
    return "" if node is None else (node.findtext(path) or "").strip()
