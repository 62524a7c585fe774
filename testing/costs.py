"""What an answer costs the processor, and the texts that cost most."""

from collections.abc import Callable
from time import thread_time

from testing.garbage import leave_out_what_lives

LONGEST_CPU_S = 0.1
TRIES = 6
# Letters in runs, words of one letter, signs that stand for sentences, marks out of order, dots.
LETTERS = ["a", "a b ", "\ufdfa", "a\u0345\u0301\u0323\u05b0", "(dot) a.", "aabbccdd"]


# What `_known_work` takes on a core of a present server. Machines are up to three times slower.
KNOWN_WORK_S = 0.003
BYTES = b"YWFh \r\n--" * 30_000


def _known_work() -> float:
    """Return the CPU seconds of work that is always the same: bytes, as bodies are read."""
    begun, found = thread_time(), 0
    for at in range(0, len(BYTES), 64):
        piece = BYTES[at : at + 64]
        found += piece.find(b"\r\n--b") + len(b"".join(piece.split()))
    return thread_time() - begun


def slowness() -> float:
    """Return how many times slower than a present server this machine is now; never below 1."""
    return max(1.0, min(_known_work() for _ in range(TRIES)) / KNOWN_WORK_S)


def spent_by(act: Callable[..., object], *args: object) -> float:
    """Return the CPU seconds of an act in this thread; what other threads do does not count."""
    begun = thread_time()
    act(*args)
    return thread_time() - begun


def cpu_of(act: Callable[..., object], *args: object, enough: float = LONGEST_CPU_S) -> float:
    """Return the CPU seconds of an act on a present server's core: the least of some tries, of one
    if that is little `enough`.

    A busy machine makes an act look dearer than it is, and never cheaper.
    """
    least = spent_by(act, *args)
    if least <= enough:
        return least
    leave_out_what_lives()
    for _ in range(TRIES):
        spent = spent_by(act, *args)
        least = min(least, spent if spent <= enough else spent / slowness())
        if least <= enough:
            break
    return least
