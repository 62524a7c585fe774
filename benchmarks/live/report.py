"""The report of a run: the ratios with their bars for people, every figure as JSON."""

import json
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.live.plan import CROWD, CROWDS, EACH, ROOMS, ROOMS_RATE, ROUNDS, SECONDS, STEADY
from benchmarks.plan import PAGE, RESULTS
from benchmarks.ratios import Ratio, Rounds

BEGIN, END = "<!-- make bench-live writes from here -->\n", "<!-- to here, live -->\n"
LARGEST = CROWDS[-1]
DELIVERED = f"{CROWD}: delivered"

RATIOS = [
    Ratio(
        "delivered / bare uvloop, gifts posted to another process",
        f"ours, {DELIVERED}",
        f"bare, {DELIVERED}",
        0.9,
        2.0,
    ),
    Ratio(
        "delivered / bare uvloop, all in one process, a commit a gift",
        f"one process, {DELIVERED}",
        f"bare, {DELIVERED}",
        0.5,
        0.8,
    ),
    Ratio(
        "delivered / Channels with Redis",
        f"ours, {DELIVERED}",
        f"Channels, {DELIVERED}",
        12.0,
        45.0,
    ),
    Ratio(
        "delivered / Channels with its pub/sub layer",
        f"ours, {DELIVERED}",
        f"Channels, pub/sub layer, {DELIVERED}",
    ),
    *(
        Ratio(
            f"CPU per delivery / bare, {crowd:,} listeners, {STEADY} gifts/s",
            f"ours, {crowd}: cpu",
            f"bare, {crowd}: cpu",
            2.0,
            1.2,
            low_is_good=True,
        )
        for crowd in CROWDS
    ),
]


@dataclass(frozen=True)
class Bar:
    """A figure that has a bar of its own."""

    says: str
    name: str
    unit: str
    bar: float
    aim: float
    low_is_good: bool = True

    def verdict(self, value: float) -> str:
        """Return which mark is reached: `aim`, `bar` or `below`."""
        for name, mark in (("aim", self.aim), ("bar", self.bar)):
            if value <= mark if self.low_is_good else value >= mark:
                return name
        return "below"


STEADILY = f"{LARGEST:,} listeners, {STEADY} gifts/s"
SMALL_ROOMS = f"{ROOMS} rooms x {EACH}"
BARS = [
    Bar(f"{STEADILY}: in time", f"ours, {LARGEST}: in time", "%", 97, 100, low_is_good=False),
    Bar(f"{STEADILY}: p99", f"ours, {LARGEST}: p99", "ms", 300, 150),
    Bar(f"{SMALL_ROOMS}, {ROOMS_RATE} gifts/s: p99", f"{SMALL_ROOMS}: p99", "ms", 50, 50),
    Bar("memory per listener", f"ours, {CROWD}: memory", "KB", 25, 12),
    Bar("threads", f"ours, {CROWD}: threads", "", 15, 10),
    Bar("database connections", f"ours, {CROWD}: connections", "", 2, 2),
]


@dataclass
class Report:
    """Figures as they come in, and what they amount to."""

    machine: dict[str, str]
    rounds: Rounds = field(default_factory=dict)

    def note(self, figures: dict[str, float]) -> None:
        """Keep and print the figures of one server in one round."""
        for name, value in figures.items():
            self.rounds.setdefault(name, []).append(value)
            print(f"  {name:<44} {value:12,.2f}", flush=True)

    def median(self, name: str) -> float:
        """Return a figure's median over the rounds."""
        return statistics.median(self.rounds[name])

    def text(self) -> str:
        """Return the whole run as Markdown."""
        return "\n\n".join([self.about(), self.crowds(), self.ratios()]) + "\n"

    def about(self) -> str:
        """Return when, on what and how it was measured."""
        machine = "; ".join(f"{what}: {words}" for what, words in self.machine.items())
        return (
            f"{time.strftime('%Y-%m-%d')}, `make bench-live`: medians of {ROUNDS} rounds,"
            f" {SECONDS:g} s for each figure. {machine}."
        )

    def crowds(self) -> str:
        """Return a line for each server and crowd."""
        rows = [
            "| Server, listeners | delivered a second | median, p99 at 50 gifts/s"
            " | CPU per delivery | memory per listener |",
            "| --- | --- | --- | --- | --- |",
        ]
        for server in ("bare", "ours"):
            for crowd in CROWDS:
                name = f"{server}, {crowd}"
                if f"{name}: delivered" in self.rounds:
                    rows.append(
                        f"| {name} | {self.median(f'{name}: delivered'):,.0f}"
                        f" | {self.median(f'{name}: median'):.1f} ms,"
                        f" {self.median(f'{name}: p99'):.1f} ms"
                        f" | {self.median(f'{name}: cpu'):.2f} µs"
                        f" | {self.median(f'{name}: memory'):.1f} KB |"
                    )
        for server in ("one process", "Channels", "Channels, pub/sub layer"):
            name = f"{server}, {CROWD}"
            if f"{name}: delivered" in self.rounds:
                rows.append(f"| {name} | {self.median(f'{name}: delivered'):,.0f} | | | |")
        return "\n".join(rows)

    def ratios(self) -> str:
        """Return a line for each ratio and each bar, and whether it is reached."""
        rows = ["| | | in each round | bar | reached |", "| --- | --- | --- | --- | --- |"]
        for ratio in RATIOS:
            if ratio.known(self.rounds):
                rows.append(ratio.row(self.rounds))
        for bar in BARS:
            if bar.name in self.rounds:
                each, value = self.rounds[bar.name], self.median(bar.name)
                sign = "≤" if bar.low_is_good else "≥"
                rows.append(
                    f"| {bar.says} | {value:.1f} {bar.unit} | {min(each):.1f} to {max(each):.1f}"
                    f" | {sign} {bar.bar:g}, aim {bar.aim:g} | {bar.verdict(value)} |"
                )
        return "\n".join(rows)

    def below(self) -> list[str]:
        """Return what misses its bar."""
        ratios = [one.says for one in RATIOS if one.known(self.rounds)
                  and one.verdict(self.rounds) == "below"]  # fmt: skip
        bars = [one.says for one in BARS if one.name in self.rounds
                and one.verdict(self.median(one.name)) == "below"]  # fmt: skip
        return ratios + bars

    def as_json(self) -> dict[str, Any]:
        """Return every figure of every round."""
        return {
            "date": time.strftime("%Y-%m-%d"),
            "machine": self.machine,
            "rounds": ROUNDS,
            "seconds": SECONDS,
            "figures": {
                name: {
                    "median": round(statistics.median(values), 3),
                    "rounds": [round(value, 3) for value in values],
                }
                for name, values in self.rounds.items()
            },
            "ratios": {
                ratio.says: round(ratio.value(self.rounds), 3)
                for ratio in RATIOS
                if ratio.known(self.rounds)
            },
            "below": self.below(),
        }

    def keep(self) -> None:
        """Write `results/bench-live.json` and copy the tables to the manual."""
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / "bench-live.json"
        path.write_text(json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n")
        before, begin, rest = PAGE.read_text().partition(BEGIN)
        _, end, after = rest.partition(END)
        PAGE.write_text(f"{before}{begin}\n{self.text()}\n{end}{after}")
