"""A send by the API beside empty views, on production's server."""

import shutil
from functools import cache
from pathlib import Path

from benchmarks import http
from benchmarks.bed import Bed
from benchmarks.contest import Contestant, Outcome
from benchmarks.plan import SECONDS, WARM_UP
from benchmarks.serving.servers import running

KINDS = {"empty": "HTTP, empty view", "asked": "HTTP, signed in", "api": "HTTP, API send"}


def contestants(bed: Bed) -> list[Contestant]:
    """Return the one round of all three; none where the load generator is not installed."""
    if shutil.which("wrk") is None:
        print(http.NO_WRK, flush=True)
        return []
    fans = bed.folder / "http-fans.txt"

    @cache
    def rooms() -> int:
        return http.write_fans(fans, bed.url)

    def run() -> Outcome:
        with running("granian", bed.url) as port:
            return Outcome(
                {name: asked(bed.url, port, kind, fans, rooms()) for kind, name in KINDS.items()}
            )

    return [Contestant("HTTP", run, rooms)]


def asked(url: str, port: int, kind: str, fans: Path, rooms: int) -> float:
    """Return answers a second; that every acknowledged send is written is checked there."""
    load = [kind, str(fans), str(rooms), "0"]
    http.press(url, port, WARM_UP, load)
    return http.press(url, port, SECONDS, load)
