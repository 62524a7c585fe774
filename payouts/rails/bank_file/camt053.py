"""The bank's statement (camt.053.001.02 and .08), read into plain rows. Knows XML, not payouts."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _
from moneyed.classes import CurrencyDoesNotExist

from foundation.money import sub_unit
from payouts import refusals
from payouts.rails.bank_file.reasons import in_words
from payouts.rails.bank_file.rows import Row, Statement, text


def statement(root: Element) -> Statement:
    """Return what the document says. Raises `StatementNotCamt`, `StatementIncomplete`."""
    statements = root.findall("BkToCstmrStmt/Stmt")
    if not statements:
        raise refusals.StatementNotCamt
    ibans = {text(one, "Acct/Id/IBAN").replace(" ", "") for one in statements}
    ids = [text(one, "Id") for one in statements]
    rows: list[Row] = []
    for one in statements:
        for entry in one.findall("Ntry"):
            rows.extend(_rows(entry, first=len(rows) + 1))
    # A file that mixes accounts is not for ours, whichever stands first.
    return Statement(ids[0][:70] or "-", rows, iban=ibans.pop() if len(ibans) == 1 else "")


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
    direction = text(detail, "CdtDbtInd") or text(entry, "CdtDbtInd")
    if amount is None:
        raise refusals.StatementIncomplete(row=number, what=_("the amount"))
    if direction not in {"CRDT", "DBIT"}:
        raise refusals.StatementIncomplete(row=number, what=_("the direction"))
    currency = amount.get("Ccy", "")
    end_to_end = text(detail, "Refs/EndToEndId")[:35]
    whole_file = alone and end_to_end in {"", "NOTPROVIDED"}
    reference = text(detail, "Refs/AcctSvcrRef") or text(entry, "AcctSvcrRef")
    return Row(
        number=number,
        end_to_end_id=end_to_end,
        batch_reference=_batch_reference(entry, detail) if whole_file else "",
        reference=(reference or text(entry, "NtryRef"))[:140],
        amount_minor=_minor(amount.text or "", currency, number),
        currency=currency,
        credit=direction == "CRDT",
        booked=(text(entry, "Sts/Cd") or text(entry, "Sts") or "BOOK") == "BOOK",
        reason=in_words(text(detail, "RtrInf/Rsn/Cd") or text(detail, "RtrInf/Rsn/Prtry")),
    )


def _batch_reference(entry: Element, detail: Element) -> str:
    """Return the id of our file, from where banks write it."""
    places = ("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId")
    within = ("Refs/PmtInfId", "Refs/MsgId")
    found = [text(entry, place) for place in places] + [text(detail, place) for place in within]
    return next((reference for reference in found if reference), "")


def _minor(text: str, currency: str, number: int) -> int:
    """Return an amount in minor units, exactly, or refuse the file."""
    try:
        minor = Decimal(text.strip()) * sub_unit(currency)
        if not minor.is_finite() or minor != minor.to_integral_value() or not 0 < minor < 10**15:
            raise InvalidOperation
    except (InvalidOperation, CurrencyDoesNotExist):
        raise refusals.StatementIncomplete(row=number, what=_("a valid amount")) from None
    return int(minor)
