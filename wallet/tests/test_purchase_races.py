"""Races over one purchase; each has its control with the guards taken away."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

import ledger
from accounts.models import User
from conftest import person
from ledger.checks import run as check_books
from testing import threads
from testing.threads import Meeting, meet_after
from wallet.models import Purchase, SandboxPayment, WebhookEvent
from wallet.purchases import asking, buying, capturing, inbox, settlement
from wallet.tests.stage import order, press
from wallet.velocity import checking

RACERS = 6


def at_once(act: Callable[[], Any], times: int = RACERS) -> list[Any]:
    """Let several do the same at the same moment; return what each was told, errors too."""
    return threads.together(lambda n: act(), times, returned=Exception)


def settle_at_once(fan: User) -> tuple[list[Any], int]:
    """Let several workers find one captured payment; return their answers and the coins."""
    purchase = order(fan)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    results = at_once(lambda: settlement.inspect(Purchase.objects.get(pk=purchase.pk)))
    return results, ledger.balance("coins", "COIN", fan.pk)


def test_however_many_workers_look_the_coins_come_once(committed: None) -> None:
    for turn in range(5):
        results, coins = settle_at_once(person(f"racer{turn}"))
        assert [getattr(r, "state", r) for r in results] == ["paid"] * RACERS
        assert coins == 1_000


@contextmanager
def without_guards(monkeypatch: pytest.MonkeyPatch, *, ledger_key: bool) -> Iterator[None]:
    """Take away the row lock and the compare-and-set, and the ledger's key too if asked."""

    def unlocked(self: QuerySet[Any], **_: Any) -> QuerySet[Any]:
        return self.all()

    everybody = Meeting()

    def unconditional(purchases: list[Purchase], moments: list[datetime]) -> None:
        everybody.wait()
        for purchase, moment in zip(purchases, moments, strict=True):
            same = Purchase.objects.filter(pk=purchase.pk)
            same.update(state=Purchase.State.PAID, captured_at=moment)

    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", unlocked)
        patch.setattr(capturing, "move_to_paid", unconditional)
        if ledger_key:
            patch.setattr(capturing, "posting_key", lambda _: f"purchase:{uuid.uuid4()}")
        yield


def test_control_without_its_guards_the_race_doubles_coins(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan = person("control")
    purchase = order(fan)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    with without_guards(monkeypatch, ledger_key=True):
        at_once(lambda: settlement.inspect(Purchase.objects.get(pk=purchase.pk)))
    assert ledger.balance("coins", "COIN", fan.pk) > 1_000


def test_the_ledgers_key_alone_still_holds(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan = person("lastguard")
    purchase = order(fan)
    press(purchase, SandboxPayment.State.SUCCEEDED)
    with without_guards(monkeypatch, ledger_key=False):
        at_once(lambda: settlement.inspect(Purchase.objects.get(pk=purchase.pk)))
    assert ledger.balance("coins", "COIN", fan.pk) == 1_000


def test_however_often_the_button_is_pressed_at_once_there_is_one_order(committed: None) -> None:
    fan, key = person("presser"), uuid.uuid4()

    def press_button() -> int:
        return buying.buy(user=fan, key=key, method="card", coins=100).pk

    assert len(set(at_once(press_button))) == 1
    assert Purchase.objects.count() == 1


def two_tabs(fan: User) -> list[Any]:
    """Press buy for the same basket in several tabs at once, each with a key of its own."""

    def press_button() -> Purchase:
        return buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=100)

    return at_once(press_button)


def test_the_same_basket_in_several_tabs_at_once_is_one_order(committed: None) -> None:
    answers = two_tabs(person("tabs"))
    (placed,) = (answer for answer in answers if isinstance(answer, Purchase))
    refused = [answer for answer in answers if isinstance(answer, buying.OrderOpen)]
    assert len(refused) == RACERS - 1
    assert {refusal.purchase.pk for refusal in refused} == {placed.pk}


def test_control_without_the_fans_lock_only_the_constraint_keeps_one_order(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_after(monkeypatch, buying, "same_basket")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    answers = two_tabs(person("control"))
    assert any(isinstance(answer, IntegrityError) for answer in answers)
    assert Purchase.objects.count() == 1


def over_the_limit(fan: User) -> int:
    """Let orders that are allowed one by one come at once; return the coins ordered."""

    def buy(number: int) -> Purchase:
        return buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=2_500 - number)

    threads.together(buy, RACERS, returned=Exception)
    return sum(Purchase.objects.filter(user=fan).values_list("coins", flat=True))


def test_orders_at_once_stay_within_the_limit(committed: None) -> None:
    assert 4_900 < over_the_limit(person("saver")) <= 5_000


def test_control_without_the_fans_lock_the_limit_is_passed(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_after(monkeypatch, buying, "refuse_over_limit")
    assert 4_900 < over_the_limit(person("locked")) <= 5_000
    meet_after(monkeypatch, buying, "refuse_over_limit")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    assert over_the_limit(person("spender")) > 5_000


def test_workers_that_sweep_at_once_look_at_each_order_once(committed: None) -> None:
    fans = [person(f"fan{n}") for n in range(4)]
    for fan in fans:
        press(order(fan, 100), SandboxPayment.State.SUCCEEDED)
    Purchase.objects.update(due_at="2026-01-01T00:00:00Z")
    assert sum(at_once(settlement.sweep)) == len(fans)
    assert {ledger.balance("coins", "COIN", fan.pk) for fan in fans} == {100}


def settle_overlapping(name: str) -> tuple[list[Any], set[int]]:
    """Let workers whose leases are over settle batches that overlap, half of them backwards."""
    orders = [order(person(f"{name}{n}"), 100) for n in range(2 * RACERS)]
    for each in orders:
        press(each, SandboxPayment.State.SUCCEEDED)
    told = [(each, asking.ask(each)) for each in orders]

    def settle(n: int) -> None:
        mine = told[n : n + RACERS]
        settlement.settle(mine if n % 2 else mine[::-1])

    answers = threads.together(settle, RACERS, returned=Exception)
    return answers, {ledger.balance("coins", "COIN", each.user_id) for each in orders[:-1]}


def test_batches_that_overlap_credit_each_order_once(committed: None) -> None:
    answers, coins = settle_overlapping("batch")
    assert answers == [None] * RACERS
    assert coins == {100}
    assert check_books() == []


def test_control_without_locks_the_ledgers_key_alone_keeps_batches_apart(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes second is refused whole, and its worker settles one by one."""
    meet_after(monkeypatch, checking, "held")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    answers, _coins = settle_overlapping("unlocked")
    assert any(isinstance(answer, Exception) for answer in answers)
    assert check_books() == []


def test_two_readers_of_the_inbox_never_wait_for_each_other(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one order of locks: *deadlock detected*."""
    one, two = order(person("ines")), order(person("jana"))
    for number, purchase in enumerate((one, two, two, one)):
        WebhookEvent.objects.create(
            provider="sandbox",
            event_id=str(number),
            reference=purchase.provider_reference,
            body=b"",
        )
    monkeypatch.setattr(inbox, "BATCH", 2)
    meet_after(monkeypatch, inbox, "_made_due")
    assert at_once(inbox.read, 2) == [2, 2]
    assert set(WebhookEvent.objects.values_list("outcome", flat=True)) == {"inspected"}
