"""The switch to monthly parts: nothing that anybody reads changes, and nobody is stopped."""

import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from conftest import give_coins
from wallet import history, ledger, tasks
from wallet.ledger import checks, partitions
from wallet.tests.months import (
    called,
    clock,
    coins,
    month,
    report,
    rows,
    run,
    spend,
    take_back,
)
from wallet.tests.stage import fold_all


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
