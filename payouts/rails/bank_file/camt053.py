"""The bank's statement (camt.053.001.02 to .13), read into plain rows. Knows XML, not payouts."""

import re
from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element

from django.conf import settings
from django.utils.translation import gettext as _
from moneyed.classes import CurrencyDoesNotExist

from foundation.money import sub_unit
from payouts import refusals
from payouts.rails.bank_file.reasons import cause_of, in_words
from payouts.rails.bank_file.rows import Row, Statement, text

# Digits and a point, as the schema has them: `Decimal` alone reads `1E2000000` too, and reckons
# with it for minutes.
AMOUNT = re.compile(r"\+?[0-9]{1,15}(?:\.[0-9]{0,5})?")
NAMELESS = {"", "NOTPROVIDED"}


def statement(root: Element) -> Statement:
    """Return what the document says of our account; of another account where ours is not in it.
    Raises `StatementNotCamt`.
    """
    statements = root.findall("BkToCstmrStmt/Stmt")
    if not statements:
        raise refusals.StatementNotCamt
    account = our_account()
    ibans = [_plain(text(one, "Acct/Id/IBAN")) for one in statements]
    ours = [one for one, iban in zip(statements, ibans, strict=True) if iban == account]
    rows: list[Row] = []
    for one in ours:
        for entry in one.findall("Ntry"):
            rows.extend(_rows(entry, first=len(rows) + 1))
    return Statement(
        text((ours or statements)[0], "Id")[:70] or "-",
        rows,
        iban=account if ours else ibans[0],
        left_out=tuple(dict.fromkeys(iban for iban in ibans if iban != account)),
    )


def our_account() -> str:
    """Return the IBAN of the site's own account as statements are compared with it."""
    return _plain(settings.BANK_ACCOUNT["iban"])


def _plain(iban: str) -> str:
    return iban.replace(" ", "").upper()


def _rows(entry: Element, *, first: int) -> Iterator[Row]:
    """Yield a row per transaction of an entry; one row where the bank names none."""
    details = entry.findall("NtryDtls/TxDtls")
    nameless = all(text(one, "Refs/EndToEndId") in NAMELESS for one in details)
    if len(details) != 1 and nameless and (not details or _batch_references(entry, entry)):
        details = [entry]
    alone = len(details) == 1
    for number, detail in enumerate(details, start=first):
        # An entry of one transaction may leave the amount to the entry.
        yield _row(entry, detail, number=number, whole=0 if alone else first)


def _row(entry: Element, detail: Element, *, number: int, whole: int) -> Row:
    total, unit, _fault = _read(entry.find("Amt"))
    amount, currency, fault = _counted(entry, detail, one_of_many=bool(whole))
    direction = text(detail, "CdtDbtInd") or text(entry, "CdtDbtInd")
    if direction not in {"CRDT", "DBIT"}:
        fault = fault or _("the direction")
    reference = text(detail, "Refs/AcctSvcrRef") or text(entry, "AcctSvcrRef")
    code = text(detail, "RtrInf/Rsn/Cd") or text(detail, "RtrInf/Rsn/Prtry")
    said = " ".join(part.text or "" for part in detail.findall("RtrInf/AddtlInf"))
    named = text(detail, "Refs/EndToEndId")[:35]
    return Row(
        number=number,
        end_to_end_id=named,
        batch_references=() if whole or named not in NAMELESS else _batch_references(entry, detail),
        reference=(reference or text(entry, "NtryRef"))[:140],
        amount_minor=amount,
        currency=currency,
        credit=direction == "CRDT",
        booked=(text(entry, "Sts/Cd") or text(entry, "Sts") or "BOOK") == "BOOK",
        reason=in_words(code, said),
        cause=cause_of(code, said),
        fault=fault,
        entry=whole,
        entry_minor=total,
        entry_currency=unit,
    )


def _batch_references(entry: Element, detail: Element) -> tuple[str, ...]:
    """Return the ids of a file, from where banks write them."""
    places = ("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId")
    within = ("Refs/PmtInfId", "Refs/MsgId")
    found = [text(entry, place) for place in places] + [text(detail, place) for place in within]
    return tuple(reference for reference in found if reference)


def _counted(entry: Element, detail: Element, *, one_of_many: bool) -> tuple[int | None, str, str]:
    """Return what a row is about; nothing where only the sum of several payments is known."""
    amount = _amount(detail)
    if amount is not None:
        return _read(amount)
    total = _read(entry.find("Amt"))
    if total[0] is None:
        return None, "", total[2] or _("the amount")
    return (None, "", "") if one_of_many else total


def _amount(detail: Element) -> Element | None:
    """Return a payment's own amount, from where banks write it."""
    for place in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        found = detail.find(place)
        if found is not None:
            return found
    return None


def _read(amount: Element | None) -> tuple[int | None, str, str]:
    """Return an amount in minor units, exactly, with its currency; or what is wrong with it."""
    if amount is None:
        return None, "", ""
    words, currency = (amount.text or "").strip(), amount.get("Ccy", "")
    try:
        minor = Decimal(words) * sub_unit(currency) if AMOUNT.fullmatch(words) else None
    except CurrencyDoesNotExist:
        minor = None
    if minor is None or minor != minor.to_integral_value() or minor >= 10**15:
        return None, "", _("a valid amount")
    return int(minor), currency, ""
