"""The database as the default economy left it, and the way back there after a test that committed.

Before the first test every table that holds rows is copied. After a test only what differs is put
back: a test writes to a handful of the tables, and loading the economy anew costs a hundred times
as much.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql

COPIES = "as_loaded"
LEFT_ALONE = ("django_migrations",)

Print = tuple[int, int]


@dataclass(frozen=True)
class Economy:
    """The contents of each table and sequence when the economy had just been loaded."""

    prints: dict[str, Print]
    sequences: dict[str, int | None]

    @classmethod
    def keep(cls) -> "Economy":
        """Copy every table that holds rows, and remember what all tables and sequences hold."""
        prints = _prints(_tables())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {COPIES} CASCADE")
            cursor.execute(f"CREATE SCHEMA {COPIES}")
            for table, (rows, _) in prints.items():
                if rows:
                    cursor.execute(_filled("CREATE TABLE {copy} AS TABLE {table}", table))
        return cls(prints, _sequences())

    @transaction.atomic
    def restore(self) -> set[str]:
        """Make the database what it was, and return the names of the tables that had changed."""
        tables = _tables()
        with connection.cursor() as cursor:
            # Wait for open writers: what commits after us would stay.
            cursor.execute(
                sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(
                    sql.SQL(", ").join(map(sql.Identifier, tables))
                )
            )
            now = _prints(tables)
            changed = {table for table in tables if now[table] != self.prints[table]}
            # The ledger's triggers refuse what we are about to do; a replica's writes fire none,
            # and no foreign key either: all tables end as they were, so all keys fit again.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                cursor.execute(_filled("DELETE FROM {table}", table))
                if self.prints[table][0]:
                    _fill(table)
            for name, last in _sequences().items():
                if last != self.sequences.get(name):
                    start = self.sequences.get(name)
                    cursor.execute(
                        "SELECT setval(%s::regclass, %s, %s)", [name, start or 1, start is not None]
                    )
        return changed


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> ALL(%s) ORDER BY tablename",
            [list(LEFT_ALONE)],
        )
        return [name for (name,) in cursor.fetchall()]


def _prints(tables: list[str]) -> dict[str, Print]:
    """Return how many rows each table has, and a sum over all that stands in them."""
    one = "SELECT {name}, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(_filled(one, table) for table in tables))
        return {name: (rows, int(total)) for name, rows, total in cursor.fetchall()}


def _sequences() -> dict[str, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, sequencename), last_value"
            " FROM pg_sequences WHERE schemaname = 'public'"
        )
        return dict(cursor.fetchall())


def _fill(table: str) -> None:
    """Put the copied rows back; what the database computes by itself it computes again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [f'public."{table}"'],
        )
        columns = sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())
        cursor.execute(
            sql.SQL(
                "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
                " SELECT {columns} FROM {copy}"
            ).format(
                table=sql.Identifier("public", table),
                copy=sql.Identifier(COPIES, table),
                columns=columns,
            )
        )


def _filled(text: str, table: str) -> sql.Composed:
    return sql.SQL(text).format(
        name=sql.Literal(table),
        table=sql.Identifier("public", table),
        copy=sql.Identifier(COPIES, table),
    )
