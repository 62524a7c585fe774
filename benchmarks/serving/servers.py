"""The ways to serve the site that are compared, as processes that are started for a round."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import split

from benchmarks.plan import ROOT

HERE = Path(__file__).parent
PATIENCE_S = 30
UNIT = ROOT / "deploy" / "systemd" / "giftplatform-web.service"
UVICORN = "-m uvicorn --host 127.0.0.1 --log-level warning --no-access-log"


def granian(port: int) -> list[str]:
    """Return the command of the unit that production runs, on another port."""
    text = UNIT.read_text().replace("\\\n", " ")
    line = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    words = split(line)[1:]
    words[words.index("--port") + 1] = str(port)
    return ["-m", "granian", *words]


def uvicorn(app: str, *more: str) -> Callable[[int], list[str]]:
    """Return what makes the command of a uvicorn with this app."""
    return lambda port: [*UVICORN.split(), "--port", str(port), *more, app]


# Production's workers, production behind its proxy, `make run`, and what else could have been.
SERVERS: dict[str, Callable[[int], list[str]]] = {
    "granian": granian,
    "granian behind nginx": granian,
    "one port": uvicorn("giftplatform.asgi:application"),
    "one port, two processes": uvicorn("giftplatform.asgi:application", "--workers", "2"),
    "Django's ASGI": uvicorn("benchmarks.serving.django_asgi:application"),
}


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(name: str, url_of_database: str) -> Iterator[int]:
    """Start a way to serve and return the port it answers at; end it afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        behind = free_port()
        log = Path(folder) / "log"
        processes = [start([sys.executable, *SERVERS[name](behind)], url_of_database, log)]
        port = behind
        if name.endswith("nginx"):
            port = free_port()
            conf = Path(folder) / "nginx.conf"
            text = (HERE / "nginx.conf").read_text()
            for word, value in {"folder": folder, "port": port, "behind": behind}.items():
                text = text.replace(f"{{{word}}}", str(value))
            conf.write_text(text)
            processes.append(start(["nginx", "-c", str(conf)], url_of_database, log))
        try:
            if not answers(port):
                last = "\n".join(log.read_text().splitlines()[-5:])
                raise RuntimeError(f"{name} did not answer for {PATIENCE_S} seconds\n{last}")
            yield port
        finally:
            for process in reversed(processes):
                end(process)


def can_run(name: str) -> bool:
    """Return whether what a way to serve needs is on this machine."""
    return not name.endswith("nginx") or shutil.which("nginx") is not None


def start(command: list[str], url_of_database: str, log: Path) -> subprocess.Popen[bytes]:
    """Start one process of a server, in a group of its own; what it says goes into the log."""
    environment = os.environ | {
        "DATABASE_URL": url_of_database,
        "DATABASE_TIMEOUT_S": "5",
        "DJANGO_SETTINGS_MODULE": "benchmarks.serving.settings",
        "LOG_LEVEL": "ERROR",
        "PYTHONWARNINGS": "ignore",
    }
    with log.open("ab") as words:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stdout=words, stderr=words
        )


def answers(port: int) -> bool:
    """Return whether the server answers, as soon as it does."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/empty/", timeout=1):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server and whatever it started."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
