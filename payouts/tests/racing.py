"""Two at once: threads that start together, and steps after which they wait for each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import IntegrityError, connection

from foundation.errors import DomainError

Patch = pytest.MonkeyPatch


def together(action: Callable[[int], Any], times: int = 2) -> list[Any]:
    """Run `action(n)` in threads at the same moment; what it raises is returned."""
    start = Barrier(times)

    def run(number: int) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return action(number)
        except (DomainError, IntegrityError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def meet_after(patch: Patch, module: Any, name: str, times: int = 2) -> None:
    """Let everybody who got past this step wait for the others: whoever is locked out does not
    come, and a second later we go on.
    """
    original, meeting = getattr(module, name), Barrier(times)

    def then_wait(*args: Any, **kwargs: Any) -> Any:
        answer = original(*args, **kwargs)
        with suppress(BrokenBarrierError):
            meeting.wait(timeout=1)
        return answer

    patch.setattr(module, name, then_wait)
