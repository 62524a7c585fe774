"""A fan with coins in a database of its own, before the switch and after it."""

import os
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from conftest import give_coins, person
from wallet.tests.months import own_database, spend

# These begin with plain tables.
collect_ignore_glob = ["test_*.py"] if os.environ.get("TEST_PARTITIONED") else []


@pytest.fixture
def plain(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """A fan with 1,000 coins, of which 100 are spent, in a database that is not switched yet."""
    with django_db_blocker.unblock(), own_database():
        fan = person("fan", date_joined=timezone.now() - timedelta(days=30))
        give_coins(fan, 1_000)
        spend(fan, 100)
        yield fan


@pytest.fixture
def fan(plain: User) -> User:
    """The same fan, after the switch."""
    call_command("partition_ledger", stdout=StringIO())
    return plain
