"""The ledger in monthly parts: the switch, the edge of a month, a month that nobody made."""

import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from conftest import give_coins, person
from wallet import history, ledger, statements, tasks
from wallet.ledger import checks, partitions
from wallet.ledger.models import Account
from wallet.tests.months import called, clock, edge, month, own_database, part_of, rows
from wallet.tests.test_fold import fold_all

TICK = timedelta(microseconds=1)


@pytest.fixture
def plain(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """A fan with 1,000 coins, of which 100 are spent, in a database that is not switched yet."""
    with django_db_blocker.unblock(), own_database():
        assert not partitions.is_partitioned(), "this file begins with plain tables"
        fan = person("fan", date_joined=timezone.now() - timedelta(days=30))
        give_coins(fan, 1_000)
        spend(fan, 100)
        yield fan


@pytest.fixture
def fan(plain: User) -> User:
    """The same fan, after the switch."""
    call_command("partition_ledger", stdout=StringIO())
    return plain


def spend(fan: User, coins: int, key: str | None = None) -> ledger.Answer:
    leg = ledger.Leg(
        "COIN",
        ledger.account_id("coins", "COIN", fan.pk),
        ledger.account_id("coins_spent", "COIN"),
        coins,
    )
    return ledger.post([ledger.Order(key or f"test:{uuid.uuid4()}", "test", [leg])])[0]


def take_back(key: str) -> ledger.Answer:
    return ledger.post([ledger.Order(f"undo:{key}", "undo", reverses=key)])[0]


def coins(fan: User) -> int:
    return ledger.balance("coins", "COIN", fan.pk)


def report() -> str:
    out = StringIO()
    call_command("partition_ledger", "--status", stdout=out)
    return out.getvalue()


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_plain_tables_need_no_months(plain: User) -> None:
    tasks.make_months()
    assert partitions.months_ahead() is None
    assert report() == "The ledger's tables are plain: one table each, for all time.\n"


def test_the_switch_changes_nothing_that_anybody_reads(plain: User) -> None:
    fold_all()
    before, books = rows(), history.page(plain)
    call_command("partition_ledger", stdout=StringIO())
    assert rows() == before
    assert history.page(plain) == books
    assert coins(plain) == 900
    assert ledger.balance("coins_spent", "COIN") == 100
    assert checks.run() == []
    # Numbers go on where they were.
    ids = [int(str(row[0])) for row in before]
    assert spend(plain, 1).posting_id == max(ids) + 1
    assert checks.run() == []


def test_who_could_read_before_the_switch_can_after_it_and_nothing_more(plain: User) -> None:
    run("GRANT SELECT ON ledger_posting, ledger_transfer TO pg_monitor")
    call_command("partition_ledger", stdout=StringIO())
    for kind in partitions.KINDS:
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            may = partitions.value(
                "SELECT has_table_privilege('pg_monitor', %s, %s)", (f"ledger_{kind}", right)
            )
            assert may == (right == "SELECT")
    assert not partitions.value("SELECT has_schema_privilege('pg_monitor', 'ledger', 'USAGE')")


def test_a_key_from_before_the_switch_is_known_after_it(plain: User) -> None:
    first = spend(plain, 10, "once")
    call_command("partition_ledger", stdout=StringIO())
    again = spend(plain, 10, "once")
    assert (again.outcome, again.posting_id) == ("already", first.posting_id)
    assert take_back("once").outcome == "done"
    assert coins(plain) == 900


def test_the_switch_makes_the_months_ahead_and_says_so(fan: User) -> None:
    told = report()
    for later in range(3):
        for name in called(month(later)):
            assert name.removeprefix("ledger.") in told
    assert f"Months ahead that are made: {partitions.months_ahead()}." in told
    assert "lie in no month" not in told


def test_switching_twice_is_switching_once(fan: User) -> None:
    before, out = partitions.parts(), StringIO()
    call_command("partition_ledger", stdout=out)
    assert "Every month is there." in out.getvalue()
    assert partitions.parts() == before


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


def test_what_a_killed_switch_left_is_taken_away_by_the_job(plain: User) -> None:
    until = partitions.value("SELECT ledger_month(clock_timestamp(), 1)")
    run(
        "ALTER TABLE ledger_posting ADD CONSTRAINT first_posting_until"
        f" CHECK (created_at < '{until.isoformat()}') NOT VALID"
    )
    clock(until)
    with pytest.raises(DatabaseError, match="first_posting_until"):
        spend(plain, 1)
    tasks.make_months()
    assert spend(plain, 1).outcome == "done"


def test_where_somebody_holds_the_tables_the_switch_gives_up(
    plain: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "TRIES", 2)
    monkeypatch.setattr(partitions, "PAUSE_S", 0.0)
    reading = threading.Event()

    def read_until_it_gives_up() -> None:
        tidying = (
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE query LIKE 'DROP INDEX CONCURRENTLY%%' AND wait_event_type = 'Lock')"
        )
        with transaction.atomic():
            rows()
            reading.set()
            deadline = time.monotonic() + 60
            while not partitions.value(tidying) and time.monotonic() < deadline:
                time.sleep(0.05)
                partitions.value("SELECT pg_stat_clear_snapshot()")
        connection.close()

    reader = threading.Thread(target=read_until_it_gives_up)
    reader.start()
    assert reading.wait(60)
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("partition_ledger", stdout=StringIO())
    reader.join()
    assert not partitions.is_partitioned()
    assert partitions.value("SELECT count(*) FROM pg_constraint WHERE conname ~ '^first_'") == 0
    assert partitions.value("SELECT count(*) FROM pg_class WHERE relname ~ '^first_'") == 0
    assert spend(plain, 1).outcome == "done"


def test_people_send_while_it_switches(plain: User) -> None:
    outcomes: list[str] = []
    stop = threading.Event()

    def press() -> None:
        while not stop.is_set():
            outcomes.append(spend(plain, 1).outcome)
        connection.close()

    hands = [threading.Thread(target=press) for _ in range(3)]
    for hand in hands:
        hand.start()
    try:
        give_coins(plain, 100_000)
        call_command("partition_ledger", stdout=StringIO())
    finally:
        stop.set()
        for hand in hands:
            hand.join()
    spend(plain, 1)
    assert partitions.is_partitioned()
    assert set(outcomes) <= {"done", "refused"}
    assert coins(plain) == 100_900 - outcomes.count("done") - 1
    fold_all()
    assert checks.run() == []


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
