"""Asking something slow for no longer than a page may take."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 8  # questions that nobody waits for any more may still be under way
_threads = BoundedSemaphore(AT_ONCE)


def within(seconds: float, ask: Callable[[], T]) -> T:
    """Return the answer of a question that uses no database, or raise what it raises.

    Raises `TimeoutError` for one that takes longer, and while too many are under way.
    """
    if not _threads.acquire(blocking=False):
        raise TimeoutError
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as trouble:
            answer.set_exception(trouble)
        finally:
            _threads.release()

    Thread(target=run, daemon=True).start()
    return answer.result(seconds)
