"""The measures of the figures: ratios within one run, some with a bar and an aim."""

import statistics
from dataclasses import dataclass

Rounds = dict[str, list[float]]  # a figure's name to its value in each round


@dataclass(frozen=True)
class Ratio:
    """One figure over another. Without `bar` and `aim` it is only told."""

    says: str
    over: str
    under: str
    bar: float | None = None
    aim: float | None = None
    low_is_good: bool = False

    def known(self, rounds: Rounds) -> bool:
        """Return whether both figures were measured."""
        return self.over in rounds and self.under in rounds

    def value(self, rounds: Rounds) -> float:
        """Return the ratio of the two medians."""
        return statistics.median(rounds[self.over]) / statistics.median(rounds[self.under])

    def each(self, rounds: Rounds) -> list[float]:
        """Return the ratio in each round: how far the one of the medians may be trusted."""
        return [a / b for a, b in zip(rounds[self.over], rounds[self.under], strict=True)]

    def verdict(self, rounds: Rounds) -> str:
        """Return which mark is reached: `aim`, `bar` or `below`; nothing where there is none."""
        if self.bar is None or self.aim is None:
            return ""
        value = self.value(rounds)
        for name, mark in (("aim", self.aim), ("bar", self.bar)):
            if value <= mark if self.low_is_good else value >= mark:
                return name
        return "below"

    def row(self, rounds: Rounds) -> str:
        """Return the ratio's line of a table: its value, its span, its marks and the verdict."""
        each = self.each(rounds)
        return (
            f"| {self.says} | {self.value(rounds):.2f} | {min(each):.2f} to {max(each):.2f}"
            f" | {self.marks} | {self.verdict(rounds)} |"
        )

    @property
    def marks(self) -> str:
        """The bar and the aim as people write them."""
        if self.bar is None or self.aim is None:
            return ""
        sign = "≤" if self.low_is_good else "≥"
        return f"{sign} {self.bar:g}, aim {self.aim:g}"


# In threads of one process that send together, as `make run` serves; and each by itself.
HORDAK = [
    Ratio(
        f"{n} threads / hordak `transfer_to`, {n}",
        f"{n} threads, micro-batching on",
        f"hordak, {n}",
        4,
        8,
    )
    for n in (4, 16)
] + [
    Ratio(
        f"`send_gift` / hordak `transfer_to`, {n}", f"send_gift, {n}, spread", f"hordak, {n}", 4, 8
    )
    for n in (4, 16)
]
FUNCTION = [
    Ratio(
        f"`send_gift` / pgbench, {n}, {w}", f"send_gift, {n}, {w}", f"pgbench, {n}, {w}", 0.5, 0.75
    )
    for n in (4, 16)
    for w in ("spread", "one creator")
]
BATCHES = [
    Ratio(
        "batches of 50 / pgbench singly, 16", "send_gifts, 16, batches", "pgbench, 16, spread", 3, 5
    ),
    Ratio("pgbench, batches of 50 / singly, 16", "pgbench, 16, batches", "pgbench, 16, spread"),
]
ONE_CREATOR = [
    Ratio(
        f"one creator / spread, {who}, {n}",
        f"{who}, {n}, one creator",
        f"{who}, {n}, spread",
        0.9,
        1,
    )
    for who in ("send_gift", "pgbench")
    for n in (4, 16)
]
REST = [
    Ratio("`send_gift` / the limit, 16", "send_gift, 16, spread", "the limit, 16"),
    Ratio("HTTP: API send / signed-in empty view", "HTTP, API send", "HTTP, signed in", 0.35, 0.6),
    Ratio("HTTP: signed-in / empty view", "HTTP, signed in", "HTTP, empty view"),
    Ratio(
        "PostgreSQL's CPU per send, guards on / off",
        "pgbench, 4, spread: CPU",
        "without guards, 4, spread: CPU",
        1.3,
        1.15,
        low_is_good=True,
    ),
    Ratio(
        "PostgreSQL's CPU per send / the bare rows written by ids",
        "pgbench, 4, spread: CPU",
        "bare rows, 4, spread: CPU",
    ),
    Ratio(
        "lone send, micro-batching on / off",
        "lone send, micro-batching on",
        "lone send, micro-batching off",
        1.05,
        1.0,
        low_is_good=True,
    ),
    Ratio(
        "16 threads, micro-batching on / off",
        "16 threads, micro-batching on",
        "16 threads, micro-batching off",
    ),
]
RATIOS = [*HORDAK, *FUNCTION, *BATCHES, *ONE_CREATOR, *REST]
