"""Snapshots while many write: readers that compare, and two checkpoints that lose money."""

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

import ledger

FULL_SUM = """
SELECT account, sum(amount)::bigint AS sum FROM (
    SELECT to_account_id AS account, amount FROM ledger_transfer
    UNION ALL SELECT from_account_id, -amount FROM ledger_transfer
) s GROUP BY account
"""
DIFFERENT = f"""
SELECT a.kind, a.owner_id, ledger_balance(a.id), coalesce(f.sum, 0)
FROM ledger_account a LEFT JOIN ({FULL_SUM}) f ON f.account = a.id
WHERE NOT a.guarded AND ledger_balance(a.id) <> coalesce(f.sum, 0)
"""


def compare() -> list[tuple[Any, ...]]:
    """Return every open account that differs from the full sum over its transfers, in one
    snapshot.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(DIFFERENT)
        return list(cursor.fetchall())


def take_snapshots() -> None:
    """Take snapshots once, as the job does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_take_snapshots()")


def leave() -> None:
    """Close the connection of the thread that runs this."""
    connection.close()


class TwoAtOnce:
    """Two connections that take snapshots at the same moment."""

    def __enter__(self) -> "TwoAtOnce":
        self.hands, self.start = ThreadPoolExecutor(2), threading.Barrier(2)
        return self

    def __exit__(self, *_: object) -> None:
        self._both(leave)
        self.hands.shutdown()

    def at_once(self) -> None:
        """Take snapshots twice at once."""
        self._both(take_snapshots)

    def _both(self, work: Callable[[], None]) -> None:
        def run(_: str) -> None:
            self.start.wait()
            work()

        list(self.hands.map(run, "12"))


def snapshot_and_die() -> None:
    """Take snapshots, and lose the connection before the commit."""
    dying = connection.copy()
    dying.set_autocommit(False)
    with dying.cursor() as cursor:
        cursor.execute("SELECT ledger_take_snapshots(), pg_backend_pid()")
        pid = cursor.fetchone()[1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone()[0], "the connection outlived its end"
    dying.close()


class WrongSnapshot:
    """Snapshots that are right but for their checkpoint: `measure` says how far a transfer has
    come.

    It stands beside the real one, over the same transfers, and is compared in the same way.
    """

    def __init__(self, name: str, measure: str, nothing: str) -> None:
        self.name, self.measure, self.nothing = name, measure, nothing
        self.source = "ledger_transfer t JOIN ledger_posting p ON p.id = t.posting_id"

    def make(self) -> None:
        """Make its two tables."""
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {self.name} (account bigint, sum bigint)")
            cursor.execute(f"CREATE TABLE {self.name}_checkpoint AS SELECT {self.nothing} AS at")

    def drop(self) -> None:
        """Take them away."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {self.name}, {self.name}_checkpoint")

    def take(self) -> None:
        """Add what came between the old checkpoint and the new one, in one statement."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH old AS (SELECT at FROM {self.name}_checkpoint),
                new AS (SELECT coalesce(max({self.measure}), (SELECT at FROM old)) AS at
                        FROM {self.source}),
                moved AS (UPDATE {self.name}_checkpoint SET at = (SELECT at FROM new))
                INSERT INTO {self.name}
                SELECT account, sum(amount) FROM (
                    SELECT t.to_account_id AS account, t.amount, {self.measure} AS at
                    FROM {self.source}
                    UNION ALL SELECT t.from_account_id, -t.amount, {self.measure}
                    FROM {self.source}
                ) s WHERE at > (SELECT at FROM old) AND at <= (SELECT at FROM new)
                GROUP BY account
                """
            )

    def lost(self) -> int:
        """Return how much its balances miss of what was moved, over all open accounts."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH seen AS (
                    SELECT account, sum(sum) AS sum FROM (
                        SELECT account, sum FROM {self.name}
                        UNION ALL
                        SELECT t.to_account_id, t.amount FROM {self.source}
                        WHERE {self.measure} > (SELECT at FROM {self.name}_checkpoint)
                        UNION ALL
                        SELECT t.from_account_id, -t.amount FROM {self.source}
                        WHERE {self.measure} > (SELECT at FROM {self.name}_checkpoint)
                    ) s GROUP BY account)
                SELECT coalesce(sum(abs(f.sum - coalesce(s.sum, 0))), 0)
                FROM ({FULL_SUM}) f LEFT JOIN seen s ON s.account = f.account
                JOIN ledger_account a ON a.id = f.account AND NOT a.guarded
                """
            )
            return int(cursor.fetchone()[0])


BY_ID = WrongSnapshot("wrong_by_id", "t.id", "0::bigint")
BY_TIME = WrongSnapshot("wrong_by_time", "p.created_at", "'-infinity'::timestamptz")


@contextmanager
def wrong_snapshots() -> Iterator[tuple[WrongSnapshot, WrongSnapshot]]:
    """Give the two kinds of snapshots that lose money, and take them away afterwards."""
    both = BY_ID, BY_TIME
    for wrong in both:
        wrong.drop()
        wrong.make()
    try:
        yield both
    finally:
        for wrong in both:
            wrong.drop()


def hang_about(chance: random.Random, longest_s: float) -> None:
    """Write a posting, keep the transaction open for a while, then commit it; or, one time in
    four, take it back.

    Only open accounts: no send waits for it.
    """
    issued, spent = (ledger.account_id(kind, "COIN") for kind in ("coins_issued", "coins_spent"))
    order = ledger.Order(f"slow:{uuid.uuid4()}", "test", [ledger.Leg("COIN", issued, spent, 7)])
    transaction.set_autocommit(False)
    try:
        ledger.post([order])
        time.sleep(chance.uniform(longest_s / 10, longest_s))
        if chance.random() < 0.75:
            transaction.commit()
        else:
            transaction.rollback()
    finally:
        transaction.set_autocommit(True)


class Load:
    """Threads that repeat their work until told that it is enough."""

    def __init__(self) -> None:
        self.enough = threading.Event()
        self.threads: list[threading.Thread] = []
        self.done: dict[str, int] = {}
        self.failed: list[BaseException] = []

    def keep(self, name: str, work: Callable[[], object], every_s: float = 0) -> None:
        """Repeat this work in a thread of its own, at most every so many seconds."""

        def run() -> None:
            try:
                while not self.enough.is_set():
                    began = time.monotonic()
                    work()
                    self.done[name] = self.done.get(name, 0) + 1
                    self.enough.wait(max(0.0, every_s - (time.monotonic() - began)))
            except BaseException as failure:
                self.failed.append(failure)
                self.enough.set()
            finally:
                connection.close()

        thread = threading.Thread(target=run, name=name)
        self.threads.append(thread)
        thread.start()

    def run_for(self, seconds: float) -> None:
        """Wait until the time is over or a thread has failed, and end them all."""
        self.enough.wait(seconds)
        self.end()

    def end(self) -> None:
        """End them all; raise what the first of them failed with."""
        self.enough.set()
        for thread in self.threads:
            thread.join()
        if self.failed:
            raise self.failed[0]
