"""Open accounts: the snapshot plus what came since is always the full sum."""

import ledger
from conftest import give_coins, person
from ledger.tests.stage import snapshot_all


def test_an_open_account_is_its_snapshot_and_what_came_since(committed: None) -> None:
    fan = person("sum")
    give_coins(fan, 100)
    assert snapshot_all() == 100
    assert ledger.balance("coins_issued", "COIN") == 100
    give_coins(fan, 50)
    assert ledger.balance("coins_issued", "COIN") == 150
    assert snapshot_all() == 150
    assert ledger.balance("coins_issued", "COIN") == 150
