"""Payouts pause while the newest ledger check has a breach."""

from ledger.models import LedgerCheck
from payouts import refusals


def paused() -> bool:
    """Return whether no money may leave: the newest audit of the ledger found a breach."""
    return LedgerCheck.found_breach()


def refuse_while_paused() -> None:
    """Return if money may leave. Raises `PayoutsPaused`."""
    if paused():
        raise refusals.PayoutsPaused
