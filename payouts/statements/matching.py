"""The payouts and bank files that the rows of a file name, found together and not row by row."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Left, Replace

from payouts.models import Batch, Payout
from payouts.rails.bank_file.pain001 import message_id
from payouts.rails.bank_file.rows import Row

PAYMENT = re.compile(r"[0-9a-f]{32}")
# A sandbox puts a word in front and so has room for the start of the id only.
FILE = re.compile(r"(?:sandbox-)?([0-9a-f]{26}|[0-9a-f]{32})")


@dataclass(frozen=True)
class Named:
    """What a file names of ours: batches by reference, payouts by the id that travels."""

    batches: dict[str, Batch]
    payouts: dict[str, Payout]
    by_batch: dict[int, list[Payout]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for payout in self.payouts.values():
            if payout.batch_id:
                self.by_batch.setdefault(payout.batch_id, []).append(payout)

    def batch(self, row: Row) -> Batch | None:
        """Return the batch whose whole file a row speaks of."""
        found = (self.batches.get(reference.casefold()) for reference in row.batch_references)
        return next((batch for batch in found if batch), None)

    def payout(self, row: Row) -> Payout | None:
        """Return the payout that a row names."""
        return self.payouts.get(row.payment)

    def of_batch(self, batch: Batch) -> list[Payout]:
        """Return a batch's payouts in the order of their rows."""
        return self.by_batch.get(batch.pk, [])


def locked(rows: list[Row]) -> Named:
    """Return what the rows name, payouts locked in one order: also those that pay the same money
    before or after.
    """
    batches = batches_named(ref for row in rows for ref in row.batch_references)
    ids = {row.payment for row in rows if PAYMENT.fullmatch(row.payment)}
    named = Q(public_id__in=ids) | Q(batch__in={batch.pk for batch in batches.values()})
    family = _family(Payout.objects.filter(named))
    found = Payout.objects.filter(pk__in=family).select_for_update().order_by("pk")
    return Named(batches, {payout.end_to_end_id: payout for payout in found})


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


def _family(payouts: QuerySet[Payout]) -> set[int]:
    """Return the ids of payouts and of all that pay the same money before or after them."""
    family: set[int] = set()
    new = dict(_links(payouts))
    while new:
        family |= new.keys()
        links = Q(pays_again__in=new) | Q(pk__in={before for before in new.values() if before})
        more = Payout.objects.filter(links).exclude(pk__in=family)
        new = dict(_links(more))
    return family


def _links(payouts: QuerySet[Payout]) -> Iterable[tuple[int, int | None]]:
    return payouts.order_by().values_list("pk", "pays_again_id")


def unfolded(rows: list[Row], named: Named) -> list[Row]:
    """Return a row per payout where the bank speaks of a whole file of ours in one sum, or leaves
    the amounts of its payments out.
    """
    listed = {row.payment for row in rows}
    told: set[tuple[int, bool]] = set()
    found: list[Row] = []
    for row in _amounts(rows, named):
        batch = named.batch(row)
        # A file is taken once: a second row about all of it is no second payment of each.
        if batch is None or (batch.pk, row.credit) in told:
            found.append(row)
        elif whole := _whole(row, batch, named, listed):
            told.add((batch.pk, row.credit))
            found.extend(whole)
        elif not row.rejected:
            found.append(row)
    return found


def _whole(row: Row, batch: Batch, named: Named, listed: set[str]) -> list[Row]:
    payouts = named.of_batch(batch)
    if row.rejected:  # it holds for those of which the report does not speak by name
        covered = [payout for payout in payouts if payout.end_to_end_id not in listed]
        return [replace(row, end_to_end_id=payout.end_to_end_id) for payout in covered]
    return [_paying(row, payout) for payout in _covered(payouts, batch, row)]


def _covered(payouts: list[Payout], batch: Batch, row: Row) -> list[Payout]:
    """Return the payouts that make the row's sum: all of the file, or those that the bank took;
    none when neither fits.
    """
    taken = [payout for payout in payouts if payout.state != Payout.State.RETURNED]
    for some in (payouts, taken):
        total = (sum(payout.amount_minor for payout in some), batch.currency)
        if total == (row.amount_minor, row.currency):
            return some
    return []


def _amounts(rows: list[Row], named: Named) -> Iterator[Row]:
    """Yield the rows; payments without an amount get ours where together they make the entry's
    sum.
    """
    open_rows: dict[int, list[Row]] = {}
    for row in rows:
        if row.entry:
            open_rows.setdefault(row.entry, []).append(row)
    fits = {entry for entry, some in open_rows.items() if _fits(some, named)}
    for row in rows:
        payout = named.payout(row)
        filled = row.amount_minor is None and row.entry in fits and payout is not None
        yield _paying(row, payout) if filled and payout else row


def _fits(entry: list[Row], named: Named) -> bool:
    """Return whether an entry's amounts, ours where the bank gives none, make its sum."""
    total = 0
    for row in entry:
        payout = named.payout(row) if row.amount_minor is None else None
        known, unit = row.amount_minor, row.currency
        if payout is not None:
            known, unit = payout.amount_minor, payout.currency
        if known is None or unit != row.entry_currency or row.fault:
            return False
        total += known
    return total == entry[0].entry_minor


def _paying(row: Row, payout: Payout) -> Row:
    return replace(
        row,
        end_to_end_id=payout.end_to_end_id,
        amount_minor=payout.amount_minor,
        currency=payout.currency,
    )
