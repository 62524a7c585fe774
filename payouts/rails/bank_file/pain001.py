"""The credit transfer file that banks read: pain.001.001.09, checked against its schema, the same
bytes each time.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import sepaxml
from django.conf import settings
from django.utils.translation import gettext as _

from payouts.letters import sepa
from payouts.methods.address import LINE_LENGTH, POSTCODE_LENGTH, TOWN_LENGTH, Address
from payouts.methods.fitness import HOLDER_LENGTH, holder_at_bank
from payouts.rails.bank_file import target
from payouts.rails.base import Instruction

SCHEMA = "pain.001.001.09"
DAY = re.compile(rb"(?<=<ReqdExctnDt><Dt>)[0-9-]{10}(?=</Dt></ReqdExctnDt>)")
WORDS_LENGTH = 140
NOT_PROVIDED = "NOTPROVIDED"


class Refused(Exception):
    """The file would not be valid."""


class _Transfer(sepaxml.SepaTransfer):
    """sepaxml draws ids at random and looks at the clock; ours come from the batch, so that bytes
    can be compared. It leaves out banks without a BIC, which some banks take and others don't.
    """

    def __init__(self, config: dict[str, object], *, message_id: str, at: datetime) -> None:
        super().__init__(config, schema=SCHEMA, clean=False)
        self._message_id, self._at = message_id, at

    def _finalize_batch(self) -> None:
        super()._finalize_batch()
        for bank in self._xml.iterfind(".//DbtrAgt/FinInstnId"):
            if len(bank) == 0:
                bank.append(_nameless())
        if settings.BANK_MISSING_BIC == "notprovided":
            for payment in self._xml.iter("CdtTrfTxInf"):
                _name_bank(payment)
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
    transfer = _Transfer(_payer(currency), message_id=message_id(batch_id), at=at)
    execute_on = target.first_day(at)
    for instruction in instructions:
        transfer.add_payment(_payment(instruction, execute_on=execute_on))
    file = bytes(transfer.export(validate=False))
    if not _schema().is_valid(file.decode()):
        raise Refused(_("a value doesn't match the bank's schema"))
    return file


@cache
def _schema() -> Any:
    """Return what a file is checked against; sepaxml would read it anew for each, in a tenth of a
    second of the approving transaction.
    """
    import xmlschema  # as sepaxml imports it: the first who needs it waits, not every start

    return xmlschema.XMLSchema(Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd")


def asked_day(xml: bytes) -> date:
    """Return the day for which a file of ours asks. Raises `Refused` unless there is one."""
    days = set(DAY.findall(xml))
    if len(days) != 1:
        raise Refused(_("it doesn't ask for one day"))
    return date.fromisoformat(days.pop().decode())


def dated(xml: bytes, day: date) -> bytes:
    """Return the same file with another day asked for, and nothing else changed."""
    asked_day(xml)
    return DAY.sub(day.isoformat().encode(), xml)


def undated(xml: bytes) -> bytes:
    """Return all of a file but the day it asks for."""
    return DAY.sub(b"", xml)


def _payer(currency: str) -> dict[str, object]:
    bank = settings.BANK_ACCOUNT
    payer: dict[str, object] = {
        "name": sepa(bank["name"], HOLDER_LENGTH),
        "IBAN": bank["iban"],
        "batch": True,
        "currency": currency,
    }
    if bank["bic"]:
        payer["BIC"] = bank["bic"]
    if bank["town"] and bank["country"]:
        ours = Address(
            sepa(bank["street"], LINE_LENGTH),
            sepa(bank["postcode"], POSTCODE_LENGTH),
            sepa(bank["town"], TOWN_LENGTH),
            bank["country"].upper(),
        )
        payer["address"] = _postal(ours)
    return payer


def _payment(instruction: Instruction, *, execute_on: date) -> dict[str, object]:
    payment: dict[str, object] = {
        "name": holder_at_bank(instruction.holder),
        "IBAN": instruction.iban,
        "amount": instruction.amount_minor,
        "execution_date": execute_on,
        "description": sepa(instruction.words, WORDS_LENGTH),
        "endtoend_id": instruction.end_to_end_id,
    }
    if instruction.bic:
        payment["BIC"] = instruction.bic
    if instruction.address:
        payment["address"] = _postal(instruction.address)
    return payment


def _postal(address: Address) -> dict[str, object]:
    """Return an address in the hybrid form: what banks ask for in elements, the rest in a line."""
    return {
        "postcode": address.postcode,
        "town": address.town,
        "country": address.country,
        "lines": [address.line] if address.line else [],
    }


def _name_bank(payment: Element) -> None:
    """Say of a payee's bank without a BIC that none is known."""
    if payment.find("CdtrAgt") is None:
        bank = Element("CdtrAgt")
        SubElement(bank, "FinInstnId").append(_nameless())
        payment.insert(list(payment).index(payment.find("Amt")) + 1, bank)  # type: ignore[arg-type]  # each has one


def _nameless() -> Element:
    other = Element("Othr")
    SubElement(other, "Id").text = NOT_PROVIDED
    return other
