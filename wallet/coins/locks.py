"""The lock that keeps fans' coins where they are."""

import ledger
from ledger.chart import COIN


def lock_coins(*user_ids: int) -> None:
    """Let no gift, refund, dispute or expiry move fans' coins until the transaction ends."""
    ledger.lock_owners(user_ids, COIN)
