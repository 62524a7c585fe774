"""The bank's statement (camt.053.001.02 and .08), read into plain rows. Knows XML, knows nothing of
payouts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _
from moneyed.classes import CurrencyDoesNotExist

from payouts import refusals
from payouts.rails.bank_file.reasons import in_words
from wallet.money import sub_unit

READS = re.compile(r"^\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(02|08)\}Document$")
MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One transaction of the statement. `credit` is money that came to us: for a payout, its
    return.
    """

    number: int
    end_to_end_id: str
    batch_reference: (
        str  # filled where the bank booked a whole file in one sum and lists no payments
    )
    reference: str
    amount_minor: int
    currency: str
    credit: bool
    booked: bool
    reason: str


@dataclass(frozen=True)
class Statement:
    """One file: its id, the account it is for, its rows in order."""

    statement_id: str
    iban: str
    rows: list[Row]


def parse(content: bytes) -> Statement:
    """Return what the file says. Raises the refusal that fits: too large, not XML, not a statement,
    incomplete.
    """
    if len(content) > MOST_BYTES:
        raise refusals.StatementTooLarge(limit=MOST_BYTES // 1024 // 1024)
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise refusals.StatementDoctype from None
    except (ParseError, ValueError, LookupError):  # not well-formed, or in an encoding nobody has
        raise refusals.StatementNotXml from None
    if not READS.match(root.tag):
        raise refusals.StatementNotCamt
    for (
        node
    ) in root.iter():  # both versions name their elements alike; what differs is read either way
        node.tag = node.tag.rpartition("}")[2]
    return _statement(root)


def _statement(root: Element) -> Statement:
    statements = root.findall("BkToCstmrStmt/Stmt")
    if not statements:
        raise refusals.StatementNotCamt
    ibans = {_text(one, "Acct/Id/IBAN").replace(" ", "") for one in statements}
    ids = [_text(one, "Id") for one in statements]
    rows: list[Row] = []
    for one in statements:
        for entry in one.findall("Ntry"):
            rows.extend(_rows(entry, first=len(rows) + 1))
    # A file that mixes accounts is not for ours, whichever stands first.
    return Statement(ids[0][:70] or "-", ibans.pop() if len(ibans) == 1 else "", rows)


def _rows(entry: Element, *, first: int) -> Iterator[Row]:
    """Yield a row per transaction of an entry; one row where the bank gives none."""
    details = entry.findall("NtryDtls/TxDtls")
    for number, detail in enumerate(details or [entry], start=first):
        # An entry of one transaction may leave the amount to the entry.
        yield _row(entry, detail, number=number, alone=len(details) <= 1)


def _row(entry: Element, detail: Element, *, number: int, alone: bool) -> Row:
    amount = detail.find("Amt")
    if amount is None:
        amount = detail.find("AmtDtls/TxAmt/Amt")
    if amount is None and alone:
        amount = entry.find("Amt")
    direction = _text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    if amount is None:
        raise refusals.StatementIncomplete(row=number, what=_("an amount"))
    if direction not in {"CRDT", "DBIT"}:
        raise refusals.StatementIncomplete(row=number, what=_("its direction"))
    currency = amount.get("Ccy", "")
    end_to_end = _text(detail, "Refs/EndToEndId")[:35]
    whole_file = alone and end_to_end in {"", "NOTPROVIDED"}
    reference = _text(detail, "Refs/AcctSvcrRef") or _text(entry, "AcctSvcrRef")
    return Row(
        number=number,
        end_to_end_id=end_to_end,
        batch_reference=_batch_reference(entry, detail) if whole_file else "",
        reference=(reference or _text(entry, "NtryRef"))[:140],
        amount_minor=_minor(amount.text or "", currency, number),
        currency=currency,
        credit=direction == "CRDT",
        booked=(_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") == "BOOK",
        reason=in_words(_text(detail, "RtrInf/Rsn/Cd") or _text(detail, "RtrInf/Rsn/Prtry")),
    )


def _batch_reference(entry: Element, detail: Element) -> str:
    """Return the id of our file, from where banks write it."""
    places = ("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId")
    within = ("Refs/PmtInfId", "Refs/MsgId")
    found = [_text(entry, place) for place in places] + [_text(detail, place) for place in within]
    return next((reference for reference in found if reference), "")


def _minor(text: str, currency: str, number: int) -> int:
    """Return an amount in minor units, exactly, or refuse the file."""
    try:
        minor = Decimal(text.strip()) * sub_unit(currency)
        if not minor.is_finite() or minor != minor.to_integral_value() or not 0 < minor < 10**15:
            raise InvalidOperation
    except (InvalidOperation, CurrencyDoesNotExist):
        raise refusals.StatementIncomplete(row=number, what=_("a readable amount")) from None
    return int(minor)


def _text(node: Element, path: str) -> str:
    """Return the words at a place, without spaces around; empty where there is nothing."""
    return (node.findtext(path) or "").strip()
