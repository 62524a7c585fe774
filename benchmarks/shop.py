"""`make bench-shop`: the shop's pages, the inbox, and coins that can be given back.

Three ratios or rates, taken in one run on a PostgreSQL of its own and printed beside their bars:

- the coins page and an order placed, against a signed-in page with nothing on it, all from
  production's server (the payment provider answers at once: its time is not the shop's);
- 10,000 webhooks worked off by one worker, which fetches each order from the Stripe stand-in;
- an order's unused coins, of a fan with 1,000 orders and 100,000 gifts against a fan with one.

ROUNDS, SECONDS and ONLY (`pages`, `inbox`, `unused`) make a shorter try, which is not kept.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import bed, http, machine
from benchmarks.plan import ONLY, PAGE, RESULTS, ROUNDS, SECONDS, WARM_UP, as_written

NOTE = "<!-- make bench-shop writes from here -->"
END = "<!-- to here -->"


@dataclass(frozen=True)
class Figure:
    """What was measured, as text, and whether it keeps its bar."""

    name: str
    value: float
    unit: str
    bar: float
    at_most: bool
    more: str = ""

    @property
    def kept(self) -> bool:
        """Whether the bar is kept."""
        return self.value <= self.bar if self.at_most else self.value >= self.bar

    def line(self) -> str:
        """Return the figure as a row of the table."""
        sign = "≤" if self.at_most else "≥"
        bar = f"{sign} {self.bar:g}{self.unit}"
        mark = "yes" if self.kept else "**no**"
        return f"| {self.name} | {self.value:,.2f}{self.unit} | {bar} | {mark} | {self.more} |"


def main() -> int:
    """Measure, print the table, keep it when nothing was changed; 1 when a bar is not kept."""
    parts: dict[str, Callable[[bed.Bed], list[Figure]]] = {
        "pages": pages,
        "inbox": inbox,
        "unused": unused,
    }
    with bed.made() as ground:
        import django

        django.setup()
        from django.core.management import call_command

        from benchmarks import people

        people.populate()
        call_command("collectstatic", verbosity=0, interactive=False)
        figures = [
            figure
            for name, part in parts.items()
            if not ONLY or name in ONLY
            for figure in part(ground)
        ]
        where = machine.described(ground)
        breaches = _breaches()
    print("\n" + _table(figures))
    for breach in breaches:
        print(breach)
    if as_written():
        _keep(figures, where)
    return int(bool(breaches) or not all(figure.kept for figure in figures))


def pages(ground: bed.Bed) -> list[Figure]:
    """Measure the coins page and an order placed against an empty page, signed in."""
    from benchmarks.serving.servers import running

    kinds = {"signed": "GET /signed/", "coins": "GET /coins/", "order": "POST /coins/checkout/"}
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as fans:
        rooms = http.write_fans(Path(fans.name), ground.url)
        with running("granian", ground.url) as port:
            for number in range(ROUNDS):
                for kind, address in kinds.items():
                    load = [kind, fans.name, str(rooms), str(number)]
                    http.press(ground.url, port, WARM_UP, load)
                    rate = http.press(ground.url, port, SECONDS, load)
                    rates[kind].append(rate)
                    print(f"round {number + 1}: {address:<24} {rate:8,.0f}/s", flush=True)
    return [
        _times("coins page / an empty page", rates["signed"], rates["coins"], 2),
        _times("order placed / an empty page", rates["signed"], rates["order"], 3),
    ]


def _times(name: str, empty: list[float], full: list[float], bar: float) -> Figure:
    ratios = [one / other for one, other in zip(empty, full, strict=True)]
    more = f"{statistics.median(empty):,.0f}/s and {statistics.median(full):,.0f}/s"
    return Figure(name, statistics.median(ratios), "x", bar, at_most=True, more=more)


def inbox(_ground: bed.Bed) -> list[Figure]:
    """Measure how one worker gets through 10,000 webhooks of 2,000 payments."""
    from benchmarks import shop_inbox

    result = shop_inbox.measured()
    more = (
        f"{result.orders:,} payments, {result.seconds:.1f} s, of it {result.cpu_s:.1f} s of the"
        f" worker's processor; {result.standin_cpu_s:.1f} s of the stand-in's"
    )
    name = f"{result.webhooks:,} webhooks, one worker"
    return [Figure(name, result.webhooks / result.seconds, "/s", 300, at_most=False, more=more)]


def unused(_ground: bed.Bed) -> list[Figure]:
    """Measure an order's unused coins, of a fan with many orders and gifts and of one with one."""
    from benchmarks import shop_unused

    figures = []
    for name, (one, many) in shop_unused.measured().items():
        more = f"{one * 1e6:,.0f} µs and {many * 1e6:,.0f} µs"
        figures.append(Figure(f"unused coins, {name}", many / one, "x", 1.5, True, more))
    return figures


def _breaches() -> list[object]:
    from ledger import checks

    return list(checks.run())


def _table(figures: list[Figure]) -> str:
    head = "| what | measured | bar | kept | medians |\n| --- | --- | --- | --- | --- |\n"
    return head + "\n".join(figure.line() for figure in figures)


def _keep(figures: list[Figure], where: dict[str, str]) -> None:
    date = time.strftime("%Y-%m-%d")
    said = "; ".join(f"{name}: {value}" for name, value in where.items())
    text = f"{NOTE}\n\n{date}, `make bench-shop`. {said}.\n\n{_table(figures)}\n\n"
    page = PAGE.read_text()
    before, rest = page.split(NOTE, 1)
    _old, after = rest.split(END, 1)
    PAGE.write_text(f"{before}{text}{END}{after}")
    kept = {"date": date, "machine": where, "figures": [vars(figure) for figure in figures]}
    (RESULTS / "shop.json").write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
