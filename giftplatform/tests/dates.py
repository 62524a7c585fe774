"""The tests on days on which clocks and calendars do something: `make test-dates`.

    python -m giftplatform.tests.dates                        the whole plan
    python -m giftplatform.tests.dates new-year leap-day      some of it
    python -m giftplatform.tests.dates new-year -- wallet -x  one of it, with words for pytest

Debian's faketime sets the clock forward under the tests, the processes they start and a PostgreSQL
made for the purpose, by the same number of seconds: they agree on the time as on one machine. The
browser tests stay out: a browser's clock is its own. Exits with 1 if one of the plan fails.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from glob import glob
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parents[2]
LIBRARY = "/usr/lib/*/faketime/libfaketimeMT.so.1"
# Python sleeps until a moment of the monotonic clock; faketime 0.9.10 takes that for one of its own
# clock and refuses. Every Python that finds this at its start waits without looking at a clock.
SLEEP = """
import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""
say = sys.stdout.write


@dataclass(frozen=True)
class Day:
    """A moment at which the tests begin, on the clock of a zone. Midnights come some minutes in."""

    name: str
    begins: str
    zone: str = "UTC"

    @property
    def ahead_s(self) -> int:
        """By how many seconds the clock is set forward."""
        begins = datetime.fromisoformat(self.begins).replace(tzinfo=ZoneInfo(self.zone))
        return round(begins.timestamp() - time.time())


PLAN = [
    Day("new-year", "2027-12-31T23:57:00"),
    Day("leap-day", "2028-02-29T23:57:00"),
    Day("28th", "2027-02-28T12:00:00"),
    Day("31st", "2027-08-31T23:57:00"),
    Day("clocks-forward", "2027-03-28T01:57:00", "Europe/Berlin"),
    Day("clocks-back", "2027-10-31T01:57:00", "Europe/Berlin"),
    Day("kiritimati", "2027-06-01T00:01:00", "Pacific/Kiritimati"),  # in UTC still May
    Day("st-johns", "2027-05-31T22:00:00", "America/St_Johns"),  # in UTC already June
]


def run(day: Day, words: list[str]) -> bool:
    """Run the tests on one day and return whether all passed."""
    # Short and open to all: PostgreSQL runs as another user where we are root, and its socket's
    # path must not be long.
    folder = Path(tempfile.mkdtemp(prefix="dates-"))
    folder.chmod(0o755)
    (folder / "sitecustomize.py").write_text(SLEEP)
    environment = os.environ | {
        "LD_PRELOAD": glob(LIBRARY)[0],  # noqa: PTH207  # the folder is named for the machine
        "FAKETIME": f"+{day.ahead_s}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # deadlines and pauses last as long as ever
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": str(folder),
        "PYTHONWARNINGS": "ignore",
        "TZ": day.zone,
        "VAR_DIR": str(folder),
    }
    chosen = words or ["-n", "2", "--no-loadscope-reorder"]
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not browser"]
    began = time.monotonic()
    say(f"{day.name}: from {day.begins} in {day.zone}\n")
    sys.stdout.flush()
    try:
        done = subprocess.run([*pytest, *chosen], cwd=HERE, env=environment, check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    passed = done.returncode == 0
    say(f"{day.name}: {'passed' if passed else 'FAILED'}, {time.monotonic() - began:.0f} s\n\n")
    return passed


def main() -> None:
    """Run the days that were named, or all."""
    if not glob(LIBRARY):  # noqa: PTH207
        sys.exit("No faketime here. Debian and Ubuntu: apt-get install faketime")
    asked, _, words = " ".join(sys.argv[1:]).partition("--")
    names = asked.split() or [day.name for day in PLAN]
    unknown = set(names) - {day.name for day in PLAN}
    if unknown:
        sys.exit(f"Not in the plan: {', '.join(sorted(unknown))}")
    failed = [day.name for day in PLAN if day.name in names and not run(day, words.split())]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
