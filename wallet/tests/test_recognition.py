"""Spent coins become revenue exactly once, oldest purchase first, to the last minor unit."""

import itertools
import uuid
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ledger
from accounts.models import User
from conftest import person
from ledger.checks import run as check_books
from testing.threads import PATIENCE_S, Meeting, side_by_side
from wallet.coins import recognition
from wallet.models import Purchase
from wallet.refunds import requests
from wallet.tests.stage import paid, spend


def recognised(fan: User) -> list[tuple[int, int]]:
    mine = Purchase.objects.filter(user=fan).order_by("id")
    return list(mine.values_list("recognised_coins", "recognised_minor"))


@pytest.mark.django_db
def test_nothing_spent_is_nothing_earned(carol: User) -> None:
    paid(carol)
    assert recognition.recognise() == {}
    assert ledger.balance("unearned", "EUR") == 974


@pytest.mark.django_db
def test_what_was_spent_is_earned_in_proportion_and_once(carol: User) -> None:
    paid(carol)
    spend(carol, 333)
    assert recognition.recognise() == {"EUR": 974 * 333 // 1_000}
    assert recognition.recognise() == {}
    assert ledger.balance("gift_revenue", "EUR") == 324
    assert ledger.balance("unearned", "EUR") == 974 - 324
    assert check_books() == []


@pytest.mark.django_db
def test_the_last_coin_brings_the_rest(carol: User) -> None:
    paid(carol)
    for coins in (333, 333, 333, 1):
        spend(carol, coins)
        recognition.recognise()
    assert recognised(carol) == [(1_000, 974)]
    assert ledger.balance("unearned", "EUR") == 0


@pytest.mark.django_db
def test_the_oldest_purchase_is_spent_first(carol: User) -> None:
    paid(carol, 1_000)
    paid(carol, 500)
    spend(carol, 600)
    recognition.recognise()
    assert [coins for coins, _ in recognised(carol)] == [600, 0]
    spend(carol, 700)
    recognition.recognise()
    assert [coins for coins, _ in recognised(carol)] == [1_000, 300]
    assert check_books() == []


@pytest.mark.django_db
def test_coins_set_aside_are_not_spent(carol: User) -> None:
    requests.withdraw(purchase=paid(carol), key=uuid.uuid4(), coins=400)
    assert recognition.recognise() == {}


@pytest.mark.django_db
def test_a_gift_taken_back_takes_the_revenue_back(carol: User) -> None:
    paid(carol)
    key = spend(carol, 500)
    assert recognition.recognise() == {"EUR": 487}
    ledger.post_one(key="undo", kind="undo", reverses=key)
    assert recognition.recognise() == {"EUR": -487}
    assert recognised(carol) == [(0, 0)]
    assert ledger.balance("gift_revenue", "EUR") == 0
    assert check_books() == []


@pytest.mark.django_db
def test_each_currency_has_its_own_posting(carol: User) -> None:
    paid(carol)
    american = person("adam", country="US")
    paid(american)
    spend(carol, 100)
    spend(american, 100)
    assert recognition.recognise() == {"EUR": 97, "USD": 106}
    assert check_books() == []


@pytest.mark.django_db
@settings(max_examples=15)
@given(st.lists(st.one_of(st.sampled_from([100, 300]), st.integers(-400, -1)), max_size=8))
def test_unearned_is_always_the_unspent_part(steps: list[int]) -> None:
    """Whatever is bought and spent in whatever order, the ledger agrees after every recognition."""
    fan = person(f"any{uuid.uuid4().hex[:8]}")
    for step in steps:
        left = ledger.balance("coins", "COIN", fan.pk)
        if step > 0:
            paid(fan, step)
        elif left:
            spend(fan, min(-step, left))
        recognition.recognise()
        assert check_books() == []
    bought = sum(Purchase.objects.filter(user=fan).values_list("coins", flat=True))
    left = ledger.balance("coins", "COIN", fan.pk)
    assert sum(coins for coins, _ in recognised(fan)) == bought - left


def overlapping_runs(fan: User, monkeypatch: pytest.MonkeyPatch) -> int:
    """Start a run, spend more while it writes, start another one; return the revenue booked."""
    real = recognition.order

    first_writes, both = Event(), Meeting()

    def wait_then_order(*args: Any) -> ledger.Order:
        first_writes.set()
        both.wait()
        return real(*args)

    def spend_then_run() -> dict[str, int]:
        assert first_writes.wait(PATIENCE_S)
        spend(fan, 100)
        return recognition.recognise()

    paid(fan)
    spend(fan, 500)
    monkeypatch.setattr(recognition, "order", wait_then_order)
    side_by_side(recognition.recognise, spend_then_run, returned=Exception)
    return ledger.balance("gift_revenue", "EUR")


def test_runs_that_overlap_book_each_coin_once(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert overlapping_runs(person("twice"), monkeypatch) == 974 * 600 // 1_000


def test_control_without_the_lock_runs_that_overlap_book_coins_twice(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks = itertools.count(1)
    # Each run takes a lock of its own: as good as none.
    monkeypatch.setattr(recognition, "lock_number", lambda: next(locks))
    assert overlapping_runs(person("unlocked"), monkeypatch) > 974 * 600 // 1_000
