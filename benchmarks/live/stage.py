"""The processes of a run: servers on a core of their own, everybody else on the other."""

import json
import os
import resource
import select
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

import psutil
import psycopg

from benchmarks.live.plan import OTHER_CORES, SERVERS_CORE
from benchmarks.plan import ROOT
from benchmarks.serving.servers import end, free_port

PATIENCE_S = 60
ANSWER_S = 120
NAME = "bench-live-server"  # as PostgreSQL sees the measured server
UVICORN = "-m uvicorn --host 127.0.0.1 --log-level warning --no-access-log --backlog 4096"


def prepare() -> None:
    """Keep this process and all that it starts off the server's core; allow many connections."""
    os.sched_setaffinity(0, OTHER_CORES)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Helper:
    """A process that obeys JSON lines."""

    def __init__(
        self,
        module: str,
        *,
        python: Path | str = sys.executable,
        speaks: bool = True,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.process = subprocess.Popen(
            [str(python), "-m", module],
            cwd=ROOT,
            env=os.environ | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if speaks:
            self.answer(plain=True)

    def tell(self, **order: Any) -> None:
        """Give an order."""
        pipe: IO[str] | None = self.process.stdin
        assert pipe
        print(json.dumps(order), file=pipe, flush=True)

    def answer(self, *, plain: bool = False) -> Any:
        """Return the answer to the oldest order that has none."""
        assert self.process.stdout
        # One line for one order: nothing of an earlier answer can wait in the buffer.
        if not select.select([self.process.stdout], [], [], ANSWER_S)[0]:
            self.process.kill()
            raise RuntimeError(f"{self.process.args!r} was silent for {ANSWER_S} s")
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args!r} ended")
        return line.strip() if plain else json.loads(line)

    def ask(self, **order: Any) -> Any:
        """Give an order and return its answer."""
        self.tell(**order)
        return self.answer()

    def end(self) -> None:
        """Let it end: there are no more orders."""
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Server:
    """A server that is measured."""

    def __init__(
        self,
        command: list[str],
        *,
        python: Path | str = sys.executable,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        words = [word.replace("{port}", str(self.port)) for word in command]
        self.process = subprocess.Popen(
            [str(python), *words],
            cwd=ROOT,
            env=os.environ | {"PGAPPNAME": NAME} | (environment or {}),
            start_new_session=True,
        )
        os.sched_setaffinity(self.process.pid, SERVERS_CORE)  # before it has threads
        self.seen = psutil.Process(self.process.pid)

    def cpu_seconds(self) -> float:
        """Return what it has used so far."""
        times = self.seen.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Return the bytes that are its own."""
        return int(self.seen.memory_full_info().uss)

    def threads(self) -> int:
        """Return how many threads it has."""
        return int(self.seen.num_threads())

    def get(self, path: str, **query: Any) -> str:
        """Return what it answers."""
        address = f"http://127.0.0.1:{self.port}{path}?{urlencode(query)}"
        with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
            return str(answer.read().decode())

    def ready(self) -> None:
        """Wait until it takes connections."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"{self.process.args!r} did not answer")


@contextmanager
def serving(
    command: str,
    *,
    python: Path | str = sys.executable,
    environment: dict[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server for some figures."""
    server = Server(command.split(), python=python, environment=environment)
    try:
        server.ready()
        yield server
    finally:
        end(server.process)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a Redis that keeps nothing, and return its address."""
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def database_connections(url: str) -> int:
    """Return how many connections the measured server has open."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME]
        ).fetchone()
    return int(row[0]) if row else 0
