"""Thousands of values at once to PostgreSQL: a model for each row, or a parameter for each id,
costs several times as much.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import RawSQL
from psycopg import sql


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows, each with a value for each of these columns: the model's defaults don't hold."""
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    table = sql.Identifier(model._meta.db_table)
    copying = sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            copy.write_row(row)


def among(values: Iterable[object], kind: Literal["bigint", "uuid"]) -> RawSQL:
    """Return values for a lookup with `__in`, all of them one parameter."""
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(values)])  # noqa: S611  # one of two words
