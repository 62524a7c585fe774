"""The site refuses to start with a sentence that says what to do, and touches nothing."""

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from conftest import person
from giftplatform.postgresql.embedded import patiently
from giftplatform.runtime.sandbox_guard import (
    PLAYED,
    REAL,
    holds_play_money,
    holds_real_money,
    refusal,
)
from giftplatform.runtime.secrets import LIVE_NEEDS
from giftplatform.runtime.supervisor import only_one
from testing.clock import clock
from testing.ports import free_port
from wallet.models import Purchase, SandboxPayment, SavedMethod
from wallet.purchases import buying, settlement
from wallet.tests.codes import made_batch
from wallet.tests.transfers import stage as transfers

LIVE = {
    "SANDBOX": "false",
    "SECRET_KEY": "a-long-secret-for-the-tests-of-the-start-0123456789",
    "FIELD_KEY": "another-long-secret-for-the-tests-of-the-start-0123",
    "ALLOWED_HOSTS": "gifts.example.com",
    "PUBLIC_URL": "https://gifts.example.com",
    "EMAIL_URL": "consolemail://",
    "DEFAULT_FROM_EMAIL": "Gifts <hello@gifts.example.com>",
    "SELLER_NAME": "Gifts GmbH",
    "SELLER_ADDRESS": "Kai 7|20457 Hamburg",
    "SELLER_TAX_ID": "DE123456789",
    "SELLER_EMAIL": "hello@gifts.example.com",
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
        timeout=120,  # a site that should have refused to start would run on
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


STRIPE = {
    "PAYMENT_PROVIDERS": "stripe",
    "STRIPE_SECRET_KEY": "rk_live_0123456789",
    "STRIPE_WEBHOOK_SECRETS": "whsec_one,whsec_two",
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"PAYMENT_PROVIDERS": "sandbox"}, "PAYMENT_PROVIDERS names the sandbox"),
        ({"PAYMENT_PROVIDERS": "stripe,wallet.providers.sandbox"}, "names the sandbox"),
        ({"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY is no key of Stripe's live mode"),
        ({"STRIPE_SECRET_KEY": "sk_test_1"}, "STRIPE_SECRET_KEY is no key of Stripe's live mode"),
        ({"STRIPE_WEBHOOK_SECRETS": ""}, "STRIPE_WEBHOOK_SECRETS needs one secret"),
        ({"STRIPE_WEBHOOK_SECRETS": "whsec_1,whsec_2,whsec_3"}, "needs one secret, or two"),
        ({"STRIPE_WEBHOOK_SECRETS": "we_1"}, "STRIPE_WEBHOOK_SECRETS holds something else"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:8100"}, "STRIPE_API_BASE is not Stripe's"),
        ({"STRIPE_API_BASE": "https://api.stripe.com.example.org"}, "is not Stripe's: leave it"),
    ],
)
def test_live_mode_takes_money_by_stripe_itself_alone(
    tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    command = ("-c", "import giftplatform.settings")
    refused = words(start(*command, folder=tmp_path, **LIVE, **STRIPE | changes))
    assert sentence in refused
    assert "0123456789" not in refused.replace(LIVE["SECRET_KEY"], "")


def test_live_mode_starts_with_stripe(tmp_path: Path) -> None:
    asked = {"DATABASE_URL": somewhere()}
    started = start("manage.py", "check", folder=tmp_path, **LIVE, **STRIPE, **asked)
    assert started.returncode == 0, started.stderr


def test_a_sandbox_refuses_a_key_that_moves_real_money(tmp_path: Path) -> None:
    command = ("-c", "import giftplatform.settings")
    said = words(start(*command, folder=tmp_path, **STRIPE))
    assert "STRIPE_SECRET_KEY is no key of Stripe's test mode" in said


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


def test_a_database_with_real_money_is_opened_by_no_sandbox(
    committed: None, tmp_path: Path
) -> None:
    """Each way to start, the demo too; and what `check --deploy` says of either mode."""
    buy_coins(person("carol"))
    Purchase.objects.update(provider="stripe", provider_reference="cs_live_1")
    sandbox = {"DATABASE_URL": this_database(), "SANDBOX": "true", "PORT": str(free_port())}
    for name, command in (STARTS | {"demo": ("manage.py", "load_demo")}).items():
        refused = start(*command, folder=tmp_path, **sandbox)
        assert refused.returncode != 0, name
        assert "This database holds real money" in refused.stderr, name
    live = LIVE | {"DATABASE_URL": this_database()}
    assert start(*STARTS["pages"], folder=tmp_path, **live).returncode == 0
    asked = start("manage.py", "check", "--deploy", folder=tmp_path, **sandbox)
    assert "(giftplatform.E001) This database holds real money" in asked.stderr
    asked = start("manage.py", "check", "--deploy", folder=tmp_path, **live)
    assert "giftplatform.E001" not in asked.stderr
    Purchase.objects.update(provider_reference="cs_test_1")
    asked = start("manage.py", "check", "--deploy", folder=tmp_path, **live)
    assert "(giftplatform.E001) This database holds play money" in asked.stderr


def bought_by_transfer(fan: User) -> None:
    transfers.came(transfers.order(fan))


def bought_at_stripe(fan: User) -> None:
    buy_coins(fan)
    mode = "test" if settings.SANDBOX else "live"
    Purchase.objects.update(provider="stripe", provider_reference=f"cs_{mode}_1")


def a_card_was_saved_at_stripe(fan: User) -> None:
    mode = "test" if settings.SANDBOX else "live"
    SavedMethod.objects.create(user=fan, provider="stripe", setup_reference=f"cs_{mode}_1")


def codes_were_made(fan: User) -> None:
    made_batch()


@pytest.mark.parametrize("sandbox", [True, False])
@pytest.mark.parametrize(
    "moved",
    [bought_at_stripe, bought_by_transfer, a_card_was_saved_at_stripe, codes_were_made],
)
def test_each_way_in_which_money_comes_says_whether_it_is_real(
    carol: User, sandbox: bool, moved: Callable[[User], None], settings: Settings
) -> None:
    settings.SANDBOX = sandbox
    assert (holds_play_money(), holds_real_money()) == (False, False)
    moved(carol)
    assert (holds_play_money(), holds_real_money()) == (sandbox, not sandbox)
    assert refusal() == ""
    settings.SANDBOX = not sandbox
    assert refusal() == (PLAYED if sandbox else REAL)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("BANK_TIME_ZONE", "Berlin", "BANK_TIME_ZONE=Berlin is no time zone: use a name like"),
        ("BANK_TIME_ZONE", "../etc", "BANK_TIME_ZONE=../etc is no time zone"),
        ("BANK_CUTOFF_HOUR", "25", "BANK_CUTOFF_HOUR is no hour: use 0 to 24."),
        ("BANK_MISSING_BIC", "maybe", "BANK_MISSING_BIC is unknown: use omit, notprovided, refuse"),
        ("BANK_COUNTRY", "Germany", "BANK_COUNTRY is no country code: use two letters, like DE."),
    ],
)
def test_what_no_bank_file_can_be_made_with_is_named(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    said = words(start("-c", "import giftplatform.settings", folder=tmp_path, **{name: value}))
    assert said.startswith(f"django.core.exceptions.ImproperlyConfigured: {sentence}")


def test_a_server_that_reads_its_log_for_long_is_waited_for(tmp_path: Path) -> None:
    """The package waits ten seconds, and a second process that finds it starting not at all."""
    said = tmp_path / "postmaster.pid"
    lines = ["1", str(tmp_path), "0", "5432", str(tmp_path), "", "0 0"]
    given_up = [subprocess.TimeoutExpired("pg_ctl", 10), AssertionError()]

    def ready() -> None:
        said.write_text("\n".join([*lines, "ready   "]))

    for reason in given_up:
        said.write_text("\n".join([*lines, "starting"]))
        seen: list[str] = []

        def start(reason: Exception = reason, seen: list[str] = seen) -> None:
            seen.append(said.read_text().split()[-1])
            if len(seen) == 1:
                Timer(0.5, ready).start()
                raise reason

        patiently(start, tmp_path)
        assert seen == ["starting", "ready"]
