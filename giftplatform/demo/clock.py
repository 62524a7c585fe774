"""The demo's clock: while the story is told, Python and PostgreSQL read the story's time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock

from django.db import connection, transaction
from django.utils import timezone

# Found before PostgreSQL's own, in this transaction only: nobody else ever sees them.
FUNCTIONS = ("clock_timestamp", "statement_timestamp", "now")


@contextmanager
def story_time() -> Iterator[Callable[[datetime], None]]:
    """Open a transaction and yield a function that sets its time.

    The services write what they always write, with the times that the story gives them: rows and
    postings agree. All of the story is there in the end, or nothing of it.
    """
    told = timezone.now()

    def turn_to(moment: datetime) -> None:
        nonlocal told
        told = moment
        cursor.execute("SELECT set_config('demo.now', %s, true)", [moment.isoformat()])

    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        mock.patch.object(timezone, "now", lambda: told),
    ):
        turn_to(told)
        for name in FUNCTIONS:
            cursor.execute(
                f"CREATE FUNCTION {name}() RETURNS timestamptz LANGUAGE sql STABLE"
                " AS $$ SELECT current_setting('demo.now')::timestamptz $$"
            )
        cursor.execute("SELECT current_schema(), current_setting('search_path')")
        schema, before = cursor.fetchone()
        cursor.execute("SELECT set_config('search_path', %s, true)", [f"{schema}, pg_catalog"])
        yield turn_to
        cursor.execute("SELECT set_config('search_path', %s, true)", [before])
        for name in FUNCTIONS:
            cursor.execute(f"DROP FUNCTION {schema}.{name}()")
