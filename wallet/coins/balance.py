"""The coins that a fan has."""

import ledger
from accounts.models import User
from ledger.chart import COIN

SPENDABLE = ("coins", "bonus_coins")
KINDS = (*SPENDABLE, "coins_held")


def coin_balance(user: User) -> dict[str, int]:
    """Return a fan's coins, bonus coins and coins on hold."""
    found = ledger.balances([(kind, COIN, user.pk) for kind in KINDS])
    return {kind: found[kind, COIN, user.pk] for kind in KINDS}


def coins_of(user: User) -> int:
    """Return the coins that a fan can send, bonus coins among them."""
    return sum(ledger.balances([(kind, COIN, user.pk) for kind in SPENDABLE]).values())
