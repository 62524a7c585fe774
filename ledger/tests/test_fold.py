"""Open accounts: the folded snapshot plus what came since is always the full sum."""

import time

from django.db import connection

import ledger
from conftest import give_coins, person


def fold_all() -> int:
    """Fold until nothing is left, and return what the folds hold.

    A transaction that still runs makes the fold late, not wrong.
    """
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT ledger_fold()")
            cursor.execute(
                "SELECT count(*) FROM ledger_transfer t, ledger_horizon h WHERE t.xid >= h.xid"
            )
            if cursor.fetchone()[0] == 0:
                break
            time.sleep(0.05)
        cursor.execute("SELECT coalesce(sum(debits), 0) FROM ledger_fold")
        return int(cursor.fetchone()[0])


def test_an_open_account_is_its_fold_and_what_came_since(committed: None) -> None:
    fan = person("fold")
    give_coins(fan, 100)
    assert fold_all() == 100
    assert ledger.balance("coins_issued", "COIN") == 100
    give_coins(fan, 50)
    assert ledger.balance("coins_issued", "COIN") == 150
    assert fold_all() == 150
    assert ledger.balance("coins_issued", "COIN") == 150
