"""Bonus coins whose end has come: what is left of them goes, once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from foundation import due_rows
from wallet.bonus.lots import expire
from wallet.models import BonusLot

LEASE = timedelta(minutes=1)
BATCH = 100
# A gift that is undone gives its bonus coins back, which may be after their end: a second look.
LOOK_AGAIN_AFTER = timedelta(days=1)


def expire_due() -> int:
    """Expire the lots that are due, a few at a time, and return how many were looked at."""
    claimed = due_rows.claim(BonusLot.objects.all(), lease=LEASE, most=BATCH)
    for lot in claimed:
        try:
            _expire(lot)
        except Exception as trouble:
            due_rows.put_off(lot, f"Bonus {lot.public_id}", trouble)
    return len(claimed)


@transaction.atomic
def _expire(lot: BonusLot) -> None:
    expire(lot)
    looks = (lot.expires_at, lot.expires_at + LOOK_AGAIN_AFTER)
    due = next((at for at in looks if at > timezone.now()), None)
    BonusLot.objects.filter(pk=lot.pk).update(due_at=due, attempts=0, needs_attention="")
