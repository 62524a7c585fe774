"""The database's functions without one of their guards: a control must then find the race."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without(text: str, *names: str) -> Iterator[None]:
    """Take a piece of text out of these functions, each of which must have it, and put it back."""
    kept = []
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [name])
            whole = cursor.fetchone()[0]
            assert text in whole, f"{name} has no “{text.strip()}” to take away"
            kept.append(whole)
        try:
            for whole in kept:
                cursor.execute(whole.replace(text, ""))
            yield
        finally:
            for whole in kept:
                cursor.execute(whole)


@contextmanager
def no_floor() -> Iterator[None]:
    """Take the constraint away that keeps a guarded balance from falling below nothing."""
    table = "ALTER TABLE ledger_account"
    with connection.cursor() as cursor:
        cursor.execute(f"{table} DROP CONSTRAINT balance_never_negative")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_account SET balance = 0 WHERE balance < 0")
            cursor.execute(f"{table} ADD CONSTRAINT balance_never_negative CHECK (balance >= 0)")
