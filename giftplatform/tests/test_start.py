"""The site refuses to start with a sentence that says what to do, and touches nothing."""

import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from conftest import person
from giftplatform.runtime.sandbox_guard import holds_play_money
from giftplatform.runtime.secrets import LIVE_NEEDS
from giftplatform.runtime.supervisor import only_one
from testing.clock import clock
from testing.ports import free_port
from wallet.models import SandboxPayment
from wallet.purchases import buying, settlement

LIVE = {
    "SANDBOX": "false",
    "SECRET_KEY": "a-long-secret-for-the-tests-of-the-start-0123456789",
    "FIELD_KEY": "another-long-secret-for-the-tests-of-the-start-0123",
    "ALLOWED_HOSTS": "gifts.example.com",
    "PUBLIC_URL": "https://gifts.example.com",
    "EMAIL_URL": "consolemail://",
    "DEFAULT_FROM_EMAIL": "Gifts <hello@gifts.example.com>",
}
KEPT = {"PATH", "HOME", "LANG", "DATABASE_URL", "TMPDIR"}


def start(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the site in a fresh folder, with only these variables set."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=fresh_environment(folder) | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def fresh_environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    return kept | clock() | {"VAR_DIR": str(folder), "PYTHONWARNINGS": "ignore"}


def words(refused: subprocess.CompletedProcess[str]) -> str:
    """Return the last line that was said, which a person reads first."""
    assert refused.returncode != 0, refused.stdout
    return refused.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///db.sqlite3", "DATABASE_URL names “sqlite”. Giftplatform runs on PostgreSQL 15"),
        ("mysql://root@localhost/gifts", "DATABASE_URL names “mysql”. Giftplatform runs on"),
        ("my database", "DATABASE_URL names “no database”. Giftplatform runs on PostgreSQL 15"),
        ("postgresql://host:no-port/db", "DATABASE_URL cannot be read. Its form is postgresql://"),
        ("postgresql://[half/db", "DATABASE_URL cannot be read. Its form is postgresql://"),
    ],
)
def test_another_database_is_refused_by_name(tmp_path: Path, url: str, sentence: str) -> None:
    said = words(start("manage.py", "check", folder=tmp_path, DATABASE_URL=url))
    assert said.startswith(f"django.core.exceptions.ImproperlyConfigured: {sentence}")


def test_live_mode_names_everything_that_is_missing(tmp_path: Path) -> None:
    said = words(start("manage.py", "check", folder=tmp_path, SANDBOX="false"))
    assert "needs these environment variables, which are not set:" in said
    assert all(name in said for name in LIVE_NEEDS)
    assert not list(tmp_path.iterdir()), "a refused start leaves nothing behind"


@pytest.mark.parametrize("missing", LIVE_NEEDS)
def test_live_mode_names_the_one_that_is_missing(tmp_path: Path, missing: str) -> None:
    there = {name: value for name, value in LIVE.items() if name != missing}
    said = words(start("-c", "import giftplatform.settings", folder=tmp_path, **there))
    assert said.endswith(f"which are not set: {missing}.")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "true", "DEBUG=true shows strangers code and settings: set DEBUG=false."),
        ("SECRET_KEY", "x", "SECRET_KEY can be guessed: it needs 32 random characters."),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY can be guessed"),
        ("SECRET_KEY", "django-insecure-" + "0123456789abcdef" * 4, "SECRET_KEY can be guessed"),
        ("FIELD_KEY", "short", "FIELD_KEY can be guessed: it needs 32 random characters."),
        ("FIELD_KEY", f"{LIVE['FIELD_KEY']},short", "FIELD_KEY can be guessed"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS=* answers under any name: set the site's own"),
        ("ALLOWED_HOSTS", "gifts.example.com, *", "ALLOWED_HOSTS=* answers under any name"),
        ("PUBLIC_URL", "http://gifts.example.com", "PUBLIC_URL is not encrypted: set an https"),
        ("PUBLIC_URL", "https:///", "PUBLIC_URL is not encrypted: set an https address"),
    ],
)
def test_live_mode_refuses_what_leaves_it_open(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    open_ = LIVE | {name: value}
    said = words(start("-c", "import giftplatform.settings", folder=tmp_path, **open_))
    assert f"Live mode (SANDBOX=false) does not start. {sentence}" in said
    assert not list(tmp_path.iterdir()), "a refused start leaves nothing behind"


def test_live_mode_names_all_that_leaves_it_open_at_once(tmp_path: Path) -> None:
    open_ = LIVE | {"DEBUG": "true", "ALLOWED_HOSTS": "*", "PUBLIC_URL": "http://gifts.example.com"}
    said = words(start("-c", "import giftplatform.settings", folder=tmp_path, **open_))
    assert all(name in said for name in ("DEBUG=true", "ALLOWED_HOSTS=*", "PUBLIC_URL"))


def test_live_mode_starts_with_everything_set(tmp_path: Path) -> None:
    started = start("manage.py", "check", folder=tmp_path, **LIVE, DATABASE_URL=somewhere())
    assert started.returncode == 0, started.stderr


def somewhere() -> str:
    """Return the address of the tests' own PostgreSQL server."""
    return str(settings.DATABASE_URL)


def test_a_taken_port_is_named_and_another_one_proposed(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = start(
            "manage.py", "run", folder=tmp_path, PORT=str(port), DATABASE_URL=somewhere()
        )
    assert words(refused) == (
        f"CommandError: Port {port} is already in use."
        f" Choose another one, like PORT={port + 1} make run"
    )


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path / "run.lock"):
        refused = start(
            "manage.py", "run", folder=tmp_path, PORT=str(free_port()), DATABASE_URL=somewhere()
        )
    said = f"CommandError: This site is already running as process {os.getpid()}."
    assert words(refused) == said
    with only_one(tmp_path / "run.lock"):
        pass  # and once the first has ended, the folder is free


def buy_coins(fan: User) -> None:
    """Buy coins at the sandbox's pay page."""
    order = buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=1_000)
    started = buying.start(order)
    assert not holds_play_money()
    SandboxPayment.objects.get(pk=started.reference).move(SandboxPayment.State.SUCCEEDED)
    settlement.inspect(order)


def this_database() -> str:
    """Return the address of the database that this test committed to."""
    name = str(connection.settings_dict["NAME"])
    return urlsplit(somewhere())._replace(path=f"/{name}").geturl()


STARTS = {
    "run": ("manage.py", "run"),
    "pages": ("-c", "import giftplatform.wsgi"),
    "everything": ("-m", "uvicorn", "giftplatform.asgi:application", "--port", "0"),
    "worker": ("-m", "celery", "-A", "giftplatform", "worker", "--pool", "threads"),
}


def test_a_database_with_play_money_does_not_go_live(committed: None, tmp_path: Path) -> None:
    """Each way to start is tried before and after a purchase of coins in the sandbox."""
    live = LIVE | {"DATABASE_URL": this_database(), "PORT": str(free_port())}
    assert start(*STARTS["pages"], folder=tmp_path, **live).returncode == 0
    buy_coins(person("carol"))
    for name, command in STARTS.items():
        refused = start(*command, folder=tmp_path, **live)
        assert refused.returncode != 0, name
        assert "This database holds play money from a sandbox" in refused.stderr, name
    sandbox = {"DATABASE_URL": this_database(), "SANDBOX": "true"}
    assert start(*STARTS["pages"], folder=tmp_path, **sandbox).returncode == 0
