"""A worker that dies with -9 at a step of its work: before it, or right after it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from stripe_standin.server import Standin


class Step(NamedTuple):
    """A function that a worker calls on its way, as `module:name`, and whether it dies after it."""

    name: str
    after: bool

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.name.rpartition(':')[2]}"


def steps(*names: str) -> list[Step]:
    """Return the moments before and after each of these functions."""
    return [Step(name, after) for name in names for after in (False, True)]


FEW = 3  # orders that one of these workers settles together, so that it takes many workers
LEASED = Step("wallet.purchases.settlement:due_rows.claim", True)
SETTLING = steps(
    "wallet.providers.stripe.provider:_fetch",
    "wallet.purchases.settlement:settle",
)
CAPTURE = [
    LEASED,
    *SETTLING,
    *steps(
        "wallet.purchases.capturing:capture",
        "wallet.purchases.capturing:ledger.post",
        "wallet.purchases.capturing:move_to_paid",
    ),
]
REFUND = [
    LEASED,
    *steps(
        "wallet.providers.stripe.provider:StripeProvider.refund",
        "wallet.refunds.sending:_settle",
        "wallet.refunds.booking:complete",
        "wallet.models:Refund.move",
    ),
]
OPENED = [
    *SETTLING,
    *steps(
        "wallet.disputes.booking:hold",
        "wallet.disputes.booking:take",
        "wallet.disputes.booking:charge",
    ),
]
DECIDED = [*steps("wallet.disputes.booking:win", "wallet.disputes.booking:lose"), *SETTLING]

HOST = """
import json, os, sys, django
django.setup()
from giftplatform.tests.dying import warm_up, work_until
warm_up()
for line in sys.stdin:
    name, after, nth = json.loads(line)
    child = os.fork()
    if child == 0:
        work_until(name, after, nth)
    _, status = os.waitpid(child, 0)
    ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)
    print(ended, flush=True)
"""


def warm_up() -> None:
    """Load what a worker needs, so that not each one does, and keep no connection."""
    from wallet import tasks
    from wallet.providers.base import Unreachable
    from wallet.providers.stripe import client
    from wallet.providers.stripe.provider import provider

    assert tasks.sweep
    with suppress(Unreachable):
        provider.fetch("cs_test_none")
    client._client.cache_clear()


def work_until(name: str, after: bool, nth: int) -> None:
    """Do a worker's sweeps, and die when a step is come to for the nth time; never return.

    An empty name is a worker that lives.
    """
    from wallet.purchases import inbox, settlement
    from wallet.refunds import sending

    if name:
        _die_at(name, after, nth)
    settlement.BATCH = FEW
    inbox.read()
    for _turn in range(nth):
        settlement.sweep()
    sending.send_due()
    os._exit(0)


def _die_at(name: str, after: bool, nth: int) -> None:
    module, _, path = name.partition(":")
    *owners, last = path.split(".")
    owner: Any = import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    original, calls = getattr(owner, last), count(1)

    @wraps(original)
    def mortal(*args: Any, **kwargs: Any) -> Any:
        this = next(calls)  # several threads ask the provider
        if this == nth and not after:
            _die()
        answer = original(*args, **kwargs)
        if this == nth:
            _die()
        return answer

    setattr(owner, last, mortal)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def workers(standin: Standin, folder: Path) -> Iterator[Callable[..., int]]:
    """Give a function that runs a worker of this test's database, until a step if one is named,
    and returns the signal that ended it, or zero.
    """
    name = str(connection.settings_dict["NAME"])
    environment = os.environ | {
        "DATABASE_URL": urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl(),
        "DJANGO_SETTINGS_MODULE": "testing.settings",
        "LOG_LEVEL": "ERROR",
        "PAYMENT_PROVIDERS": "stripe",
        "STRIPE_STANDIN_PORT": str(standin.server_port),
        "VAR_DIR": str(folder),
    }
    host = subprocess.Popen(
        [sys.executable, "-c", HOST],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def run(step: Step | None = None, nth: int = 1) -> int:
        assert host.stdin
        assert host.stdout
        host.stdin.write(json.dumps([*(step or ("", False)), nth]) + "\n")
        host.stdin.flush()
        return int(host.stdout.readline())

    try:
        yield run
    finally:
        with host:
            host.kill()
