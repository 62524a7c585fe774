"""Amounts as banks write them, read exactly; and what a bank charged within one."""

import re
from collections.abc import Iterable
from decimal import Decimal
from sys import intern
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _
from moneyed.classes import CurrencyDoesNotExist

from foundation.bank_files.rows import text
from foundation.money import exact_minor

# Minor units, their currency, and what is wrong with them.
Amount = tuple[int | None, str, str]
UNTOLD: Amount = (None, "", "")
# Digits and a point, as the schema has them: `Decimal` alone reads `1E2000000` too, and reckons
# with it for minutes.
AMOUNT = re.compile(r"\+?[0-9]{1,15}(?:\.[0-9]{0,5})?")


def read_amount(amount: Element | None) -> Amount:
    """Return an amount in minor units, exactly, with its currency; or what is wrong with it."""
    if amount is None:
        return UNTOLD
    # One word for all rows in memory: there may be tens of thousands.
    words, currency = (amount.text or "").strip(), intern(amount.get("Ccy", ""))
    try:
        minor = exact_minor(Decimal(words), currency) if AMOUNT.fullmatch(words) else None
    except CurrencyDoesNotExist:
        minor = None
    if minor is None or minor >= 10**15:
        return None, "", _("a valid amount")
    return minor, currency, ""


def signed(minor: int | None, direction: str) -> int | None:
    """Return an amount below zero where the account is debited; nothing without a direction."""
    if minor is None or direction not in {"CRDT", "DBIT"}:
        return None
    return minor if direction == "CRDT" else -minor


def charges_of(node: Element) -> list[Element]:
    """Return the charges that a transaction or an entry names."""
    return node.findall("Chrgs/Rcrd") or node.findall("Chrgs")


def charged(parts: Iterable[Element], currency: str) -> int:
    """Return the charges that an amount contains, in minor units."""
    return max(0, sum(_charge(part, currency) for part in parts))


def _charge(part: Element, currency: str) -> int:
    minor, unit, _fault = read_amount(part.find("Amt"))
    if minor is None:
        minor, unit, _fault = read_amount(part.find("TtlChrgsAndTaxAmt"))
    if minor is None or unit != currency or text(part, "ChrgInclInd") == "false":
        return 0
    return -minor if text(part, "CdtDbtInd") == "CRDT" else minor
