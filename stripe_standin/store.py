"""What the stand-in remembers: its objects and the answers that it gave under idempotency keys."""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Thing = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, kind TEXT, body TEXT);
CREATE INDEX IF NOT EXISTS object_kind ON object (kind, number);
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, digest TEXT, status INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS delivery (
    event TEXT PRIMARY KEY, due REAL, attempts INTEGER DEFAULT 0, heard INTEGER DEFAULT 0);
"""


def new_id(prefix: str) -> str:
    """Return a fresh id as Stripe makes them: a prefix and letters that nobody guesses."""
    return f"{prefix}_{secrets.token_hex(12)}"


def now() -> int:
    """Return the moment in whole seconds, as Stripe counts time."""
    return int(time.time())


class Store:
    """Objects by id, in the order in which they were made; in memory unless a file is named."""

    def __init__(self, path: str = ":memory:") -> None:
        self.lock = threading.RLock()
        self.rows = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.rows.executescript(SCHEMA)
        self.depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is written inside, or nothing of it. One thread at a time."""
        with self.lock:
            if self.depth == 0:
                self.rows.execute("BEGIN")
            self.depth += 1
            try:
                yield
            except BaseException:
                if self.depth == 1:
                    self.rows.execute("ROLLBACK")
                raise
            else:
                if self.depth == 1:
                    self.rows.execute("COMMIT")
            finally:
                self.depth -= 1

    def put(self, thing: Thing) -> Thing:
        """Keep an object under its id, new or changed, and return it."""
        with self.lock:
            self.rows.execute(
                "INSERT INTO object (id, kind, body) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (thing["id"], thing["object"], json.dumps(thing)),
            )
        return thing

    def get(self, name: str) -> Thing | None:
        """Return the object of an id, if there is one."""
        with self.lock:
            row = self.rows.execute("SELECT body FROM object WHERE id = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, kind: str) -> list[Thing]:
        """Return all objects of a kind, the newest first."""
        return self.listed(kind)

    def listed(
        self,
        kind: str,
        *,
        since: int = 0,
        after: str = "",
        types: Iterable[str] = (),
        most: int = -1,
        **having: str,
    ) -> list[Thing]:
        """Return the newest objects of a kind: made since then, before the one of an id, of these
        types, with these values.
        """
        values: list[str | int]
        where, values = ["kind = ?", "json_extract(body, '$.created') >= ?"], [kind, since]
        if after:
            where.append("number < (SELECT number FROM object WHERE id = ?)")
            values.append(after)
        if types := list(types):
            where.append(f"json_extract(body, '$.type') IN ({', '.join('?' * len(types))})")
            values += types
        for name, value in having.items():
            where.append(f"json_extract(body, '$.{name}') = ?")
            values.append(value)
        asked = f"SELECT body FROM object WHERE {' AND '.join(where)} ORDER BY number DESC LIMIT ?"  # noqa: S608  # names of our own
        with self.lock:
            found = self.rows.execute(asked, [*values, most]).fetchall()
        return [json.loads(body) for (body,) in found]

    def answered(self, key: str) -> tuple[str, int, Thing] | None:
        """Return what was asked (as a digest) and answered under an idempotency key, if anything
        was.
        """
        row = self.rows.execute(
            "SELECT digest, status, body FROM answer WHERE key = ?", (key,)
        ).fetchone()
        return (row[0], row[1], json.loads(row[2])) if row else None

    def remember(self, key: str, digest: str, status: int, body: Thing) -> None:
        """Keep an answer for whoever asks the same again under the same key."""
        self.rows.execute(
            "INSERT INTO answer VALUES (?, ?, ?, ?)", (key, digest, status, json.dumps(body))
        )

    def owe(self, event: str) -> None:
        """Note an event that has to be delivered."""
        with self.lock:
            self.rows.execute(
                "INSERT INTO delivery (event, due) VALUES (?, ?)", (event, time.time())
            )

    def owed(self, at: float) -> list[tuple[str, int]]:
        """Return the events that are due at a moment, the oldest first, and how often each was
        tried.
        """
        with self.lock:
            return self.rows.execute(
                "SELECT event, attempts FROM delivery WHERE NOT heard AND due <= ? ORDER BY rowid",
                (at,),
            ).fetchall()

    def tried(self, event: str, *, heard: bool, again_at: float = 0) -> None:
        """Note how a delivery went, and when to try again if it was not heard."""
        with self.lock:
            self.rows.execute(
                "UPDATE delivery SET attempts = attempts + 1, heard = ?, due = ? WHERE event = ?",
                (heard, again_at, event),
            )
