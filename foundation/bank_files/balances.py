"""The balances that a camt.053 statement gives for its account."""

from datetime import date
from xml.etree.ElementTree import Element

from foundation.bank_files.amounts import read_amount, signed
from foundation.bank_files.rows import Balance, text

# Some banks give the closing balance of the day before in the place of an opening balance.
OPENING = ("OPBD", "PRCD")
CLOSING = "CLBD"


def balance_of(statement: Element) -> Balance | None:
    """Return a statement's balances; nothing where no closing balance can be read."""
    nodes: dict[str, Element] = {}
    for node in statement.findall("Bal"):
        nodes.setdefault(text(node, "Tp/CdOrPrtry/Cd"), node)
    closing = nodes.get(CLOSING)
    if closing is None:
        return None
    minor, currency = _read(closing)
    if minor is None:
        return None
    opening = next((nodes[code] for code in OPENING if code in nodes), None)
    opening_minor, unit = (None, "") if opening is None else _read(opening)
    return Balance(
        currency=currency,
        opening_minor=opening_minor if unit == currency else None,
        closing_minor=minor,
        closes_on=day(text(closing, "Dt/Dt") or text(closing, "Dt/DtTm")),
    )


def _read(node: Element) -> tuple[int | None, str]:
    minor, currency, _fault = read_amount(node.find("Amt"))
    return signed(minor, text(node, "CdtDbtInd")), currency


def day(words: str) -> date | None:
    """Return the day of a date or a moment; nothing where it is none."""
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        return None
