"""A writer whom PostgreSQL ended for the sake of another one is tried once more."""

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from accounts.models import User
from conftest import person
from foundation import transactions
from foundation.transactions import once_more
from testing.browsers import signed_in
from testing.threads import Meeting, together

WRITES = 2
APART = {"testing", "benchmarks", "e2e"}
BLOCK = re.compile(r"^ +(?:async )?with .*\batomic\(", re.MULTILINE)
LOSING = """
    CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'lost' USING ERRCODE = 'deadlock_detected'; END $$;
    CREATE TRIGGER lose BEFORE UPDATE OF display_name ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION lose()
"""


def crosswise(people: list[User]) -> list[Any]:
    """Let two transactions write to the same two rows in opposite orders; return what each did."""
    meeting = Meeting()
    tries = [0, 0]

    def act(number: int) -> int:
        first, second = people[number], people[1 - number]

        @transaction.atomic
        def write() -> int:
            tries[number] += 1
            User.objects.filter(pk=first.pk).update(display_name=f"{number}")
            if tries[number] == 1:
                meeting.wait()
            return User.objects.filter(pk=second.pk).update(display_name=f"{number}")

        return write()

    return together(act, WRITES, returned=OperationalError)


def test_of_two_who_wait_for_each_other_both_write(committed: None) -> None:
    people = [person("alice"), person("bob")]
    assert crosswise(people) == [1, 1]
    assert len(set(User.objects.values_list("display_name", flat=True))) == 1


def test_control_without_a_second_try_one_fails(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "LOST_RACES", ())
    answers = crosswise([person("alice"), person("bob")])
    assert sorted(isinstance(answer, OperationalError) for answer in answers) == [False, True]


@pytest.mark.parametrize("address", ["/api/v1/me/", "/account/settings/profile/"])
def test_a_second_loss_is_a_sentence_and_changes_nothing(committed: None, address: str) -> None:
    """A row that is always lost, as PostgreSQL would say it: the trigger stands for the other."""
    alice = person("alice")
    with connection.cursor() as cursor:
        cursor.execute(LOSING)
    try:
        client = signed_in(alice)
        wish = {"display_name": "Alicia", "handle": "alice"}
        if address.startswith("/api"):
            answer = client.patch(address, wish, content_type="application/json")
        else:
            answer = client.post(address, wish)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER lose ON accounts_user; DROP FUNCTION lose()")
    assert answer.status_code == 409
    assert "lost_race" in answer.headers.get("X-Error-Code", answer.content.decode())
    assert User.objects.get().display_name == "Alice"


def test_every_transaction_of_ours_can_be_tried_once_more() -> None:
    """A function can be called again, a block in the middle of one can not."""
    ours = [app for app in settings.BASE_DIR.glob("*/__init__.py") if app.parent.name not in APART]
    blocks = [
        str(file.relative_to(settings.BASE_DIR))
        for app in ours
        for file in app.parent.rglob("*.py")
        if "tests" not in file.parts and BLOCK.search(file.read_text())
    ]
    assert blocks == []


def failing(
    times: int, error: type[psycopg.OperationalError]
) -> tuple[Callable[[], int], list[int]]:
    """Return a writer that loses so many times, and the list of its tries."""
    tries: list[int] = []

    def write() -> int:
        tries.append(1)
        if len(tries) <= times:
            raise OperationalError from error()
        return len(tries)

    return write, tries


@pytest.mark.parametrize(
    "error", [psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure]
)
def test_a_second_loss_is_an_error(committed: None, error: type[psycopg.OperationalError]) -> None:
    write, _tries = failing(1, error)
    assert once_more(write)() == 2
    write, tries = failing(2, error)
    with pytest.raises(OperationalError):
        once_more(write)()
    assert len(tries) == 2


def test_other_errors_and_parts_of_a_transaction_are_not_tried_again(committed: None) -> None:
    write, tries = failing(1, psycopg.errors.QueryCanceled)
    with pytest.raises(OperationalError):
        once_more(write)()
    assert len(tries) == 1
    write, tries = failing(1, psycopg.errors.DeadlockDetected)
    with pytest.raises(OperationalError), transaction.atomic():
        assert connection.in_atomic_block
        once_more(write)()
    assert len(tries) == 1
