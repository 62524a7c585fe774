"""The bank file as a table for people."""

from collections.abc import Iterator, Sequence

from foundation.money import exact, money
from foundation.sheets import lines
from payouts.rails.base import Instruction

HEAD = ("end_to_end_id", "holder", "iban", "bic", "amount", "currency", "words")


def render_csv(currency: str, instructions: Sequence[Instruction]) -> bytes:
    """Return the payments of a batch as CSV, one line each."""
    return "".join(lines(_rows(currency, instructions))).encode()


def _rows(currency: str, instructions: Sequence[Instruction]) -> Iterator[tuple[str, ...]]:
    yield HEAD
    for one in instructions:
        amount = exact(money(one.amount_minor, currency))
        yield (one.end_to_end_id, one.holder, one.iban, one.bic, amount, currency, one.words)
