"""What many tests look at is built once, and none sees what another one changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def shared_rows(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep a transaction open around all tests of a module, for rows that a fixture of the module
    writes. Each test's own transaction becomes a savepoint inside it.
    """
    around = transaction.atomic()
    # As Django marks the transactions around a test: durable blocks may begin inside them.
    around._from_testcase = True  # type: ignore[attr-defined]
    with blocker.unblock(), around:
        yield
        transaction.set_rollback(True)
