"""Plain rows of a bank's file, whichever kind of file it was."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element


@dataclass(frozen=True)
class Row:
    """One transaction. `credit` is money that came to us: for a payout, its return."""

    number: int
    end_to_end_id: str
    # Filled where the bank speaks of a whole file of ours and lists no payments.
    batch_reference: str
    reference: str
    amount_minor: int | None  # a status report may leave it out
    currency: str
    credit: bool
    booked: bool
    reason: str
    # The bank did not take the payment at all: nothing was debited, nothing comes back.
    rejected: bool = False


@dataclass(frozen=True)
class Statement:
    """One file: its id, its rows in order, and what shows that it is for us."""

    statement_id: str
    rows: list[Row]
    iban: str = ""  # a statement is of an account
    answers: str = ""  # a status report is about a file of ours


def text(node: Element, path: str) -> str:
    """Return the words at a place, without spaces around; empty where there is nothing."""
    return (node.findtext(path) or "").strip()
