"""Histories and statements: a page costs what it holds, and its balances are what they were."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import ledger
from accounts.models import User
from conftest import give_coins, person
from gifts.sending.services import send_gift, undo_gift
from ledger import statements
from ledger.cursors import Cursor, read
from ledger.models import Account
from live.models import Stream
from wallet.coins import history


def account(kind: str, unit: str, owner: User | None = None) -> Account:
    return Account.objects.get(pk=ledger.account_id(kind, unit, owner.pk if owner else None))


def whole_history(fan: User, size: int) -> list[history.Entry]:
    return whole(lambda before: history.page(fan, before=before, limit=size), "entries", size)


def whole_statement(of: Account, size: int) -> list[statements.Line]:
    return whole(lambda before: statements.page(of, before=before, limit=size), "lines", size)


def whole(page_at: Callable[[str], Any], rows: str, size: int) -> list[Any]:
    """Return the rows of all pages; all but the last page are full."""
    found, before = [], ""
    while True:
        page = page_at(before)
        found += getattr(page, rows)
        if page.before is None:
            return found
        assert len(getattr(page, rows)) == size
        before = page.before


@pytest.fixture
def busy(alice: User, stream: Stream) -> User:
    """Alice, with bonus coins that pay a part of a gift, another gift, and one taken back."""
    issued = ledger.account_id("bonus_issued", "COIN")
    bonus = ledger.account_id("bonus_coins", "COIN", alice.pk)
    leg = ledger.Leg("COIN", issued, bonus, 10)
    ledger.post_one(key="bonus:1", kind="bonus", legs=[leg])
    for _ in range(2):
        send_gift(fan=alice, stream=stream, gift="moss-frog", key=uuid4())
    gone = send_gift(fan=alice, stream=stream, gift="pebble", key=uuid4()).gift
    undo_gift(fan=alice, key=gone.public_id)
    return alice


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_of_a_history_tell_one_story(busy: User, size: int) -> None:
    entries = whole_history(busy, size)
    assert [(e.kind, e.coins, e.balance) for e in entries] == [
        ("undo", 1, 4_960),
        ("gift", -1, 4_959),
        ("gift", -25, 4_960),
        ("gift", -25, 4_985),
        ("bonus", 10, 5_010),
        ("test", 5_000, 5_000),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_of_a_statement_tell_one_story(busy: User, size: int) -> None:
    lines = whole_statement(account("coins_spent", "COIN"), size)
    assert [(line.change, line.balance) for line in lines] == [
        (-1, 50),
        (1, 51),
        (25, 50),
        # Bonus coins went first: the gift was paid from two accounts, in two lines.
        *([(15, 25), (10, 10)] if lines[3].change == 15 else [(10, 25), (15, 15)]),
    ]
    assert [line.balance for line in whole_statement(account("bonus_coins", "COIN", busy), size)]


@pytest.mark.django_db
def test_a_page_does_not_read_what_lies_above_or_beneath(busy: User) -> None:
    """However long the history is, the queries have a limit for each side of each account."""
    with CaptureQueriesContext(connection) as queries:
        page = history.page(busy, limit=2)
        history.page(busy, before=page.before or "", limit=2)
    assert len(queries) == 2


@pytest.mark.django_db
def test_a_cursor_that_was_tampered_with_leads_to_the_top(busy: User) -> None:
    before = history.page(busy, limit=2).before or ""
    top = history.page(busy, limit=2)
    assert history.page(busy, before=before[:-1] + "_", limit=2) == top
    assert history.page(busy, before="12345", limit=2) == top


@pytest.mark.django_db
def test_nobody_is_shown_a_balance_with_another_persons_cursor(busy: User, carol: User) -> None:
    give_coins(carol, 7)
    before = history.page(busy, limit=2).before or ""
    assert [entry.balance for entry in history.page(carol, before=before).entries] == [7]


def test_a_cursor_comes_back_as_it_went() -> None:
    cursor = Cursor(12, 34, -56, ["789"])
    assert read(cursor.signed("a"), "a") == cursor
    assert read(cursor.signed("a"), "b") == Cursor()


@contextmanager
def a_gift_of_coins_that_waits(user: User, coins: int) -> Iterator[threading.Event]:
    """Post in another connection, commit when the event is set, and only then go on."""
    written, commit = threading.Event(), threading.Event()

    def post() -> None:
        try:
            with transaction.atomic():
                give_coins(user, coins)
                written.set()
                commit.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=post)
    thread.start()
    assert written.wait(20)
    try:
        yield commit
    finally:
        commit.set()
        thread.join()


def test_what_commits_between_two_pages_is_in_the_balances_of_the_second(committed: None) -> None:
    """An open account is never locked: an earlier line can appear beneath a page just read."""
    early, late, last = (person(name) for name in ("early", "late", "last"))
    give_coins(early, 5)
    issued = account("coins_issued", "COIN")
    with a_gift_of_coins_that_waits(late, 7) as commit:
        give_coins(last, 11)
        first = statements.page(issued, limit=1)
        assert [(line.change, line.balance) for line in first.lines] == [(11, 16)]
        commit.set()
    second = statements.page(issued, before=first.before or "", limit=5)
    assert [(line.change, line.balance) for line in second.lines] == [(7, 12), (5, 5)]
