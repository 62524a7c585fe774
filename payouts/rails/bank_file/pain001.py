"""The credit transfer file that banks read: pain.001.001.09, checked against its schema, the same
bytes each time.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError
from text_unidecode import unidecode  # type: ignore[import-untyped]  # ships no types

from payouts.rails.base import Instruction

SCHEMA = "pain.001.001.09"
# The signs that every SEPA bank accepts; others turn into a space rather than into a refusal of the
# whole file.
OUTSIDE_SEPA = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")


class Refused(Exception):
    """The file would not be valid."""


class _Transfer(SepaTransfer):
    """sepaxml draws ids at random and looks at the clock; ours come from the batch, so that bytes
    can be compared.
    """

    def __init__(self, config: dict[str, object], *, message_id: str, at: datetime) -> None:
        super().__init__(config, schema=SCHEMA, clean=True)
        self._message_id, self._at = message_id, at

    def _finalize_batch(self) -> None:
        super()._finalize_batch()
        for tag in ("MsgId", "PmtInfId"):
            for node in self._xml.iter(tag):
                node.text = self._message_id
        for node in self._xml.iter("CreDtTm"):
            node.text = self._at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def message_id(batch_id: str) -> str:
    """Return the file's own id, 35 signs at most; a sandbox's says so."""
    return f"SANDBOX-{batch_id[:26]}" if settings.SANDBOX else batch_id


def render(
    *, batch_id: str, at: datetime, currency: str, instructions: Sequence[Instruction]
) -> bytes:
    """Return the file. Raises `Refused` when it would not be valid."""
    bank = settings.BANK_ACCOUNT
    transfer = _Transfer(
        {
            "name": sepa(bank["name"]),
            "IBAN": bank["iban"],
            "BIC": bank["bic"],
            "batch": True,
            "currency": currency,
        },
        message_id=message_id(batch_id),
        at=at,
    )
    for instruction in instructions:
        transfer.add_payment(_payment(instruction, execute_on=_banking_day(at.date())))
    try:
        return bytes(transfer.export(validate=True))
    except ValidationError as fault:
        raise Refused(_("a value doesn't match the bank's schema")) from fault


def sepa(words: str) -> str:
    """Return words in the signs that every bank of the area reads."""
    return " ".join(OUTSIDE_SEPA.sub(" ", unidecode(words)).split())


def _payment(instruction: Instruction, *, execute_on: date) -> dict[str, object]:
    payment: dict[str, object] = {
        "name": sepa(instruction.holder) or "-",
        "IBAN": instruction.iban,
        "amount": instruction.amount_minor,
        "execution_date": execute_on,
        "description": sepa(instruction.words),
        "endtoend_id": instruction.end_to_end_id,
    }
    if instruction.bic:
        payment["BIC"] = instruction.bic
    return payment


def _banking_day(day: date) -> date:
    """Return the day, or the Monday after it: some banks refuse a file that asks for a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
