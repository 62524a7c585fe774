"""The whole site as one command: killed outright it comes back with its data; ended, it is gone."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from giftplatform.tests.running import wait_until
from testing.clock import clock
from testing.ports import free_port

FIRST_START_S = 600


@pytest.fixture
def folder() -> Iterator[Path]:
    """A fresh `var/` that PostgreSQL's own user may enter when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    folder.chmod(0o755)
    yield folder
    for process in everybody(folder):
        with suppress(psutil.Error):
            process.kill()
    shutil.rmtree(folder, ignore_errors=True)


def everybody(folder: Path) -> list[psutil.Process]:
    """Return the site's processes, the database server's too."""
    return ours(folder) + database(folder)


def ours(folder: Path) -> list[psutil.Process]:
    """Return the processes that were started for this folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("VAR_DIR") == str(folder) and "postgres" not in process.name():
                found.append(process)
    return found


def database(folder: Path) -> list[psutil.Process]:
    """Return the database server of this folder, if it runs."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if str(folder / "postgres") in process.cmdline():
                found.append(process)
    return found


class Run:
    """`make run` in a folder of its own, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        mine = {"VAR_DIR": str(folder), "PORT": str(self.port), "PYTHONWARNINGS": "ignore"}
        self.environment = kept | clock() | mine
        self.process = self.start("run")

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def answers(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()
        with suppress(OSError):
            address = f"http://localhost:{self.port}/readyz"
            with urllib.request.urlopen(address, timeout=5) as page:
                return bool(page.status == 200)
        return False

    def people(self) -> int:
        """Return how many people the site's database knows."""
        database = f"host={self.folder / 'postgres'} user=postgres dbname=postgres"
        with psycopg.connect(database) as connection:
            [count] = connection.execute("SELECT count(*) FROM accounts_user").fetchone() or [0]
        return int(count)


def test_killed_it_comes_back_with_its_data_and_ended_it_is_gone(folder: Path) -> None:
    first = Run(folder)
    wait_until(first.answers, "the first start", FIRST_START_S)
    people = first.people()
    assert people > 5
    first.process.kill()
    first.process.communicate()
    wait_until(lambda: not ours(folder), "web and worker outlive the one that started them")
    assert database(folder), "no process told the database to stop"
    second = Run(folder)
    wait_until(second.answers, "the second start")
    assert second.people() == people
    second.process.send_signal(signal.SIGINT)
    said = second.process.communicate(timeout=300)
    assert second.process.returncode == 0, said
    assert "Stopped. Your data is in var" in said[0]
    assert everybody(folder) == []
