"""The report of a run: a table for people, the same figures as JSON."""

import json
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.contest import MILLISECONDS
from benchmarks.plan import CREATORS, FANS, PAGE, RESULTS, ROUNDS, SECONDS
from benchmarks.ratios import RATIOS, Rounds


@dataclass
class Report:
    """Figures as they come in, and what they amount to."""

    machine: dict[str, str]
    order: list[str]
    rounds: Rounds = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Return the figures' names in the order of their contestants, whatever ran first."""
        return sorted(
            self.rounds,
            key=lambda name: next(n for n, one in enumerate(self.order) if name.startswith(one)),
        )

    def note(self, figures: list[tuple[str, str, float]]) -> None:
        """Keep the figures of one round of one contestant."""
        for name, unit, value in figures:
            self.rounds.setdefault(name, []).append(value)
            self.units[name] = unit

    def shown(self, name: str, value: float) -> str:
        """Return a value as the table writes it."""
        unit = self.units[name]
        return (
            f"{value:,.3f} ms"
            if unit == MILLISECONDS
            else f"{value:,.0f} {unit}".replace(" /", "/")
        )

    def text(self) -> str:
        """Return the whole run as Markdown."""
        return "\n\n".join([self.about(), self.figures(), self.ratios()]) + "\n"

    def about(self) -> str:
        """Return when, on what and how it was measured."""
        lines = [
            f"{time.strftime('%Y-%m-%d')}, `make bench`: {ROUNDS} rounds of {SECONDS} s each,"
            f" {FANS:,} fans, {CREATORS:,} creators.",
            *(f"- {what}: {words}" for what, words in self.machine.items()),
        ]
        return "\n".join([lines[0], "", *lines[1:]])

    def figures(self) -> str:
        """Return a line for each figure, with PostgreSQL's work for one send beside it."""
        rows = [
            "| Way | median | lowest to highest | PostgreSQL's CPU per send |",
            "| --- | --- | --- | --- |",
        ]
        for name in self.names():
            values = self.rounds[name]
            if name.endswith(": CPU"):
                continue
            cpu = self.rounds.get(f"{name}: CPU")
            rows.append(
                f"| {name} | {self.shown(name, statistics.median(values))}"
                f" | {self.shown(name, min(values))} to {self.shown(name, max(values))}"
                f" | {f'{statistics.median(cpu):,.0f} µs' if cpu else ''} |"
            )
        return "\n".join(rows)

    def ratios(self) -> str:
        """Return a line for each ratio, with its marks and whether it reaches them."""
        rows = ["| Ratio | | in each round | bar | reached |", "| --- | --- | --- | --- | --- |"]
        for ratio in RATIOS:
            if ratio.known(self.rounds):
                rows.append(ratio.row(self.rounds))
        return "\n".join(rows)

    def as_json(self) -> dict[str, Any]:
        """Return every figure of every round."""
        return {
            "date": time.strftime("%Y-%m-%d"),
            "machine": self.machine,
            "rounds": ROUNDS,
            "seconds": SECONDS,
            "fans": FANS,
            "creators": CREATORS,
            "figures": {
                name: {
                    "unit": self.units[name],
                    "median": round(statistics.median(self.rounds[name]), 3),
                    "rounds": [round(value, 3) for value in self.rounds[name]],
                }
                for name in self.names()
            },
            "ratios": {
                ratio.says.replace("`", ""): round(ratio.value(self.rounds), 3)
                for ratio in RATIOS
                if ratio.known(self.rounds)
            },
        }

    def keep(self) -> None:
        """Write `results/bench.md` and `results/bench.json`, and copy the table to the manual."""
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "bench.md").write_text(self.text())
        (RESULTS / "bench.json").write_text(json.dumps(self.as_json(), indent=2) + "\n")
        before, begin, rest = PAGE.read_text().partition("<!-- make bench writes from here -->\n")
        _, end, after = rest.partition("<!-- to here -->\n")
        PAGE.write_text(f"{before}{begin}\n{self.text()}\n{end}{after}")
