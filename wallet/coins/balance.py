"""The coins that a fan has."""

import ledger
from accounts.models import User
from ledger.chart import COIN

KINDS = ("coins", "bonus_coins", "coins_held")


def coin_balance(user: User) -> dict[str, int]:
    """Return a fan's coins, bonus coins and coins on hold."""
    found = ledger.balances([(kind, COIN, user.pk) for kind in KINDS])
    return {kind: found[kind, COIN, user.pk] for kind in KINDS}
