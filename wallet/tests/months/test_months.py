"""The ledger in monthly parts: the edge of a month, a month that nobody made."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from accounts.models import User
from wallet import history, ledger, statements, tasks
from wallet.ledger import checks, partitions
from wallet.ledger.models import Account
from wallet.tests.months import (
    called,
    clock,
    coins,
    edge,
    month,
    part_of,
    report,
    rows,
    run,
    spend,
    take_back,
)
from wallet.tests.stage import fold_all

TICK = timedelta(microseconds=1)


def test_across_the_edge_of_a_month(fan: User) -> None:
    clock(edge() - TICK)
    assert spend(fan, 30, "last").outcome == "done"
    assert spend(fan, 20, "kept").outcome == "done"
    fold_all()
    clock(edge())
    assert spend(fan, 5, "first").outcome == "done"
    assert part_of("last") == {"ledger.posting_first", "ledger.transfer_first"}
    assert part_of("first") == called(edge())
    # A key is used once, on whichever side it comes again.
    assert spend(fan, 30, "last").outcome == "already"
    clock(edge() - TICK)
    assert spend(fan, 5, "first").outcome == "already"
    assert spend(fan, 6, "first").code == "key_reused"
    assert coins(fan) == 845
    assert ledger.balance("coins_spent", "COIN") == 155
    fold_all()
    assert ledger.balance("coins_spent", "COIN") == 155
    assert checks.run() == []


def test_a_reversal_reaches_back_over_the_edge(fan: User) -> None:
    clock(edge() - TICK)
    spend(fan, 30, "last")
    clock(edge())
    assert take_back("last").outcome == "done"
    assert part_of("undo:last") == called(edge())
    assert take_back("last").outcome == "already"
    (again,) = ledger.post([ledger.Order("undo:once more", "undo", reverses="last")])
    assert again.code == "already_reversed"
    (final,) = ledger.post([ledger.Order("undo:undo", "undo", reverses="undo:last")])
    assert final.code == "reversal_is_final"
    fold_all()
    assert (coins(fan), ledger.balance("coins_spent", "COIN")) == (900, 100)
    assert checks.run() == []


def test_pages_read_over_the_edge(fan: User) -> None:
    for later, moment in enumerate((edge() - TICK, edge(), month(1), month(2))):
        clock(moment)
        spend(fan, 10 + later, f"month:{later}")
    page = history.page(fan, limit=3)
    assert [entry.coins for entry in page.entries] == [-13, -12, -11]
    assert [entry.balance for entry in page.entries] == [854, 867, 879]
    older = history.page(fan, before=page.before or "", limit=3)
    assert [entry.coins for entry in older.entries] == [-10, -100, 1_000]
    spent = Account.objects.get(pk=ledger.account_id("coins_spent", "COIN"))
    lines = statements.page(spent).lines
    assert [line.balance for line in lines] == [146, 133, 121, 110, 100]


def test_a_set_that_is_sent_at_the_edge_lies_on_one_side(fan: User) -> None:
    clock(edge() - TICK)
    issued = ledger.account_id("coins_issued", "COIN")
    purse = ledger.account_id("coins", "COIN", fan.pk)
    orders = [
        ledger.Order(f"set:{n}", "test", [ledger.Leg("COIN", issued, purse, n)]) for n in (1, 2)
    ]
    assert {answer.outcome for answer in ledger.post(orders)} == {"done"}
    assert part_of("set:1") == part_of("set:2") == {"ledger.posting_first", "ledger.transfer_first"}


def test_the_job_makes_what_comes_and_twice_is_once(fan: User) -> None:
    clock(month(1))
    tasks.make_months()
    made = partitions.parts()
    assert called(month(4)) <= {f"ledger.{part.name}" for part in made}
    assert partitions.months_ahead() == 3
    tasks.make_months()
    assert partitions.parts() == made


def test_a_month_that_nobody_made_loses_nothing(fan: User) -> None:
    """The job slept for half a year: people went on sending, and it puts things right."""
    clock(month(5))
    spend(fan, 30, "in time")
    clock(month(6))
    spend(fan, 20, "later")
    late = {f"ledger.{kind}_late" for kind in partitions.KINDS}
    assert part_of("in time") == part_of("later") == late
    assert partitions.months_ahead() == -4
    assert "4 rows lie in no month" in report()
    fold_all()
    before = rows()
    tasks.make_months()
    assert rows() == before
    name = f"{month(3):%Y_%m}_to_{month(6):%Y_%m}"
    assert part_of("later") == {f"ledger.{kind}_{name}" for kind in partitions.KINDS}
    assert partitions.months_ahead() == 3
    assert "lie in no month" not in report()
    assert spend(fan, 20, "later").outcome == "already"
    assert take_back("in time").outcome == "done"
    clock(month(7))
    spend(fan, 1, "on time")
    assert part_of("on time") == called(month(7))
    fold_all()
    assert (coins(fan), ledger.balance("coins_spent", "COIN")) == (879, 121)
    assert checks.run() == []


def test_one_late_month_becomes_that_month(fan: User) -> None:
    clock(month(3))
    spend(fan, 30, "late")
    tasks.make_months()
    assert part_of("late") == called(month(3))


def test_a_clock_that_ran_ahead_stops_no_month(fan: User) -> None:
    clock(month(100))
    spend(fan, 1, "far")
    clock(month(1))
    tasks.make_months()
    assert called(month(4)) <= {f"ledger.{part.name}" for part in partitions.parts()}
    assert "2 rows lie in no month" in report()
    assert partitions.rows_without_month("posting") == 1
    assert checks.run() == []


def test_late_rows_and_a_clock_that_ran_ahead_are_told_in_words(fan: User) -> None:
    clock(month(100))
    spend(fan, 1, "far")
    clock(month(3))
    spend(fan, 1, "late")
    with pytest.raises(DatabaseError, match="too far ahead to make"):
        tasks.make_months()
    assert spend(fan, 1, "later still").outcome == "done"
    assert checks.run() == []


def everything() -> list[str]:
    return [f"ledger.{part.name}" for part in partitions.parts()] + [
        f"public.ledger_{kind}" for kind in partitions.KINDS
    ]


@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {}"])
def test_every_part_is_append_only(fan: User, change: str) -> None:
    clock(month(3))
    tasks.make_months()  # parts of a later day too
    for name in everything():
        with pytest.raises(DatabaseError, match="append-only"):
            run(change.format(name))


def test_every_part_has_every_index_of_its_table(fan: User) -> None:
    clock(month(3))
    tasks.make_months()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.part, i.indexrelid::regclass::text FROM ledger_months() m"
            " JOIN pg_index i ON i.indrelid = to_regclass('public.ledger_' || m.kind)"
            " WHERE NOT EXISTS ("
            "  SELECT FROM pg_inherits h JOIN pg_index x ON x.indexrelid = h.inhrelid"
            "  WHERE h.inhparent = i.indexrelid AND x.indisvalid"
            "  AND x.indrelid = to_regclass('ledger.' || m.part))"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid")
        assert cursor.fetchone() == (0,)


def test_after_a_restore_the_folds_are_made_anew(fan: User) -> None:
    from wallet.tests.test_rebuild_folds import arrive_from_a_server_that_ran_for_years, unfolded

    clock(edge())
    spend(fan, 5)
    fold_all()
    arrive_from_a_server_that_ran_for_years()
    spend(fan, 7)
    assert ledger.balance("coins_spent", "COIN") == 105
    call_command("rebuild_folds", verbosity=0)
    fold_all()
    assert ledger.balance("coins_spent", "COIN") == 112
    assert unfolded() == 0
    assert checks.run() == []
