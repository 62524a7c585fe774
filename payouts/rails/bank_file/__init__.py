"""The default rail: a pain.001 file that staff carry to the bank, a camt.053 that comes back."""

from collections.abc import Sequence
from datetime import datetime

from payouts.rails.bank_file import target
from payouts.rails.bank_file.pain001 import Refused, asked_day, dated, render, undated
from payouts.rails.bank_file.table import render_csv
from payouts.rails.base import Answer, Files, Handover, Instruction, Sent


class BankFile:
    """The rail without any account: staff upload the file, a statement brings the answer."""

    code = "bank_file"
    currencies = frozenset({"EUR"})

    def send(
        self, *, batch_id: str, at: datetime, currency: str, instructions: Sequence[Instruction]
    ) -> Sent:
        """Render both files; rejected when the bank's schema would not take them."""
        try:
            xml = render(batch_id=batch_id, at=at, currency=currency, instructions=instructions)
        except Refused as refusal:
            return Sent(Answer.REJECTED, reason=str(refusal))
        table = render_csv(currency, instructions)
        return Sent(Answer.ACCEPTED, Files(xml, table, execute_on=asked_day(xml)))

    def hand_over(self, *, xml: bytes, at: datetime) -> Handover:
        """Return the file with a day that the bank can still meet."""
        day = max(asked_day(xml), target.first_day(at))
        return Handover(dated(xml, day), execute_on=day)

    def content(self, *, xml: bytes) -> bytes:
        """Return the file without its day."""
        return undated(xml)

    def inspect(self, *, batch_id: str) -> Answer:
        """Return unknown: only the bank's statement says what became of a file."""
        return Answer.UNKNOWN
