"""Refusing to go live with a sandbox's database.

A database that a sandbox credited coins in is not started with real money.
"""

from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from wallet.models import Purchase


def holds_play_money() -> bool:
    """Return whether coins in this database were ever paid for at the sandbox's pay page."""
    if Purchase._meta.db_table not in connection.introspection.table_names():
        return False  # nothing was migrated yet, so nothing was credited
    return Purchase.objects.filter(provider="sandbox", captured_at__isnull=False).exists()


def refuse_play_money() -> None:
    """Refuse to start in live mode on a sandbox's database. Raises `ImproperlyConfigured`."""
    if settings.SANDBOX:
        return
    # In a thread of its own: a server may import us on its event loop, where Django refuses to
    # touch the database.
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(_checked).result()
    if found:
        raise ImproperlyConfigured(
            "This database holds play money from a sandbox, so it cannot go live (SANDBOX=false)."
            " Nothing was changed. Name an empty database in DATABASE_URL, or set SANDBOX=true."
        )


def _checked() -> bool:
    try:
        return holds_play_money()
    finally:
        connection.close()
