"""The payouts and bank files that a row of a statement names."""

from dataclasses import replace

from payouts.models import Batch, Payout
from payouts.rails.bank_file.pain001 import message_id
from payouts.rails.bank_file.rows import Row


def unfolded(row: Row) -> list[Row]:
    """Return a row per payout where the bank speaks of a whole file of ours in one sum."""
    batch = batch_named(row.batch_reference) if row.batch_reference else None
    covered = _covered(batch, row) if batch else []
    rows = [
        replace(
            row,
            end_to_end_id=payout.end_to_end_id,
            amount_minor=payout.amount_minor,
            currency=payout.currency,
        )
        for payout in covered
    ]
    return rows or [row]


def _covered(batch: Batch, row: Row) -> list[Payout]:
    """Return the payouts that make the row's sum: all of the file, or those that the bank took;
    none when neither fits.
    """
    payouts = list(batch.payouts.order_by("pk"))
    taken = [payout for payout in payouts if payout.state != Payout.State.RETURNED]
    for some in (payouts, taken):
        total = (sum(payout.amount_minor for payout in some), batch.currency)
        if row.amount_minor is None or total == (row.amount_minor, row.currency):
            return some
    return []


def batch_named(reference: str) -> Batch | None:
    """Return the batch whose file carries this id."""
    start = reference.removeprefix("SANDBOX-")
    if len(start) < 26 or not start.isalnum():
        return None
    low, high = start.ljust(32, "0"), start.ljust(32, "f")
    try:
        found = Batch.objects.filter(public_id__gte=low, public_id__lte=high).first()
    except (ValueError, TypeError):
        return None
    return found if found and message_id(found.public_id.hex) == reference else None


def locked(rows: list[Row]) -> dict[str, Payout]:
    """Return the payouts that the rows name, locked in one order, by the id that travels through
    the banks.
    """
    named = [row.end_to_end_id for row in rows if _is_hex(row.end_to_end_id)]
    found = Payout.objects.filter(public_id__in=named).select_related("method", "batch", "creator")
    locked = found.select_for_update(of=("self",)).order_by("pk")
    return {payout.end_to_end_id: payout for payout in locked}


def _is_hex(reference: str) -> bool:
    return len(reference) == 32 and set(reference) <= set("0123456789abcdef")
