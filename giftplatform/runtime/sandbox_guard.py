"""Refusing to open a database in the wrong mode.

One in which a sandbox moved play money does not go live, and no sandbox opens one with real money.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet

from wallet.models import BankTransfer, CodeBatch, Purchase, SavedMethod

PLAYED = (
    "This database holds play money from a sandbox, so it cannot go live (SANDBOX=false)."
    " Nothing was changed. Name an empty database in DATABASE_URL, or set SANDBOX=true."
)
REAL = (
    "This database holds real money, so no sandbox may open it (SANDBOX=true). Nothing was changed."
    " Name another database in DATABASE_URL, or set SANDBOX=false with all that live mode needs."
)


def holds_play_money() -> bool:
    """Return whether a sandbox ever moved money or made codes that count in this database."""
    return _any(sandbox=True)


def holds_real_money() -> bool:
    """Return whether a live site ever moved money or made codes that count in this database."""
    return _any(sandbox=False)


def refusal() -> str:
    """Return why this database must not be opened in this mode; nothing if it may be."""
    if settings.SANDBOX:
        return REAL if holds_real_money() else ""
    return PLAYED if holds_play_money() else ""


def refuse_other_money() -> None:
    """Refuse to start on a database of the other mode. Raises `ImproperlyConfigured`."""
    # In a thread of its own: a server may import us on its event loop, where Django refuses to
    # touch the database.
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(_checked).result()
    if found:
        raise ImproperlyConfigured(found)


@register(deploy=True)
def database_is_of_this_mode(app_configs: Any, **_: Any) -> Sequence[CheckMessage]:
    """Say in `manage.py check --deploy` what would keep the site from starting."""
    try:
        found = refusal()
    except DatabaseError:
        said = "The database could not be asked whether its money is real."
        return [Warning(said, hint="Start it, and check again.", id="giftplatform.W001")]
    return [Error(found, id="giftplatform.E001")] if found else []


def _any(*, sandbox: bool) -> bool:
    if CodeBatch._meta.db_table not in connection.introspection.table_names():
        return False  # nothing was migrated yet, so nothing moved
    return any(rows.exists() for rows in _moved(sandbox=sandbox))


def _moved(*, sandbox: bool) -> Iterator[QuerySet[Any]]:
    """Return the rows that say in which mode money came, by each way in which it comes."""
    # Stripe's own ids say whether its test mode took the money, and so do those of its stand-in.
    # A saved card pays under an id that does not: the session that saved it does.
    stripe = "cs_test_" if sandbox else "cs_live_"
    paid = Q(provider="stripe", provider_reference__startswith=stripe)
    if sandbox:
        paid |= Q(provider="sandbox")
    yield Purchase.objects.filter(paid, captured_at__isnull=False)
    yield SavedMethod.objects.filter(provider="stripe", setup_reference__startswith=stripe)
    yield BankTransfer.objects.filter(statement__sandbox=sandbox, received_at__isnull=False)
    # Codes are in people's hands, redeemed or not.
    yield CodeBatch.objects.filter(sandbox=sandbox, made_at__isnull=False)


def _checked() -> str:
    try:
        return refusal()
    finally:
        connection.close()
