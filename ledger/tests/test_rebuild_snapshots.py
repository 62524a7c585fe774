"""After a dump was restored: the ledger knows only transaction ids of another server."""

import pytest
from django.core.management import call_command
from django.db import connection

import ledger
from conftest import give_coins, person
from ledger import checks
from ledger.tests.stage import snapshot_all

# Far beyond what a test's server has reached, as on a server that ran for years.
LATE = 900_000_000_000


def arrive_from_a_server_that_ran_for_years() -> None:
    """Leave the ledger as `pg_restore` does: with ids that this server never reached."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ledger_transfer SET xid = (%s + id)::text::xid8", [LATE])
        cursor.execute("UPDATE ledger_checkpoint SET xid = %s::text::xid8", [LATE + 1_000_000])
        cursor.execute("SET session_replication_role = DEFAULT")


def not_in_a_snapshot() -> int:
    """Return how many transfers a reader must still add up by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_transfer t, ledger_checkpoint h WHERE t.xid >= h.xid"
        )
        return int(cursor.fetchone()[0])


@pytest.fixture
def restored(committed: None) -> None:
    """A site with 100 coins issued before the dump and 50 after it was restored."""
    give_coins(person("before"), 100)
    snapshot_all()
    arrive_from_a_server_that_ran_for_years()
    give_coins(person("after"), 50)


def test_without_it_an_open_account_misses_what_came_after_the_restore(restored: None) -> None:
    assert ledger.balance("coins_issued", "COIN") == 100
    assert [breach.invariant for breach in checks.run()] != []


def test_it_makes_the_balances_whole(restored: None) -> None:
    call_command("rebuild_snapshots", verbosity=0)
    assert ledger.balance("coins_issued", "COIN") == 150
    assert checks.run() == []


def test_it_leaves_nothing_behind_the_horizon_for_years(restored: None) -> None:
    call_command("rebuild_snapshots", verbosity=0)
    snapshot_all()
    assert not_in_a_snapshot() == 0


def test_what_comes_later_counts_too(restored: None) -> None:
    call_command("rebuild_snapshots", verbosity=0)
    give_coins(person("later"), 7)
    assert ledger.balance("coins_issued", "COIN") == 157
    snapshot_all()
    assert ledger.balance("coins_issued", "COIN") == 157
    assert checks.run() == []


def test_it_mends_a_wrong_snapshot(committed: None) -> None:
    give_coins(person("fan"), 100)
    snapshot_all()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_snapshot SET debits = debits + 9")
    assert ledger.balance("coins_issued", "COIN") == 109
    call_command("rebuild_snapshots", verbosity=0)
    assert ledger.balance("coins_issued", "COIN") == 100


def test_twice_is_once(restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    for foreign in (1, 0):
        call_command("rebuild_snapshots")
        assert f"another server: {foreign}." in capsys.readouterr().out
    assert ledger.balance("coins_issued", "COIN") == 150
