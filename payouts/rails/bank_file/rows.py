"""Plain rows of a bank's file, whichever kind of file it was."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from payouts.rails.bank_file.reasons import Cause


@dataclass(frozen=True)
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

    @property
    def payment(self) -> str:
        """The id of the payment as we write it: some banks give it back in capitals."""
        return self.end_to_end_id.lower()


@dataclass(frozen=True)
class Statement:
    """One file: its id, its rows in order, and what shows that it is for us."""

    statement_id: str
    rows: list[Row]
    iban: str = ""  # a statement is of an account
    answers: str = ""  # a status report is about a file of ours
    left_out: tuple[str, ...] = ()  # other accounts in the same file


def text(node: Element, path: str) -> str:
    """Return the words at a place, without spaces around; empty where there is nothing."""
    return (node.findtext(path) or "").strip()
