"""The cast and the stage of every test.

Builders go through the services: a test cannot invent an illegal state.
"""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from hypothesis import settings as examples
from pytest_django.plugin import DjangoDbBlocker

import ledger
from accounts import api_keys
from accounts.models import Country, Creator, Scope, User
from live.models import Stream
from live.streams.services import go_live
from testing.economy import Economy
from testing.garbage import leave_out_what_lives
from testing.times import Times

pytest_plugins = ["testing.together"]
_loaded: list[Economy] = []


def pytest_configure(config: pytest.Config) -> None:
    """Keep the time in the process that reports; let no busy machine fail a test of examples."""
    examples.register_profile("ours", deadline=None)
    examples.load_profile("ours")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Times())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give the test database the default economy once.

    pytest-django makes a test database only when it sees its own marks or fixtures; when every
    chosen test is `committed`, it would leave us, and our sweeping, in the real one.
    """
    with django_db_blocker.unblock():
        real = connection.settings_dict["NAME"] != connection.settings_dict["TEST"]["NAME"]
        made = setup_databases(0, interactive=False) if real else None
        call_command("load_economy", verbosity=0)
        call_command("createcachetable", verbosity=0)
        _loaded.append(Economy.keep())
        leave_out_what_lives()
        yield
        if made:
            teardown_databases(made, verbosity=0)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a test commit for real, as races need; the database is as the economy left it afterwards.

    Not pytest-django's transactional database: its flush meets the ledger's append-only triggers
    and is refused.
    """
    with django_db_blocker.unblock():
        yield
        _loaded[-1].restore()


def person(
    handle: str, *, country: str = "DE", born: date | None = date(1990, 5, 17), **fields: object
) -> User:
    """Return a person, grown up, with a verified address and the password `harbour-night-7`."""
    user = User.objects.create_user(
        email=f"{handle}@example.com",
        password="harbour-night-7",
        handle=handle,
        display_name=handle.title(),
        country=Country.objects.get(code=country),
        date_of_birth=born,
        **fields,
    )
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)  # type: ignore[attr-defined]  # allauth's reverse name
    return user


def api_key(user: User, *scopes: Scope) -> str:
    """Return a key to the API, with all scopes when none is named."""
    return api_keys.make(user=user, name="Test", scopes=scopes or list(Scope), days=30)


def give_coins(user: User, coins: int) -> None:
    """Post a real transfer of coins to a fan, without a purchase behind it."""
    ledger.post_one(
        key=f"test-coins:{uuid.uuid4()}",
        kind="test",
        legs=[
            ledger.Leg(
                "COIN",
                ledger.account_id("coins_issued", "COIN"),
                ledger.account_id("coins", "COIN", user.pk),
                coins,
            )
        ],
    )


@pytest.fixture
def alice(db: None) -> User:
    """A fan with 5,000 coins, past the first week."""
    user = person("alice", date_joined=timezone.now() - timedelta(days=30))
    give_coins(user, 5_000)
    return user


@pytest.fixture
def bob(db: None) -> User:
    """A creator."""
    user = person("bob", is_creator=True)
    Creator.objects.create(user=user, trust=Creator.Trust.TRUSTED)
    return user


@pytest.fixture
def carol(db: None) -> User:
    """A person who must see nothing of the others."""
    return person("carol")


@pytest.fixture
def dana(db: None) -> User:
    """Staff, with every permission."""
    return person("dana", is_staff=True, is_superuser=True)


@pytest.fixture
def erin(db: None) -> User:
    """A second member of staff."""
    return person("erin", is_staff=True, is_superuser=True)


@pytest.fixture
def stream(bob: User) -> Stream:
    """Bob on air."""
    return go_live(creator=bob, title="Bob plays at night")
