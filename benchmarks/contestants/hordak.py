"""django-hordak's `transfer_to`: the ledger for Django that people know, in processes of its own.

It is installed into a virtual environment of its own and has a database on the same server.
"""

import os
import subprocess
import sys
from functools import cache, partial
from pathlib import Path

from benchmarks.bed import Bed
from benchmarks.contest import Contestant, Outcome
from benchmarks.crew import Crew
from benchmarks.plan import CREATORS, FANS, ROOT, SECONDS, WARM_UP

REQUIREMENTS = ROOT / "benchmarks" / "requirements.txt"
WORKER = "benchmarks.contestants.hordak_worker"
DATABASE = "hordak"


def contestants(bed: Bed) -> list[Contestant]:
    """Return `transfer_to` in 4 and in 16 processes."""
    crew = cache(partial(hired, bed))

    def contestant(workers: int) -> Contestant:
        name = f"hordak, {workers}"

        def run() -> Outcome:
            answers = crew().work(workers, warm_up=WARM_UP, seconds=SECONDS)
            return Outcome({name: Crew.per_second(answers)}, Crew.done(answers))

        return Contestant(name, run, crew, "SELECT count(*) FROM hordak_transaction", DATABASE)

    return [contestant(4), contestant(16)]


def hired(bed: Bed) -> Crew:
    """Make the database and its accounts, and start the processes."""
    python = installed()
    bed.do(f"CREATE DATABASE {DATABASE}")
    os.environ["HORDAK_DATABASE_URL"] = bed.database(DATABASE)
    subprocess.run([python, "-m", WORKER, "prepare", str(FANS), str(CREATORS)], check=True)
    bed.do("VACUUM ANALYZE", database=DATABASE)
    return Crew(WORKER, 16, python=python)


def installed() -> Path:
    """Return the Python that has django-hordak: made on first use, kept in `var/`."""
    home = ROOT / "var" / "bench-venv"
    python = home / "bin" / "python"
    done = home / "requirements.txt"
    if not done.exists() or done.read_text() != REQUIREMENTS.read_text():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(python), "-m", "pip", "--quiet", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--requirement", str(REQUIREMENTS)], check=True)
        done.write_text(REQUIREMENTS.read_text())
    return python
