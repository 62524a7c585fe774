"""Contestants, the result of one round, and the watch over it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from benchmarks.bed import Bed

PER_SECOND = "/s"
MILLISECONDS = "ms"
MICROSECONDS = "µs"


class Miscounted(Exception):
    """The rows in the database are not what a contestant claims to have written."""


@dataclass(frozen=True)
class Outcome:
    """One round: figures by name, and how many sends were acknowledged, warm-up included.

    `done` is None where the contestant has compared with the rows itself.
    """

    figures: dict[str, float]
    done: int | None = None
    unit: str = PER_SECOND


@dataclass(frozen=True)
class Contestant:
    """One way to send, what it needs before the first round, and the query that counts its rows."""

    name: str
    run: Callable[[], Outcome]
    prepare: Callable[[], object]
    written: str = "SELECT count(*) FROM gifts_sentgift"
    database: str = "postgres"


def watch(bed: Bed, contestant: Contestant) -> list[tuple[str, str, float]]:
    """Run one round and return its figures (name, unit, value).

    Raises `Miscounted` when a send was refused, lost or doubled.
    """
    before = rows(bed, contestant)
    cpu = cpu_seconds(bed.postmaster())
    outcome = contestant.run()
    time.sleep(0.1)  # the server's processes of the round end, and their time is added up
    cpu = cpu_seconds(bed.postmaster()) - cpu
    written = rows(bed, contestant) - before
    figures = [(name, outcome.unit, value) for name, value in outcome.figures.items()]
    if outcome.done is None:
        return figures
    if outcome.done != written:
        raise Miscounted(f"{contestant.name}: {outcome.done} acknowledged, {written} written")
    return [*figures, (f"{contestant.name}: CPU", MICROSECONDS, cpu / written * 1_000_000)]


def rows(bed: Bed, contestant: Contestant) -> int:
    """Return how many rows there are of what a contestant writes."""
    return int(bed.ask(contestant.written, database=contestant.database))


def cpu_seconds(postmaster: int) -> float:
    """Return what all of PostgreSQL's processes have used, those that ended too."""
    first = psutil.Process(postmaster)
    own = first.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in first.children():
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:  # counted with its parent from the next look on
            continue
        total += times.user + times.system
    return float(total)
