"""Races over the coins of a disputed order; each with its control, without our locks."""

import uuid

import pytest
from django.db import IntegrityError, transaction

import ledger
from accounts.models import User
from conftest import person
from foundation.errors import DomainError
from testing.threads import Meeting, meet_after, side_by_side, together
from wallet.disputes import reports
from wallet.disputes.refusals import DisputeOpen
from wallet.models import Dispute, Purchase
from wallet.providers import registry
from wallet.purchases import buying, settlement
from wallet.refunds import requests, sending
from wallet.tests.disputes.stage import audit, complain, disputed
from wallet.tests.stage import paid, spend

ROUNDS = 8
COINS = 100


def race(fan: User) -> tuple[int, int, int]:
    """Spend, refund and dispute at the same moment; return the coins spent, returned and held."""
    purchase = paid(fan, COINS)
    complain(purchase)
    acts = [
        lambda: spend(fan, 60),
        lambda: requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=60),
        lambda: settlement.inspect(Purchase.objects.get(pk=purchase.pk)),
        sending.send_due,
    ]
    side_by_side(*acts, returned=DomainError)
    purchase.refresh_from_db()
    left = ledger.balance("coins", "COIN", fan.pk)
    held = Dispute.objects.get(purchase=purchase).held_coins
    returned = purchase.returned_coins + purchase.held_coins - held
    return COINS - left - returned - held, returned, held


def test_spent_refunded_and_frozen_are_never_more_than_bought(committed: None) -> None:
    for turn in range(ROUNDS):
        spent, returned, held = race(person(f"racer{turn}"))
        assert spent in {0, 60}
        assert returned in {0, 60}
        assert spent + returned + held == COINS
    audit()


def spend_while_it_is_opened(fan: User, patch: pytest.MonkeyPatch) -> list[object]:
    """Spend when the unspent coins were counted, and before they are put on hold."""
    purchase = paid(fan, COINS)
    complain(purchase)
    counted, spent = Meeting(), Meeting()
    meet_after(patch, reports, "unused_coins", counted)
    meet_after(patch, reports, "unused_coins", spent)

    def spend_between() -> str:
        counted.wait()
        key = spend(fan, 60)
        spent.wait()
        return key

    return side_by_side(
        lambda: settlement.inspect(Purchase.objects.get(pk=purchase.pk)),
        spend_between,
        returned=DomainError,
    )


def test_coins_that_are_counted_as_unspent_are_not_spent_meanwhile(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled, spent = spend_while_it_is_opened(person("locked"), monkeypatch)
    assert isinstance(settled, Purchase)
    assert isinstance(spent, ledger.NotEnough)
    assert Dispute.objects.get().held_coins == COINS
    audit()


def test_control_without_the_lock_they_are_spent_and_the_dispute_is_not_booked(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "lock_coins", lambda user_id: None)
    settled, spent = spend_while_it_is_opened(person("unlocked"), monkeypatch)
    assert isinstance(settled, ledger.NotEnough), "the guarded account refuses"
    assert isinstance(spent, str)
    assert not Dispute.objects.exists()
    audit()


def opened_at_once(fan: User) -> list[object]:
    purchase = paid(fan, COINS)
    complain(purchase)
    return together(
        lambda n: settlement.inspect(Purchase.objects.get(pk=purchase.pk)), 4, returned=Exception
    )


def test_however_many_workers_hear_of_it_a_dispute_is_booked_once(committed: None) -> None:
    for turn in range(5):
        assert {type(each) for each in opened_at_once(person(f"heard{turn}"))} == {Purchase}
    assert Dispute.objects.count() == 5
    audit()


def test_control_without_the_orders_lock_workers_collide_and_a_constraint_holds(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = paid(person("collider"), COINS)
    complain(purchase)
    told = registry.named("sandbox").fetch(purchase.provider_reference).disputes
    meet_after(monkeypatch, reports, "_known")
    monkeypatch.setattr(reports, "lock_coins", lambda user_id: None)
    book = transaction.atomic(reports.reported)
    answers = together(lambda n: book(purchase, told), 2, returned=IntegrityError)
    assert sorted(type(each).__name__ for each in answers) == ["IntegrityError", "NoneType"]
    audit()


def test_who_orders_while_the_dispute_is_opened_is_refused_or_was_first(committed: None) -> None:
    fan = person("both")
    purchase = paid(fan, COINS)
    complain(purchase)
    answers = side_by_side(
        lambda: settlement.inspect(Purchase.objects.get(pk=purchase.pk)),
        lambda: buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=COINS),
        returned=DomainError,
    )
    assert isinstance(answers[1], (DisputeOpen, Purchase))
    with pytest.raises(DisputeOpen):
        buying.buy(user=fan, key=uuid.uuid4(), method="card", coins=COINS)


def test_two_disputes_of_one_order_at_once_share_its_coins(committed: None) -> None:
    purchase = paid(person("twice"), COINS)
    half = purchase.total_minor // 2
    disputed(purchase, amount_minor=half)
    complain(purchase, amount_minor=half)
    together(lambda n: settlement.inspect(Purchase.objects.get(pk=purchase.pk)), 3)
    assert sum(Dispute.objects.values_list("held_coins", flat=True)) <= COINS
    audit()
