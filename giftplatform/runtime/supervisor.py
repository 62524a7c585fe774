"""Keeps the web server and the worker running, and ends them together."""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from django.core.management.base import CommandError

PR_SET_PDEATHSIG = 1
PATIENCE_S = 10


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock of this folder's site; two of them would share a database and stop it for each
    other.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CommandError(
                f"This site is already running as process {lock.read().strip()}."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _die_with_parent() -> None:
    """Ask Linux to end this child if the parent is killed; elsewhere the parent's goodbye has to
    do.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_what_it_left(process: subprocess.Popen[bytes]) -> None:
    """End the children of a process that is gone.

    A killed worker leaves its clock behind, which would ring beside the next worker's for ever.
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


class Supervisor:
    """Runs the site's processes; `more` names others, each with what Python runs.

    A process that dies is started again; SIGINT or SIGTERM ends all.
    """

    def __init__(
        self,
        var_dir: Path,
        port: int,
        database_url: str,
        more: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.port = port
        self.environment = os.environ | {
            "DATABASE_URL": database_url,
            "DATABASE_TIMEOUT_S": os.environ.get("DATABASE_TIMEOUT_S", "5"),
            "PORT": str(port),
            "PYTHONUNBUFFERED": "1",
        }
        host = os.environ.get("HOST", "127.0.0.1")
        self.commands = {
            "web": [
                *("-m", "uvicorn", "giftplatform.asgi:application", "--host", host),
                *("--port", str(port), "--log-level", "warning", "--no-access-log"),
                *("--timeout-graceful-shutdown", "3", "--ws-max-size", "4194304"),
            ],
            "worker": [
                *("-m", "celery", "--quiet", "-A", "giftplatform", "worker", "--beat"),
                *("--pool", "threads"),
                *("--concurrency", "4", "--loglevel", "WARNING", "--without-gossip"),
                *("--without-mingle", "--schedule", str(var_dir / "celerybeat-schedule")),
            ],
            "ingest": ["manage.py", "ingest"],
            **(more or {}),
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def serve(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Start everything and return when asked to stop and all have ended.

        `on_ready` is called once, as soon as a server answers at the port.
        """
        ready = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.ask_to_stop)
        try:
            while not self.stopping:
                for name in self.commands:
                    self.ensure(name)
                if not ready and self.answers():
                    ready = True
                    on_ready()
                time.sleep(0.3)
        finally:
            self.end_all()

    def answers(self) -> bool:
        """Return whether a server listens at the port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        """Note the wish; the loop ends within a moment."""
        self.stopping = True

    def ensure(self, name: str) -> None:
        """Start the process, or start it again if it has died."""
        process = self.running.get(name)
        if process is not None and process.poll() is None:
            return
        if process is not None:
            sys.stderr.write(
                f"The {name} process ended with {process.returncode}; starting it again.\n"
            )
            end_what_it_left(process)
            time.sleep(1)
        self.running[name] = subprocess.Popen(
            [sys.executable, *self.commands[name]],
            cwd=Path(__file__).parents[2],
            env=self.environment,
            # Ctrl-C reaches this process only, which then ends them in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  # this process has no threads
        )

    def end_all(self) -> None:
        """End every process politely, and after ten seconds without asking."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + PATIENCE_S
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            end_what_it_left(process)
