"""The payouts and bank files that the rows of a file name, found together and not row by row."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, Left, Replace

from foundation.bank_files.rows import Row
from foundation.many import among
from ledger.models import Account
from payouts.models import Batch, Payout
from payouts.rails.bank_file.pain001 import message_id
from payouts.statements.booking import parts

PAYMENT = re.compile(r"[0-9a-f]{32}")
# A sandbox puts a word in front and so has room for the start of the id only.
FILE = re.compile(r"(?:sandbox-)?([0-9a-f]{26}|[0-9a-f]{32})")
READ = (
    *("public_id", "creator_id", "method_id", "batch_id", "pays_again_id"),
    *("currency", "amount_minor", "state", "provider_reference"),
    *("return_reason", "return_cause", "needs_attention", "held_reason"),
)
# Payouts and all that pay the same money before or after them, each with the one before it.
FAMILY = """
    WITH RECURSIVE family(id, before) AS (
        SELECT id, pays_again_id FROM payouts_payout WHERE id = ANY (%s)
        UNION SELECT near.* FROM family f CROSS JOIN LATERAL (
            SELECT id, pays_again_id FROM payouts_payout WHERE id = f.before
            UNION ALL SELECT id, pays_again_id FROM payouts_payout WHERE pays_again_id = f.id) near)
    SELECT id, before FROM family
"""


class Payment(NamedTuple):
    """What filling in a row needs of a payout; the id is the one that travels."""

    id: str
    amount_minor: int
    currency: str
    state: str


@dataclass(frozen=True)
class Named:
    """The batches of ours that a file names, by reference."""

    batches: dict[str, Batch]

    def batch(self, row: Row) -> Batch | None:
        """Return the batch whose whole file a row speaks of."""
        if not row.batch_references:
            return None
        found = (self.batches.get(reference.casefold()) for reference in row.batch_references)
        return next((batch for batch in found if batch), None)


def locked(rows: list[Row]) -> Named:
    """Return what the rows name, with the payouts locked in one order: also those that pay the same
    money before or after.
    """
    batches = batches_named(ref for row in rows for ref in row.batch_references)
    of_files = Payout.objects.filter(batch__in={batch.pk for batch in batches.values()})
    ids = list(of_files.values_list("pk", flat=True)) if batches else []
    for some in parts(rows):
        ids += _named(some).values_list("pk", flat=True)
    _lock(ids)
    return Named(batches)


def locked_families(payouts: QuerySet[Payout]) -> list[Payout]:
    """Return payouts and all that pay the same money, locked in one order."""
    ids = _lock(payouts.order_by().values_list("pk", flat=True))
    return list(Payout.objects.filter(pk__in=among(ids, "bigint")).order_by("pk"))


def family(ids: Iterable[int]) -> dict[int, int | None]:
    """Return the payouts that pay the same money as these, each with the one that it pays again."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [list(ids)])
        return dict(cursor.fetchall())


def payouts_named(rows: Iterable[Row]) -> dict[str, Payout]:
    """Return the payouts that rows name, by the id that travels: only what the booking reads."""
    return {payout.end_to_end_id: payout for payout in _named(rows).only(*READ)}


def batches_named(references: Iterable[str]) -> dict[str, Batch]:
    """Return the batches whose files carry these ids, by the id in small letters."""
    wanted = {reference.casefold() for reference in references}
    starts = {found[1] for reference in wanted if (found := FILE.fullmatch(reference))}
    if not starts:
        return {}
    signs = Replace(Cast("public_id", TextField()), Value("-"), Value(""))
    some = Batch.objects.defer("file", "csv").annotate(start=Left(signs, 26))
    batches = some.filter(start__in={start[:26] for start in starts})
    named = {message_id(batch.public_id.hex).casefold(): batch for batch in batches}
    return {reference: named[reference] for reference in wanted if reference in named}


def _lock(payouts: Iterable[int]) -> list[int]:
    """Lock payouts and all that pay the same money, in one order, and return their ids."""
    ids = sorted({pk for some in parts(list(payouts)) for pk in family(some)})
    for some in parts(ids):
        same = Payout.objects.filter(pk__in=among(some, "bigint")).order_by("pk")
        list(same.select_for_update().values_list("pk"))
    return ids


def _named(rows: Iterable[Row]) -> QuerySet[Payout]:
    ids = {row.payment for row in rows if PAYMENT.fullmatch(row.payment)}
    return Payout.objects.filter(public_id__in=among(ids, "uuid")).order_by("pk")


def in_order(rows: list[Row]) -> list[Row]:
    """Return the rows in the order in which they are booked.

    A return can stand above its debit on the page; the debit happened first. What goes back is
    booked in the ledger's order of accounts, or two files could wait for each other.
    """
    cash = _cash_accounts([row for row in rows if row.credit or row.rejected])
    return sorted(rows, key=lambda row: (row.credit, cash.get(row.payment, 0), row.number))


def _cash_accounts(rows: list[Row]) -> dict[str, int]:
    """Return by payment the creator's account that its return goes to."""
    found: dict[str, int] = {}
    for some in parts(rows):
        owed = _named(some).values_list("public_id", "creator_id", "currency")
        owners = {creator for _id, creator, _currency in owed}
        accounts = Account.objects.filter(kind="cash", owner__in=owners)
        cash = {(one.owner_id, one.unit): one.pk for one in accounts}
        found |= {id.hex: cash.get((creator, currency), 0) for id, creator, currency in owed}
    return found


def unfolded(rows: list[Row], named: Named) -> list[Row]:
    """Return a row per payout where the bank speaks of a whole file of ours in one sum, or leaves
    the amounts of its payments out.
    """
    told: set[tuple[int, bool]] = set()
    found: list[Row] = []
    for row in _amounts(rows):
        batch = named.batch(row)
        # A file is taken once: a second row about all of it is no second payment of each.
        if batch is None or (batch.pk, row.credit) in told:
            found.append(row)
        elif whole := _whole(row, batch, rows):
            told.add((batch.pk, row.credit))
            found.extend(whole)
        elif not row.rejected:
            found.append(row)
    return found


def _whole(row: Row, batch: Batch, rows: list[Row]) -> list[Row]:
    payments = _payments(batch.payouts.order_by("pk"))
    if row.rejected:  # it holds for those of which the report does not speak by name
        listed = {row.payment for row in rows}
        covered = [payment for payment in payments if payment.id not in listed]
        return [replace(row, end_to_end_id=payment.id) for payment in covered]
    return [_paying(row, payment) for payment in _covered(payments, batch, row)]


def _covered(payments: list[Payment], batch: Batch, row: Row) -> list[Payment]:
    """Return the payments that make the row's sum: all of the file, or those that the bank took;
    none when neither fits.
    """
    taken = [payment for payment in payments if payment.state != Payout.State.RETURNED]
    for some in (payments, taken):
        total = (sum(payment.amount_minor for payment in some), batch.currency)
        if total == (row.amount_minor, row.currency):
            return some
    return []


def _amounts(rows: list[Row]) -> Iterator[Row]:
    """Yield the rows; payments without an amount get ours where together they make the entry's
    sum.
    """
    untold = {row.entry for row in rows if row.entry and row.amount_minor is None}
    open_rows: dict[int, list[Row]] = {}
    for row in rows:
        if row.entry in untold:
            open_rows.setdefault(row.entry, []).append(row)
    ours = {
        payment.id: payment
        for some in parts([row for row in rows if row.entry and row.amount_minor is None])
        for payment in _payments(_named(some))
    }
    fits = {entry for entry, some in open_rows.items() if _fits(some, ours)}
    for row in rows:
        payment = ours.get(row.payment) if row.amount_minor is None else None
        yield _paying(row, payment) if payment and row.entry in fits else row


def _fits(entry: list[Row], ours: Mapping[str, Payment]) -> bool:
    """Return whether an entry's amounts, ours where the bank gives none, make its sum."""
    total = 0
    for row in entry:
        payment = ours.get(row.payment) if row.amount_minor is None else None
        known, unit = row.amount_minor, row.currency
        if payment is not None:
            known, unit = payment.amount_minor, payment.currency
        if known is None or unit != row.entry_currency or row.fault:
            return False
        total += known
    return total == entry[0].entry_minor


def _payments(payouts: QuerySet[Payout]) -> list[Payment]:
    found = payouts.values_list("public_id", "amount_minor", "currency", "state")
    return [Payment(id.hex, amount, unit, state) for id, amount, unit, state in found]


def _paying(row: Row, payment: Payment) -> Row:
    return replace(
        row,
        end_to_end_id=payment.id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        charge_minor=0,
        rest_minor=0,
    )
