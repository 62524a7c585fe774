"""Connections that are kept between requests: looked at without a question, replaced when gone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from giftplatform.postgresql.base import DatabaseWrapper
from giftplatform.tests.running import wait_until

pytestmark = pytest.mark.django_db

LAST = "SELECT query, state_change FROM pg_stat_activity WHERE pid = %s"


@pytest.fixture
def kept() -> Iterator[DatabaseWrapper]:
    """A connection as a thread of the site keeps it, beside the test's own."""
    made = connections.create_connection("default")
    assert isinstance(made, DatabaseWrapper)
    yield made
    made.close()


def one(wrapper: Any, statement: str, *values: object) -> Any:
    with wrapper.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def begin_request(wrapper: DatabaseWrapper) -> None:
    """Do what Django does with each kept connection when a request comes."""
    wrapper.close_if_unusable_or_obsolete()


def test_the_check_sends_the_server_nothing(kept: DatabaseWrapper) -> None:
    (process,) = one(kept, "SELECT pg_backend_pid()")
    before = one(connection, LAST, process)
    assert before[0] == "SELECT pg_backend_pid()"
    assert kept.is_usable()
    assert one(connection, LAST, process) == before


def test_a_connection_that_the_server_ended_is_replaced_before_the_next_request(
    kept: DatabaseWrapper,
) -> None:
    (process,) = one(kept, "SELECT pg_backend_pid()")
    begin_request(kept)
    assert one(kept, "SELECT pg_backend_pid()") == (process,)  # kept while it lives
    one(connection, "SELECT pg_terminate_backend(%s)", process)
    wait_until(lambda: not kept.is_usable(), "the goodbye did not come")
    begin_request(kept)
    assert one(kept, "SELECT pg_backend_pid()") != (process,)


def test_a_connection_that_is_not_there_is_not_usable(kept: DatabaseWrapper) -> None:
    assert not kept.is_usable()
    one(kept, "SELECT 1")
    kept.connection.close()
    assert not kept.is_usable()
