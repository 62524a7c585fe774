"""The interface of every rail. To add one: a folder beside `bank_file`, and its line in
`rails/__init__.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from payouts.methods.address import Address


class Answer(Enum):
    """A rail's answer to a batch. *Unknown* is inspected with the same ids, never sent again under
    others.
    """

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Instruction:
    """One payment of a batch. The IBAN is decrypted here, so it stays out of the repr."""

    end_to_end_id: str
    holder: str
    iban: str = field(repr=False)
    bic: str
    address: Address | None = field(repr=False)
    amount_minor: int
    words: str


@dataclass(frozen=True)
class Files:
    """The files of a batch: one for the bank, and the same as a table for people."""

    xml: bytes = field(repr=False)
    csv: bytes = field(repr=False)
    execute_on: date


@dataclass(frozen=True)
class Handover:
    """A bank's file as it may leave now, and the day it asks for."""

    xml: bytes = field(repr=False)
    execute_on: date


@dataclass(frozen=True)
class Sent:
    """The result of `send`: the files when accepted, the reason when not."""

    answer: Answer
    files: Files | None = None
    reason: str = ""


class Rail(Protocol):
    """A way to pay out.

    `send` of a rail that calls no network may run while rows are locked. One with a network claims,
    calls and settles: its `send` runs outside every transaction with the payouts' ids as keys,
    and `inspect` asks for its outcome.
    """

    code: str
    currencies: frozenset[str]

    def send(
        self, *, batch_id: str, at: datetime, currency: str, instructions: Sequence[Instruction]
    ) -> Sent:
        """Hand the batch over. The same arguments give the same answer, never a second payment."""
        ...

    def hand_over(self, *, xml: bytes, at: datetime) -> Handover:
        """Return an approved file for the bank to get at this moment. The day it asks for moves on
        where it is over; nothing else changes.
        """
        ...

    def content(self, *, xml: bytes) -> bytes:
        """Return all of a file but the day it asks for, which nothing changes."""
        ...

    def inspect(self, *, batch_id: str) -> Answer:
        """Return the outcome of a batch whose answer was unknown."""
        ...
