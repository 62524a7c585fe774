"""Races over the same coins: gifts, refunds and what the provider tells; each with its control."""

import uuid
from typing import Any

import pytest
from django.db.models import QuerySet

import ledger
from accounts.models import User
from conftest import person
from foundation.errors import DomainError
from ledger.checks import run as check_books
from testing.threads import Meeting, meet_after, side_by_side, together
from wallet.models import Purchase, Refund, SandboxPayment, SandboxRefund
from wallet.purchases import settlement
from wallet.refunds import booking, refusals, requests, sending
from wallet.tests.stage import paid, spend

ROUNDS = 25
COINS = 100


def race(fan: User) -> tuple[int, int]:
    """Spend, return and spend again at the same moment; return the coins spent and returned."""
    purchase = paid(fan, COINS)
    acts = [
        lambda: spend(fan, 60),
        lambda: requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=60),
        lambda: requests.withdraw(purchase=purchase, key=uuid.uuid4()),
        sending.send_due,
    ]
    side_by_side(*acts, returned=DomainError)
    sending.send_due()
    purchase.refresh_from_db()
    spent = COINS - purchase.returned_coins - ledger.balance("coins", "COIN", fan.pk)
    return spent, purchase.returned_coins


def test_refunded_and_spent_are_never_more_than_bought(committed: None) -> None:
    for turn in range(ROUNDS):
        spent, returned = race(person(f"racer{turn}"))
        assert spent + returned <= COINS
        assert spent in {0, 60}
    assert check_books() == []


def test_two_refunds_at_once_never_share_a_coin(committed: None) -> None:
    purchase = paid(person("twice"), COINS)
    answers = together(
        lambda n: requests.withdraw(purchase=purchase, key=uuid.uuid4()), 4, returned=DomainError
    )
    refused = [answer for answer in answers if isinstance(answer, refusals.NothingUnused)]
    assert (Refund.objects.count(), len(refused)) == (1, 3)
    assert check_books() == []


def test_control_without_locks_two_refunds_share_the_coins_and_a_constraint_holds(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = paid(person("unlocked"), COINS)
    meet_after(monkeypatch, requests, "returnable")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    monkeypatch.setattr(requests, "lock_coins", lambda user_id: None)
    answers = together(
        lambda n: requests.withdraw(purchase=purchase, key=uuid.uuid4()), 2, returned=Exception
    )
    # Both reckoned with the same coins; the guarded account lets only one have them.
    assert sorted(type(answer).__name__ for answer in answers) == ["NotEnough", "Refund"]


def told_at_once(fan: User) -> int:
    """Let several workers find one refund that was made at the provider; return how many rows."""
    purchase = paid(fan, COINS)
    payment = SandboxPayment.objects.get(pk=purchase.provider_reference)
    SandboxRefund.objects.create(payment=payment, amount_minor=purchase.total_minor // 4)
    together(
        lambda n: settlement.inspect(Purchase.objects.get(pk=purchase.pk)), 4, returned=Exception
    )
    return Refund.objects.filter(purchase=purchase).count()


def test_a_refund_made_there_is_booked_once_however_many_workers_see_it(committed: None) -> None:
    assert told_at_once(person("watched")) == 1
    assert check_books() == []


def test_the_answer_and_the_report_of_one_refund_book_it_once(committed: None) -> None:
    purchase = paid(person("both"), COINS)
    refund = requests.withdraw(purchase=purchase, key=uuid.uuid4())
    side_by_side(
        lambda: sending.send(Refund.objects.select_related("purchase").get(pk=refund.pk)),
        lambda: settlement.inspect(Purchase.objects.get(pk=purchase.pk)),
        lambda: sending.send(Refund.objects.select_related("purchase").get(pk=refund.pk)),
        returned=DomainError,
    )
    refund.refresh_from_db()
    assert refund.state == Refund.State.DONE
    assert check_books() == []


def test_control_without_guards_one_refund_is_booked_twice(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = paid(person("doubled"), 2 * COINS)
    refund = requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=50)
    requests.withdraw(purchase=purchase, key=uuid.uuid4(), coins=50)
    everybody = Meeting()

    def unconditional(self: Refund, to: str, **changes: Any) -> None:
        everybody.wait()
        Refund.objects.filter(pk=self.pk).update(state=to, **changes)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    monkeypatch.setattr("wallet.refunds.sending.lock_coins", lambda user_id: None)
    monkeypatch.setattr(Refund, "move", unconditional)
    monkeypatch.setattr(booking, "posting_key", lambda _: f"refund:{uuid.uuid4()}")
    together(
        lambda n: sending.send(Refund.objects.select_related("purchase").get(pk=refund.pk)),
        2,
        returned=Exception,
    )
    purchase.refresh_from_db()
    assert purchase.returned_coins == 100  # of a refund of 50
