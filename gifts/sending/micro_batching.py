"""Work that arrives while a statement is under way goes together in the next one.

Leader and followers: a caller that finds none at work leads at once, so that a lone caller waits
for nothing; the others queue, and the first of them leads all that came meanwhile. No timer, no
thread of its own.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST = 64
# A leader's statement has a timeout of its own; after this a caller stops waiting.
PATIENCE_S = 10.0


class Seat(Generic[T, R]):
    """One caller in the queue: what it brought, and what became of it."""

    __slots__ = ("answer", "answered", "item", "leads", "turn")

    def __init__(self, item: T) -> None:
        self.item = item
        self.answer: R | None = None
        self.answered = False
        self.leads = False
        self.turn = Lock()  # released when it is answered, failed with its leader, or leads
        self.turn.acquire()


class MicroBatcher(Generic[T, R]):
    """Calls `run` with what several threads brought at once, and gives each its own answer.

    `run` must be safe to repeat for an item: when a batch fails, each of its callers tries alone,
    and only the one whose item is at fault meets the error.
    """

    def __init__(self, run: Callable[[Sequence[T]], Sequence[R]], most: int = MOST) -> None:
        self._run = run
        self._most = most
        self._lock = Lock()
        self._busy = False
        self._queue: deque[Seat[T, R]] = deque()

    def __call__(self, item: T) -> R:
        """Return the answer for an item. Raises what `run` raises for this item alone."""
        seat: Seat[T, R] = Seat(item)
        with self._lock:
            if self._busy:
                self._queue.append(seat)
            else:
                self._busy = seat.leads = True
        if not seat.leads and not seat.turn.acquire(timeout=PATIENCE_S):
            self._leave(seat)
        if seat.leads:
            self._lead(seat)
        if not seat.answered:
            return self._run([item])[0]
        return seat.answer  # type: ignore[return-value]  # answered: it is an R, which may be None

    def _lead(self, leader: Seat[T, R]) -> None:
        with self._lock:
            together = [leader]
            while self._queue and len(together) < self._most:
                together.append(self._queue.popleft())
        try:
            answers = self._run([seat.item for seat in together])
        except Exception:
            if len(together) == 1:
                raise
        else:
            for seat, answer in zip(together, answers, strict=True):
                seat.answer, seat.answered = answer, True
        finally:
            self._hand_over()
            for seat in together[1:]:
                seat.turn.release()

    def _hand_over(self) -> None:
        with self._lock:
            if not self._queue:
                self._busy = False
                return
            following = self._queue.popleft()
            following.leads = True
        following.turn.release()

    def _leave(self, seat: Seat[T, R]) -> None:
        """Stop waiting. One that was just made the leader leads all the same."""
        with self._lock:
            if seat in self._queue:
                self._queue.remove(seat)
