"""The table of a run, with its bars, for people; every figure as JSON."""

import json
import statistics
import time
from typing import Any, NamedTuple

from benchmarks.plan import PAGE, RESULTS
from benchmarks.ratios import Ratio
from benchmarks.video.beside import ALONE, BESIDE
from benchmarks.video.plan import CUT_S, GIFTS, STREAMS, VIEWERS

BEGIN, END = "<!-- make bench-video writes from here -->\n", "<!-- to here, video -->\n"
Figures = dict[str, list[float]]


class Line(NamedTuple):
    """A figure with its marks; all of them are good when low."""

    says: str
    name: str
    unit: str
    bar: float
    aim: float


LINES = (
    Line("glass to glass, camera in the browser, p50", "glass to glass, p50", "s", 3, 2),
    Line("the same, p95", "glass to glass, p95", "s", 4, 2.5),
    Line("from *Go live* to the first picture at a viewer", "first picture", "s", 6, 3),
    Line("CPU of a 720p stream from the browser, of one core", "CPU, browser", "%", 12, 5),
    Line("the same by RTMP", "CPU, RTMP", "%", 15, 8),
    Line("the same by RTMP with `VIDEO_360P=true`", "CPU, RTMP and 360p", "%", 50, 35),
    Line(f"picture back after a cut of {CUT_S} s", "back after a cut", "s", 5, 3),
)
RATIO = Ratio(
    f"p99 of {GIFTS} gifts/s with {STREAMS} streams and {VIEWERS} viewers / without",
    BESIDE,
    ALONE,
    1.3,
    1.1,
    low_is_good=True,
)


def verdict(line: Line, figures: Figures) -> str:
    """Return which mark is reached: `aim`, `bar` or `below`."""
    value = statistics.median(figures[line.name])
    if value <= line.aim:
        return "aim"
    return "bar" if value <= line.bar else "below"


def below(figures: Figures) -> list[str]:
    """Return what misses its bar."""
    lines = [one.says for one in LINES if one.name in figures and verdict(one, figures) == "below"]
    ratio = RATIO.known(figures) and RATIO.verdict(figures) == "below"
    return lines + [RATIO.says] * ratio


def text(figures: Figures, machine: dict[str, str]) -> str:
    """Return the run as Markdown."""
    about = "; ".join(f"{what}: {words}" for what, words in machine.items())
    rows = ["| | | lowest to highest | bar | reached |", "| --- | --- | --- | --- | --- |"]
    for line in LINES:
        if each := figures.get(line.name):
            rows.append(
                f"| {line.says} | {statistics.median(each):.2f} {line.unit}"
                f" | {min(each):.2f} to {max(each):.2f}"
                f" | ≤ {line.bar:g}, aim {line.aim:g} | {verdict(line, figures)} |"
            )
    if RATIO.known(figures):
        rows.append(RATIO.row(figures))
        alone, beside = (statistics.median(figures[name]) for name in (ALONE, BESIDE))
        got = statistics.median(figures["segments a second"])
        rows.append(
            f"\nThe gifts' p99 was {alone:.1f} ms without video and {beside:.1f} ms with it, while"
            f" the viewers got {got:.0f} segments a second."
        )
    return f"{time.strftime('%Y-%m-%d')}, `make bench-video`. {about}.\n\n" + "\n".join(rows) + "\n"


def keep(figures: Figures, machine: dict[str, str]) -> None:
    """Write `results/video.json` and copy the table to the manual."""
    told: dict[str, Any] = {"date": time.strftime("%Y-%m-%d"), "machine": machine}
    told["figures"] = {
        name: [round(value, 3) for value in values] for name, values in figures.items()
    }
    told["below"] = below(figures)
    path = RESULTS / "video.json"
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    before, begin, rest = PAGE.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    PAGE.write_text(f"{before}{begin}\n{text(figures, machine)}\n{end}{after}")
