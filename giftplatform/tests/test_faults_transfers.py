"""Statements misbehave while fans pay by transfer: named twice, overlapping, taken back, in another
currency; workers die in the middle; two people upload one file at the same moment.

In the end each order that was paid is credited once, and the bank's money is ours to the cent.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from giftplatform.tests.proof import size
from ledger.checks import run as check_books
from payouts.statements import files
from testing.threads import PATIENCE_S, Meeting, side_by_side, together
from wallet.models import BankTransfer, Purchase, TransferStatement
from wallet.tests.transfers.stage import camt, credit, fresh, held, order, take, work
from wallet.transfers import booking, intake, matching
from wallet.transfers.rules import decide

Record = Callable[[str, object], None]
State = Purchase.State
ORDERS = size(12, 200)
JOINED = timedelta(days=400)


def fan(name: str) -> User:
    """Return somebody who may buy much."""
    return person(name, country="DE", date_joined=timezone.now() - JOINED)


KINDS = ("exact", "parts", "twice", "other currency", "reversed", "nothing")
WHOLE = {"exact", "parts", "twice"}


def bookings(each: Purchase, kind: str) -> list[str]:
    """Return what the bank books about an order."""
    total, ref, name = each.total_minor, each.provider_reference, f"B{each.pk}"
    exact = credit(total, ref.lower(), ref=name)
    match kind:
        case "exact":
            return [exact]
        case "parts":
            return [credit(total - 1, ref, ref=name), credit(1, ref, ref=f"{name}-2")]
        case "twice":  # named twice by one booking, and by two
            return [exact, exact, credit(total, ref, ref=f"{name}-2")]
        case "other currency":
            return [credit(total, ref, ref=name, currency="USD")]
        case "reversed":
            return [exact, credit(total, ref, ref=name, debit=True, reversal=True)]
    return []


def read_badly(entries: list[str], chance: random.Random) -> None:
    """Read statements that overlap and say things in any order, and in the end all of it."""
    for _ in range(6):
        some = [entry for entry in entries if chance.random() < 0.7]
        chance.shuffle(some)
        take(*[one for one in some if "<RvslInd>" not in one])
        if chance.random() < 0.5:
            work()
    take(*entries)
    for _ in range(3):
        work()


@pytest.mark.parametrize("seed", range(size(1, 4)))
def test_whatever_statements_say_each_order_is_credited_once(
    db: None, seed: int, record_property: Record
) -> None:
    chance = random.Random(seed)
    orders = [order(fan(f"payer{number}"), 100 + number) for number in range(ORDERS)]
    kinds = {each.pk: chance.choice(KINDS) for each in orders}
    read_badly([row for each in orders for row in bookings(each, kinds[each.pk])], chance)
    paid = [each for each in orders if fresh(each).state == State.PAID]
    # What was paid before the bank took it back stays paid, and staff are told.
    gone = {each.pk for each in paid if each.transfers.filter(state="reversed").exists()}
    whole = {pk for pk, kind in kinds.items() if kind in WHOLE}
    assert {each.pk for each in paid} == whole | gone
    assert ledger.balance("coins_issued", "COIN") == sum(each.coins for each in paid)
    live = BankTransfer.objects.filter(currency="EUR").exclude(state="reversed")
    assert held("bank") == live.aggregate(sum=Sum("amount_minor"))["sum"]
    assert check_books() == []
    record_property("orders", ORDERS)
    record_property("bookings", BankTransfer.objects.count())
    for name, count in sorted(Counter(kinds.values()).items()):
        record_property(name, count)


class Killed(BaseException):
    """The end of a worker, which no handler of errors holds up."""


def killed_at_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker take transfers, and die in the middle of its second one."""
    real, second, gone, backends = booking.used, Event(), Event(), list[int]()

    def used(transfer: BankTransfer, minor: int) -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backends.append(cursor.fetchone()[0])
        if len(backends) == 2:
            second.set()
            assert gone.wait(PATIENCE_S)
            raise Killed
        return real(transfer, minor)

    def kill() -> None:
        assert second.wait(PATIENCE_S)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 60000)", [backends[-1]])
        gone.set()

    BankTransfer.objects.exclude(due_at=None).update(due_at=Now())
    with monkeypatch.context() as patch:
        patch.setattr(booking, "used", used)
        side_by_side(matching.work_off, kill, returned=Killed)


def test_a_worker_dies_in_the_middle_of_a_statement(
    committed: None, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    orders = [order(fan(f"payer{number}"), 100) for number in range(ORDERS)]
    take(*[credit(each.total_minor, each.provider_reference) for each in orders])
    killed_at_the_second(monkeypatch)
    assert BankTransfer.objects.filter(state="new").count() == ORDERS - 1
    killed_at_the_second(monkeypatch)
    left = BankTransfer.objects.filter(state="new").count()
    assert left == ORDERS - 2
    for _ in range(2):
        work()
    assert {fresh(each).state for each in orders} == {State.PAID}
    assert ledger.balance("coins_issued", "COIN") == 100 * ORDERS
    assert held("bank") == sum(each.total_minor for each in orders)
    assert check_books() == []
    record_property("transfers", ORDERS)
    record_property("left by two workers that died", left)


def upload_at_once(people: list[User]) -> tuple[Purchase, list[Any]]:
    """Let people upload one statement at the same moment."""
    each = order(fan(f"payer{people[0].pk}"), 100)
    content = camt(credit(each.total_minor, each.provider_reference, ref=f"B{each.pk}"))
    taken = together(lambda n: files.take(content=content, by=people[n]), len(people))
    work()
    return fresh(each), taken


def test_two_people_upload_one_file_at_the_same_moment(
    committed: None, record_property: Record
) -> None:
    turns = size(3, 30)
    for turn in range(turns):
        people = [person(f"staff{turn}{n}", is_staff=True) for n in range(2)]
        bought, taken = upload_at_once(people)
        assert sorted(one.new for one in taken) == [False, True]
        assert bought.transfers.count() == 1
        assert bought.state == State.PAID
    assert held("bank") == sum(t.amount_minor for t in BankTransfer.objects.all())
    assert check_books() == []
    record_property("files uploaded twice at once", turns)


def test_control_without_hash_and_key_the_money_comes_twice(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, number = intake._take, iter(range(1_000))

    def unguarded(statement: Any, sha256: str, *rest: Any) -> TransferStatement:
        return real(statement, f"{sha256[:60]}{next(number):04}", *rest)

    monkeypatch.setattr(intake, "_take", unguarded)
    monkeypatch.setattr(intake._Keys, "of", lambda self, row: f"free:{next(number)}")
    people = [person(f"staff{n}", is_staff=True) for n in range(2)]
    bought, _taken = upload_at_once(people)
    assert held("bank") == 2 * bought.total_minor


def pay_twice_at_once(name: str) -> Purchase:
    """Let two workers find two transfers of the full price at the same moment."""
    each = order(fan(name), 100)
    total, ref = each.total_minor, each.provider_reference
    take(credit(total, ref, ref=f"{name}1"), credit(total, ref, ref=f"{name}2"))
    both = list(BankTransfer.objects.filter(state="new").order_by("pk"))
    together(lambda n: matching.take_one(both[n]), returned=DatabaseError)
    return fresh(each)


def test_two_workers_count_no_more_than_the_price(committed: None) -> None:
    for turn in range(size(3, 30)):
        each = pay_twice_at_once(f"twice{turn}")
        used = each.transfers.aggregate(sum=Sum("used_minor"))["sum"]
        assert used == each.total_minor
        assert sorted(t.state for t in each.transfers.all()) == ["owed", "used"]


def test_control_without_the_orders_lock_both_are_counted(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay_twice_at_once("first")  # opens the accounts, for which the second would wait
    both = Meeting()

    def met(facts: Any) -> Any:
        both.wait()
        return decide(facts)

    monkeypatch.setattr(matching, "lock_order", lambda pk: Purchase.objects.get(pk=pk))
    monkeypatch.setattr(matching, "decide", met)
    each = pay_twice_at_once("twice")
    assert each.transfers.aggregate(sum=Sum("used_minor"))["sum"] == 2 * each.total_minor
