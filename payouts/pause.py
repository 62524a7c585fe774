"""Payouts pause while the newest ledger check has a breach."""

from ledger.models import LedgerCheck
from payouts import refusals


def refuse_while_paused() -> None:
    """Return if money may leave. Raises `PayoutsPaused`."""
    if LedgerCheck.payouts_frozen():
        raise refusals.PayoutsPaused
