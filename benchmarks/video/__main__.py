"""`make bench-video`: live video from the camera to the viewer, on the site as `make run` has it.

Needs Chromium, and for the gifts beside it redis-server. A try with other settings (SECONDS,
ROUNDS, ONLY=camera;first;rtmp;360p;gifts) is printed; only a run as written is kept.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from benchmarks.machine import cpu_model
from benchmarks.video import figures as taking
from benchmarks.video import report
from benchmarks.video.plan import ONLY, as_written
from e2e.site import Site

Parts = dict[str, Callable[[Site], report.Figures]]


def main() -> int:
    """Take every figure and print the table; return 1 when something misses its bar."""
    if shutil.which("redis-server") is None:
        print("This needs redis-server (apt install redis-server).", file=sys.stderr)
        return 1
    machine = {
        "CPU": f"{cpu_model()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GB",
        "load": "cameras, viewers and site on the same cores,"
        f" {os.getloadavg()[0]:.1f} before the run",
    }
    figures: report.Figures = {}
    on_sites(figures)
    if wanted("gifts"):
        note(figures, beside())
    print(f"\n{report.text(figures, machine)}")
    for says in report.below(figures):
        print(f"below its bar: {says}", file=sys.stderr)
    if as_written():
        report.keep(figures, machine)
    return 1 if report.below(figures) else 0


def on_sites(figures: report.Figures) -> None:
    """Take the figures of single streams: as they are sent, and drawn at 360p beside that."""
    with sync_playwright() as play:
        on_a_site(
            figures,
            {
                "rtmp": taking.encoder,
                "first": lambda site: taking.first_pictures(play, site),
                "camera": lambda site: taking.camera(play, site),
            },
        )
    small = {"360p": lambda site: taking.encoder(site, "CPU, RTMP and 360p")}
    on_a_site(figures, small, VIDEO_360P="true")


def on_a_site(figures: report.Figures, parts: Parts, **settings: str) -> None:
    """Take those of the parts that are wanted, on a site with these settings."""
    parts = {name: take for name, take in parts.items() if wanted(name)}
    if not parts:
        return
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        site.environment |= settings
        site.start()
        try:
            for take in parts.values():
                note(figures, take(site))
        finally:
            site.stop()


def wanted(part: str) -> bool:
    """Return whether this part is taken."""
    return not ONLY or part in ONLY


def note(figures: report.Figures, more: report.Figures) -> None:
    """Keep and print figures."""
    figures |= more
    for name, values in more.items():
        print(f"  {name:<44} {', '.join(f'{value:,.2f}' for value in values)}", flush=True)


def beside() -> report.Figures:
    """Return what gifts beside video say; in a process that has the site's settings for itself."""
    took = subprocess.run(
        [sys.executable, "-m", "benchmarks.video.beside"], stdout=subprocess.PIPE, check=True
    )
    found: report.Figures = json.loads(took.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
