"""`make bench-video`: live video from the camera to the viewer, on the site as `make run` has it.

Needs Chromium, and for the gifts beside it redis-server. A try with other settings (SECONDS,
ROUNDS, ONLY=camera;first;rtmp;gifts) is printed; only a run as written is kept.
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
    on_a_site(figures)
    if wanted("gifts"):
        note(figures, beside())
    print(f"\n{report.text(figures, machine)}")
    for says in report.below(figures):
        print(f"below its bar: {says}", file=sys.stderr)
    if as_written():
        report.keep(figures, machine)
    return 1 if report.below(figures) else 0


def on_a_site(figures: report.Figures) -> None:
    """Take the figures of single streams."""
    parts: dict[str, Callable[[], report.Figures]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        site = Site(Path(folder))
        parts["rtmp"] = lambda: taking.encoder(site)
        parts["first"] = lambda: taking.first_pictures(play, site)
        parts["camera"] = lambda: taking.camera(play, site)
        if not any(wanted(name) for name in parts):
            return
        site.start()
        try:
            for name, take in parts.items():
                if wanted(name):
                    note(figures, take())
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
