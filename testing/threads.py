"""Two at once: threads that start together, and steps at which they wait for each other."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Lock
from typing import Any

import pytest
from django.db import connection

PATIENCE_S = 60


class _Crowd:
    """The threads of the `together` under way."""

    size = running = 0
    lock = Lock()


_crowd = _Crowd()
Errors = type[BaseException] | tuple[type[BaseException], ...]


def together(act: Callable[[int], Any], times: int = 2, *, returned: Errors = ()) -> list[Any]:
    """Run `act(n)` in as many threads at the same moment, each with a connection of its own.

    An error among `returned` is an answer like others; any other is raised.
    """
    start = Barrier(times)

    def run(number: int) -> Any:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE_S)
            return act(number)
        except returned as refusal:
            return refusal
        finally:
            connection.close()
            with _crowd.lock:
                _crowd.running -= 1

    _crowd.size = _crowd.running = times
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def side_by_side(*acts: Callable[[], Any], returned: Errors = ()) -> list[Any]:
    """Run different acts at the same moment and return what each returned."""
    return together(lambda number: acts[number](), len(acts), returned=returned)


class Meeting:
    """A step at which threads of one `together` wait for each other: until all have come here, or
    the others are held up by a lock or have finished.
    """

    def __init__(self) -> None:
        self._came = self._here = 0

    def wait(self) -> None:
        """Return when no other thread will come while this one waits."""
        with _crowd.lock:
            self._came += 1
            self._here += 1
        try:
            with beside() as waiting:
                until = time.monotonic() + PATIENCE_S
                while self._came < _crowd.size and self._here + waiting() < _crowd.running:
                    assert time.monotonic() < until, "A thread neither came nor waits for a lock."
                    time.sleep(0.005)
        finally:
            with _crowd.lock:
                self._here -= 1


def meet_after(
    patch: pytest.MonkeyPatch, module: Any, name: str, meeting: Meeting | None = None
) -> None:
    """Let each thread that has passed this step wait there for the others."""
    original, place = getattr(module, name), meeting or Meeting()

    def then_wait(*args: Any, **kwargs: Any) -> Any:
        answer = original(*args, **kwargs)
        place.wait()
        return answer

    patch.setattr(module, name, then_wait)


@contextmanager
def beside() -> Iterator[Callable[[], int]]:
    """Give a function that says how many wait for a lock, whatever transaction we are in."""
    onlooker = connection.copy()

    def waiting() -> int:
        with onlooker.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return int(cursor.fetchone()[0])

    try:
        yield waiting
    finally:
        onlooker.close()


def until_waiting(count: int) -> None:
    """Return when so many wait for a lock."""
    with beside() as waiting:
        until = time.monotonic() + PATIENCE_S
        while waiting() < count:
            assert time.monotonic() < until, f"{count} were to wait for a lock."
            time.sleep(0.005)


@contextmanager
def held(table: str, pk: int, *, until: int) -> Iterator[None]:
    """Hold a row until so many wait for it, so that all go on from there at the same moment."""
    holder = connection.copy()
    holder.inc_thread_sharing()
    holder.set_autocommit(False)

    def let_go() -> None:
        try:
            until_waiting(until)
        finally:
            holder.rollback()

    try:
        with holder.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [pk])
        with ThreadPoolExecutor(1) as pool:
            release = pool.submit(let_go)
            yield
            release.result()
    finally:
        holder.close()
