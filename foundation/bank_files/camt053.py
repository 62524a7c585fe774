"""The bank's statement (camt.053.001.02 to .13), read into plain rows. Knows XML, not payouts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from sys import intern
from xml.etree.ElementTree import Element

from django.conf import settings
from django.utils.translation import gettext as _

from foundation.bank_files import refusals
from foundation.bank_files.amounts import UNTOLD, Amount, charged, charges_of, read_amount
from foundation.bank_files.balances import balance_of, day
from foundation.bank_files.reasons import cause_of, in_words
from foundation.bank_files.rows import Balance, Events, Payer, Row, Statement, text

MOST_NAME, MOST_IBAN, MOST_WORDS = 140, 34, 700
NAMELESS = {"", "NOTPROVIDED"}
TRANSACTION, ENTRY = ("NtryDtls", "TxDtls"), ("Stmt", "Ntry")
FRAME = {TRANSACTION, ENTRY, ("BkToCstmrStmt", "Stmt")}
ENDS = {tag for _parent, tag in FRAME}


@dataclass(frozen=True, slots=True)
class Detail:
    """A transaction of an entry, before the entry's own facts are known to be complete."""

    end_to_end_id: str
    batch_references: tuple[str, ...]
    reference: str
    amount: Amount | None
    direction: str
    code: str
    said: str
    charges: Sequence[Element]
    payer: Payer | None
    returned: bool

    @property
    def nameless(self) -> bool:
        """Whether the bank names no payment here."""
        return self.end_to_end_id in NAMELESS


def statement(events: Events) -> Statement:
    """Return what the document says of our account; of another account where ours is not in it.
    Raises `StatementNotCamt`.
    """
    reading = _Reading()
    path: list[Element] = []
    for event, node in events:
        if event == "start":
            path.append(node)
        elif path:  # the last end is the document's, which began before
            path.pop()
            if path and node.tag in ENDS:
                reading.ended(node, path[-1])
    return reading.statement()


class _Reading:
    """A document on its way through: what was read is let go at once, but for its rows."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.ibans: list[str] = []
        self.ids: list[tuple[bool, str]] = []
        self.balances: list[Balance] = []
        self._details: list[Detail] = []
        self._found: list[Row] = []

    def ended(self, node: Element, parent: Element) -> None:
        """Take a finished element of the document's frame; leave others to those they are in."""
        place = (parent.tag, node.tag)
        if place not in FRAME:
            return
        if place == TRANSACTION:
            self._details.append(_detail(node))
        elif place == ENTRY:
            first = len(self.rows) + len(self._found) + 1
            self._found.extend(_rows(node, self._details, first=first))
            self._details = []
        else:
            self._take(node)
        parent.remove(node)

    def statement(self) -> Statement:
        """Return what was read. Raises `StatementNotCamt` where there was no statement."""
        if not self.ids:
            raise refusals.StatementNotCamt
        account = our_account()
        first = next((ident for ours, ident in self.ids if ours), self.ids[0][1])
        return Statement(
            first[:70] or "-",
            self.rows,
            iban=account if account in self.ibans else self.ibans[0],
            left_out=tuple(dict.fromkeys(iban for iban in self.ibans if iban != account)),
            balances=tuple(self.balances),
        )

    def _take(self, node: Element) -> None:
        iban = _plain(text(node, "Acct/Id/IBAN"))
        self.ibans.append(iban)
        self.ids.append((iban == our_account(), text(node, "Id")))
        if iban == our_account():
            self.rows += self._found
            if balance := balance_of(node):
                self.balances.append(balance)
        self._found = []


def our_account() -> str:
    """Return the IBAN of the site's own account as statements are compared with it."""
    return _plain(settings.BANK_ACCOUNT["iban"])


def _plain(iban: str) -> str:
    return iban.replace(" ", "").upper()


def _rows(entry: Element, details: list[Detail], *, first: int) -> list[Row]:
    """Return a row per transaction of an entry; one row where the bank names none."""
    whole_file = _file_references(entry)
    nameless = all(detail.nameless for detail in details)
    if len(details) != 1 and nameless and (not details or whole_file):
        details = [_detail(entry)]
    alone = len(details) == 1
    facts = _Entry(
        amount=read_amount(entry.find("Amt")),
        direction=text(entry, "CdtDbtInd"),
        reference=text(entry, "AcctSvcrRef"),
        number=text(entry, "NtryRef"),
        booked=(text(entry, "Sts/Cd") or text(entry, "Sts") or "BOOK") == "BOOK",
        batch_references=whole_file,
        reversal=text(entry, "RvslInd") in {"true", "1"},
        # An entry of one transaction may leave the amount to the entry.
        whole=0 if alone else first,
        charges=charges_of(entry) if alone else [],
        booked_on=day(text(entry, "BookgDt/Dt") or text(entry, "BookgDt/DtTm")),
    )
    numbers = range(first, first + len(details))
    details.reverse()  # each is let go as its row is made: there may be tens of thousands
    rows = [_row(facts, details.pop(), number=number) for number in numbers]
    if rest := _rest(rows):
        rows[0] = replace(rows[0], rest_minor=rest)
    return rows


def _rest(rows: Sequence[Row]) -> int:
    """Return by how much an entry is more than its transactions: what the bank took besides."""
    amounts = [row.amount_minor for row in rows if row.currency == row.entry_currency]
    known = [amount for amount in amounts if amount is not None]
    total = rows[0].entry_minor if rows else None
    return 0 if total is None or len(known) != len(rows) else total - sum(known)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an entry says for all its transactions."""

    amount: Amount
    direction: str
    reference: str
    number: str
    booked: bool
    batch_references: tuple[str, ...]
    reversal: bool
    whole: int
    charges: Sequence[Element]
    booked_on: date | None


def _detail(node: Element) -> Detail:
    """Return what a transaction, or an entry that lists none, says for itself."""
    # By tag and not by path, which is looked for several times as fast; most have no reason.
    refs, why = node.find("Refs"), node.find("RtrInf")
    said = () if why is None else (part.text or "" for part in why.findall("AddtlInf"))
    within = (text(refs, "PmtInfId"), text(refs, "MsgId"))
    return Detail(
        end_to_end_id=text(refs, "EndToEndId")[:35],
        batch_references=tuple(reference for reference in within if reference),
        reference=text(refs, "AcctSvcrRef"),
        amount=None if (amount := _amount(node)) is None else read_amount(amount),
        direction=intern(text(node, "CdtDbtInd")),
        code=text(why, "Rsn/Cd") or text(why, "Rsn/Prtry"),
        said=" ".join(said),
        charges=() if node.find("Chrgs") is None else charges_of(node),
        payer=_payer(node),
        returned=why is not None,
    )


def _payer(node: Element) -> Payer | None:
    """Return who paid and with which words; nothing where the bank tells neither."""
    parties, told = node.find("RltdPties"), node.find("RmtInf")
    name = text(parties, "Dbtr/Nm") or text(parties, "Dbtr/Pty/Nm")
    iban = text(parties, "DbtrAcct/Id/IBAN")
    found = () if told is None else (*told.findall("Strd/CdtrRefInf/Ref"), *told.findall("Ustrd"))
    words = " ".join(part.text for part in found if part.text) or text(node, "AddtlNtryInf")
    if not (name or iban or words):
        return None
    return Payer(name[:MOST_NAME], _plain(iban)[:MOST_IBAN], words[:MOST_WORDS])


def _row(entry: _Entry, detail: Detail, *, number: int) -> Row:
    amount, currency, fault = _counted(entry, detail)
    direction = detail.direction or entry.direction
    if direction not in {"CRDT", "DBIT"}:
        fault = fault or _("the direction")
    of_file = detail.nameless and not entry.whole
    return Row(
        number=number,
        end_to_end_id=detail.end_to_end_id,
        batch_references=entry.batch_references + detail.batch_references if of_file else (),
        reference=(detail.reference or entry.reference or entry.number)[:140],
        amount_minor=amount,
        currency=currency,
        credit=direction == "CRDT",
        booked=entry.booked,
        reason=in_words(detail.code, detail.said),
        cause=cause_of(detail.code, detail.said),
        fault=fault,
        entry=entry.whole,
        entry_minor=entry.amount[0],
        entry_currency=entry.amount[1],
        charge_minor=charged(detail.charges or entry.charges, currency),
        reversal=entry.reversal,
        # Of our own payments it is known already.
        payer=detail.payer if direction == "CRDT" or entry.reversal else None,
        servicer=(detail.reference or entry.reference)[:140],
        booked_on=entry.booked_on,
        returned=detail.returned,
    )


def _file_references(entry: Element) -> tuple[str, ...]:
    """Return the ids of a file of ours of which an entry is the sum, from where banks write
    them.
    """
    places = ("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId")
    found = [text(entry, place) for place in places]
    return tuple(reference for reference in found if reference)


def _counted(entry: _Entry, detail: Detail) -> Amount:
    """Return what a row is about; nothing where only the sum of several payments is known."""
    if detail.amount is not None:
        return detail.amount
    if entry.amount[0] is None:
        return None, "", entry.amount[2] or _("the amount")
    return UNTOLD if entry.whole else entry.amount


def _amount(detail: Element) -> Element | None:
    """Return a payment's own amount, from where banks write it."""
    for place in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        found = detail.find(place)
        if found is not None:
            return found
    return None
