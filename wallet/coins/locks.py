"""The lock that keeps a fan's coins where they are."""

import ledger
from ledger.chart import COIN


def lock_coins(user_id: int) -> None:
    """Let no gift, refund, dispute or expiry move a fan's coins until the transaction ends."""
    ledger.lock_owner(user_id, COIN)
