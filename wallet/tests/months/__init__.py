"""A database of its own for tests that change the ledger's tables, and a clock to cross a month."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import StringIO

from django.core.management import call_command
from django.db import connection

from accounts.models import User
from wallet import ledger
from wallet.ledger import partitions

# PostgreSQL finds a function of this name first in the schema that comes first: here a clock that
# stands at `stage.now`, where it is set.
CLOCK = """
CREATE SCHEMA stage;
CREATE FUNCTION stage.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(nullif(current_setting('stage.now', true), '')::timestamptz,
                    pg_catalog.clock_timestamp())
$$;
"""


@contextmanager
def own_database() -> Iterator[None]:
    """Work on a copy of the test database; it is thrown away afterwards."""
    whole = connection.settings_dict["NAME"]
    connection.close()
    connection.creation.clone_test_db("months", verbosity=0)
    connection.settings_dict["NAME"] = f"{whole}_months"
    try:
        with connection.cursor() as cursor:
            cursor.execute(CLOCK)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = whole
        connection.creation.destroy_test_db(suffix="months", verbosity=0)


def clock(moment: datetime) -> None:
    """Let the database's clock stand at a moment, for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = stage, pg_catalog, public")
        cursor.execute("SELECT set_config('stage.now', %s, false)", [moment.isoformat()])


def edge() -> datetime:
    """Return the moment at which the first part ends and the first month begins."""
    moment: datetime = partitions.value(
        "SELECT until FROM ledger_months() WHERE kind = 'posting' AND since IS NULL AND NOT late"
    )
    return moment


def month(later: int) -> datetime:
    """Return the beginning of a month, counted from that edge."""
    moment: datetime = partitions.value("SELECT ledger_month(%s, %s)", (edge(), later))
    return moment


def part_of(key: str) -> set[str]:
    """Return the parts in which a posting and its transfers lie."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.tableoid::regclass::text FROM ledger_posting p WHERE p.key = %(key)s"
            " UNION SELECT t.tableoid::regclass::text FROM ledger_transfer t"
            " JOIN ledger_posting p ON p.id = t.posting_id WHERE p.key = %(key)s",
            {"key": key},
        )
        return {name for (name,) in cursor.fetchall()}


def called(since: datetime) -> set[str]:
    """Return the names of the parts of a month."""
    return {f"ledger.{kind}_{since:%Y_%m}" for kind in partitions.KINDS}


def rows() -> list[tuple[object, ...]]:
    """Return everything that the ledger's history holds, whatever part it lies in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.key, p.kind, p.reverses_id, p.created_at, t.id, t.unit, t.amount,"
            " t.from_account_id, t.to_account_id, t.xid::text, t.created_at"
            " FROM ledger_posting p JOIN ledger_transfer t ON t.posting_id = p.id ORDER BY t.id"
        )
        return list(cursor.fetchall())


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
