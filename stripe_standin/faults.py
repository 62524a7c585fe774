"""Misbehaviour on order: what networks and servers do to the requests that come next."""

import threading
from collections import deque
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What happens to a request."""

    ERROR_500 = "500"
    ERROR_429 = "429"
    DROP_BEFORE = "drop before"  # the line dies before anything was done
    DROP_AFTER = "drop after"  # it was done, and the line dies before the answer
    SLOW = "slow"
    PAUSED = "paused"  # no answer until `resume`


@dataclass(frozen=True)
class Fault:
    """One request's misfortune: where its path begins so, of what kind, for how long if slow."""

    kind: Kind
    path: str = "/v1/"
    method: str = ""
    seconds: float = 0


class Faults:
    """The misfortunes that wait for requests, each for one."""

    def __init__(self) -> None:
        self.waiting: deque[Fault] = deque()
        self.lock = threading.Lock()
        self.goes = threading.Event()
        self.goes.set()

    def order(self, kind: Kind, *, times: int = 1, **more: str | float) -> None:
        """Order a misfortune for the next requests."""
        with self.lock:
            self.waiting.extend([Fault(kind, **more)] * times)  # type: ignore[arg-type]  # its own fields
        if kind is Kind.PAUSED:
            self.goes.clear()

    def resume(self) -> None:
        """Let the requests go on that were paused."""
        self.goes.set()

    def clear(self) -> None:
        """Forget what was ordered."""
        with self.lock:
            self.waiting.clear()
        self.resume()

    def next_for(self, method: str, path: str) -> Fault | None:
        """Return, and use up, the first misfortune that waits for such a request."""
        with self.lock:
            for fault in self.waiting:
                if path.startswith(fault.path) and fault.method in {"", method}:
                    self.waiting.remove(fault)
                    return fault
        return None
