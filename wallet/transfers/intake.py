"""Statements as they come: what fans paid is kept row by row, each booking of the bank once.

Nothing is credited here. A worker takes the rows one by one (`wallet.transfers.matching`): one that
dies in the middle leaves the others due.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.bank_files.rows import Payer, Row, Statement
from foundation.jobs import nudge
from foundation.texts import clean
from wallet.models import BankTransfer, SenderRule, TransferStatement
from wallet.providers.bank_transfer.reference import references_in
from wallet.transfers.payers import Senders, country_of, encrypted

MODULE = "wallet.providers.bank_transfer"
# What banks write where they have no reference.
NO_REFERENCE = {"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "-"}
NOBODY = Payer()
MOST_NAMED = 5
AT_ONCE = 1_000


def is_offered() -> bool:
    """Return whether fans may pay by transfer on this site at all."""
    return MODULE in settings.PAYMENT_PROVIDERS


def take(
    *, statement: Statement, sha256: str, by: User | None, others: Collection[int] = ()
) -> tuple[TransferStatement, bool]:
    """Keep what a statement says of fans' money; for a file taken before, the first and `False`.

    `by` is nobody for a file from the folder. `others` are rows, by number, that are known to be
    about something else.
    """
    try:
        return _take(statement, sha256, by, frozenset(others)), True
    except IntegrityError:  # the same bytes, now or at the same moment by another person
        first = TransferStatement.objects.filter(sha256=sha256).first()
        if first is None:
            raise
        return first, False


@transaction.atomic
def _take(
    statement: Statement, sha256: str, by: User | None, others: frozenset[int]
) -> TransferStatement:
    # First of all the row with the unique hash: a second upload of the same bytes waits here.
    taken = TransferStatement.objects.create(
        sha256=sha256,
        statement_id=clean(statement.statement_id)[:70] or "-",
        uploaded_by=by,
        sandbox=settings.SANDBOX,
    )
    found = _sorted_out(statement.rows, others)
    _keep(taken, found)
    for row in found.backs:
        _take_back(taken, found, row)
    taken.others = len(statement.rows) - taken.new - taken.repeated - taken.reversed
    taken.attention = _told(found.attention)
    taken.save()
    nudge("wallet.tasks.sweep")
    return taken


@dataclass
class _Found:
    """The rows of a file that are about fans' money: by their key, and those that take it back."""

    credits: dict[str, Row] = field(default_factory=dict)
    backs: list[Row] = field(default_factory=list)
    repeated: int = 0
    attention: list[str] = field(default_factory=list)


def _sorted_out(rows: list[Row], others: frozenset[int]) -> _Found:
    found, senders = _Found(), Senders.now()
    keys = _Keys()
    for row in rows:
        if row.number in others or not row.booked or row.rejected:
            continue
        if row.reversal and not row.credit:
            found.backs.append(row)
        elif row.credit and not _is_ours(row, senders):
            if row.fault or row.amount_minor is None:
                found.attention.append(_("row %(row)s can't be read") % {"row": row.number})
                continue
            key = keys.of(row)
            found.repeated += key in found.credits
            if not _same(found.credits.setdefault(key, row), row):
                found.attention.append(_differs(row))
    return found


def _is_ours(row: Row, senders: Senders) -> bool:
    """Return whether staff said that money of this sender is booked elsewhere."""
    payer = row.payer or NOBODY
    return senders.treatment(payer.name, payer.iban) == SenderRule.Treatment.OURS


class _Keys:
    """What tells the bookings of a file apart: the bank's reference, or all that is said of it."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def of(self, row: Row) -> str:
        """Return the key of the booking, the same in every statement that names it."""
        reference = " ".join(row.servicer.split())
        if reference.upper() not in NO_REFERENCE:
            # An entry of several payments may have one reference for all of them.
            within = f"{row.entry}:{reference}" if row.entry else ""
            return f"ref:{reference}{self._place(within) if within else ''}"
        payer = row.payer or NOBODY
        said = [str(row.booked_on), row.amount_minor, row.currency, row.end_to_end_id]
        said += [payer.name, payer.iban, payer.words]
        digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        # Two equal bookings without a reference are two, in every statement that lists both.
        return f"sum:{digest}{self._place(digest)}"

    def _place(self, name: str) -> str:
        self.seen[name] = self.seen.get(name, 0) + 1
        return f"#{self.seen[name]}" if self.seen[name] > 1 else ""


def _same(one: Row, other: Row) -> bool:
    return (one.amount_minor, one.currency) == (other.amount_minor, other.currency)


def _differs(row: Row) -> str:
    return _("row %(row)s names a known booking with another amount") % {"row": row.number}


def _keep(taken: TransferStatement, found: _Found) -> None:
    """Write the credits that are new. Two files that overlap write them in one order."""
    keys = sorted(found.credits)
    for some in _parts(keys):
        BankTransfer.objects.bulk_create(
            [_row(taken, key, found.credits[key]) for key in some], ignore_conflicts=True
        )
        known = BankTransfer.objects.filter(bank_key__in=some).exclude(statement=taken)
        for key, minor, currency in known.values_list("bank_key", "amount_minor", "currency"):
            row = found.credits[key]
            if (minor, currency) != (row.amount_minor, row.currency):
                found.attention.append(_differs(row))
    taken.new = taken.transfers.count()
    taken.repeated = len(keys) - taken.new + found.repeated


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(keys), AT_ONCE):
        yield keys[first : first + AT_ONCE]


def _row(taken: TransferStatement, key: str, row: Row) -> BankTransfer:
    payer = row.payer or NOBODY
    said = " ".join(one for one in (payer.words, row.end_to_end_id) if one)
    # The end-to-end id is kept only where the reference stands in it.
    words = said if references_in(row.end_to_end_id) else payer.words
    returned = row.returned or row.reversal
    public_id = uuid4()
    return BankTransfer(
        public_id=public_id,
        statement=taken,
        bank_key=key,
        bank_reference=clean(row.servicer)[:140],
        amount_minor=row.amount_minor or 0,
        currency=row.currency,
        booked_on=row.booked_on or timezone.localdate(),
        words=clean(words)[:700],
        payer_name=clean(payer.name)[:140],
        payer_iban=encrypted(public_id, payer.iban),
        payer_country=country_of(payer.iban),
        uploaded_by=taken.uploaded_by,
        why=BankTransfer.Why.RETURNED if returned else "",
        due_at=timezone.now(),
    )


def _take_back(taken: TransferStatement, found: _Found, row: Row) -> None:
    """Mark the transfer that a row takes back, once; a row that fits none or many is told."""
    key = f"back:{_Keys().of(row)}"
    if BankTransfer.objects.filter(reversal_key=key).exists():
        taken.repeated += 1
        return
    fitting = _fitting(row)
    if len(fitting) != 1:
        said = _("row %(row)s takes back money that can't be found: reverse it by hand")
        found.attention.append(said % {"row": row.number})
        return
    same = BankTransfer.objects.filter(pk=fitting[0], reversal_key="")
    taken.reversed += same.update(reversal_key=key, due_at=timezone.now())


def _fitting(row: Row) -> list[int]:
    """Return the transfers that a row may take back: by the bank's reference, else by what the
    payer wrote; of one amount.
    """
    open_ones = BankTransfer.objects.filter(
        amount_minor=row.amount_minor or 0, currency=row.currency, reversal_key=""
    ).exclude(state__in=[BankTransfer.State.DISMISSED, BankTransfer.State.REVERSED])
    reference = clean(row.servicer)[:140]
    named = open_ones.filter(bank_reference=reference).values_list("pk", flat=True)
    if reference.upper() not in NO_REFERENCE and (found := list(named)):
        return found
    payer = row.payer or NOBODY
    wanted = references_in(f"{payer.words} {row.end_to_end_id}")
    written = open_ones.values_list("pk", "words")
    if wanted:
        return [pk for pk, words in written if references_in(words) & wanted]
    words = clean(payer.words)[:700]
    return [pk for pk, _said in written.filter(words=words)] if words else []


def _told(attention: list[str]) -> str:
    more = [_("and more")] if len(attention) > MOST_NAMED else []
    return "; ".join(attention[:MOST_NAMED] + more)[:300]
