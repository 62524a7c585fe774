"""A forgotten transaction is ended by a setting where it is ours, and reported where it is not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils import timezone

import ledger
from conftest import give_coins, person
from foundation import jobs
from giftplatform.health import inspect
from giftplatform.postgresql.embedded import database_settings
from giftplatform.staff import queues
from giftplatform.tests.snapshots import compare, take_snapshots
from ledger import open_transactions
from ledger.models import Checkpoint


@contextmanager
def beside(**changes: Any) -> Iterator[BaseDatabaseWrapper]:
    """Give a second connection to this database, with these settings changed."""
    made = connections.create_connection("default")
    made.settings_dict = {**connection.settings_dict, **changes}
    try:
        yield made
    finally:
        made.close()


def one(where: Any, statement: str, *values: object) -> Any:
    with where.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


@contextmanager
def forgotten(where: Any) -> Iterator[int]:
    """Leave a transaction open that has written, and give its server process."""
    where.set_autocommit(False)
    pid = int(one(where, "SELECT pg_backend_pid()"))
    one(where, "SELECT pg_current_xact_id()")
    try:
        yield pid
    finally:
        where.rollback()


def test_our_own_transactions_end_by_themselves() -> None:
    bounds = database_settings(settings.DATABASE_URL, timeout_s=5)
    assert bounds["TRANSACTION_TIMEOUT_S"] == 30
    for name, seconds in (("statement", 5), ("idle_in_transaction_session", 5)):
        assert f"-c {name}_timeout={seconds}s" in bounds["OPTIONS"]["options"]
    assert "TRANSACTION_TIMEOUT_S" not in database_settings(settings.DATABASE_URL)


def test_one_of_many_statements_ends_too_where_the_server_can(committed: None) -> None:
    """No statement is long and none is idle for long: only the whole is. An older server, which
    would refuse a connection that names the setting, is not asked.
    """

    def many(where: Any) -> None:
        with forgotten(where):
            for _ in range(100):
                one(where, "SELECT 1")
                time.sleep(0.02)

    with beside(TRANSACTION_TIMEOUT_S=1) as bounded:
        if one(connection, "SELECT current_setting('server_version_num')::int") >= 170_000:
            with pytest.raises(DatabaseError):
                many(bounded)
        else:
            many(bounded)


def test_a_long_job_may_take_its_time(committed: None) -> None:
    with beside(TRANSACTION_TIMEOUT_S=1) as bounded:
        kept, connections["default"] = connections["default"], bounded
        try:
            with transaction.atomic():
                jobs.take_time(minutes=10)
                assert one(bounded, "SHOW statement_timeout") == "10min"
                one(bounded, "SELECT pg_sleep(1.5)")
                assert one(bounded, "SELECT 1") == 1
            assert one(bounded, "SHOW statement_timeout") != "10min"
        finally:
            connections["default"] = kept


def test_it_is_told_how_long_the_oldest_is_open(
    committed: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with beside() as other, forgotten(other):
        began = one(other, "SELECT xact_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")
        assert began in open_transactions.open_since()
        monkeypatch.setattr(timezone, "now", lambda: began + timedelta(seconds=61))
        assert inspect()["oldest_transaction_age_s"] >= 61
        waits = next(queue for queue in queues.all_queues() if queue.name == "transactions")
        assert waits.late
        assert waits.count >= 1
        assert waits.oldest
        assert waits.oldest <= began
    assert began not in open_transactions.open_since()


def test_staff_see_it(committed: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    dana = person("dana", is_staff=True, is_superuser=True)
    client.force_login(dana)
    with beside() as other, forgotten(other):
        monkeypatch.setattr(queues, "OPEN_AT_MOST", timedelta(0))
        page = client.get("/admin/").content.decode()
    assert "Open database transactions" in page
    assert "is-late" in page


def test_reading_alone_holds_nothing_up(committed: None) -> None:
    with beside() as other:
        other.set_autocommit(False)
        pid = one(other, "SELECT pg_backend_pid()")
        began = one(connection, "SELECT xact_start FROM pg_stat_activity WHERE pid = %s", pid)
        assert began not in open_transactions.open_since()
        other.rollback()


def test_one_that_our_role_may_not_look_into_counts_from_when_the_fold_waited(
    committed: None,
) -> None:
    give_coins(person("alice"), 100)
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS short_sighted")
        cursor.execute("CREATE ROLE short_sighted")
        cursor.execute("GRANT SELECT ON ledger_checkpoint TO short_sighted")
    try:
        with beside() as other, forgotten(other) as pid:
            take_snapshots()
            held_since = Checkpoint.objects.get(pk=1).moved_at
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE short_sighted")
                began = one(
                    connection, "SELECT xact_start FROM pg_stat_activity WHERE pid = %s", pid
                )
                seen = open_transactions.open_since()
                cursor.execute("RESET ROLE")
            assert began is None
            assert seen == [held_since]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP OWNED BY short_sighted")
            cursor.execute("DROP ROLE short_sighted")
    assert ledger.balance("coins_issued", "COIN") == 100
    assert compare() == []
