"""What goes back: refunds of such orders, and money that the bank takes back from us."""

import uuid

import pytest

from accounts.models import User
from wallet.models import BankTransfer, GiveBack, Purchase, Refund
from wallet.refunds import requests, sending
from wallet.tests.transfers.stage import (
    books_hold,
    came,
    coins_of,
    credit,
    fresh,
    held,
    order,
    paid,
    take,
    work,
)
from wallet.transfers import giving_back, review

pytestmark = pytest.mark.django_db


def reverse(transfer: BankTransfer, **more: str) -> None:
    """Let the bank take a transfer back, and the worker know."""
    words = more.get("words", transfer.words)
    ref = more.get("ref", transfer.bank_reference)
    take(credit(transfer.amount_minor, words, ref=ref, debit=True, reversal=True))
    work()
    transfer.refresh_from_db()


def test_a_refund_goes_back_by_transfer(alice: User, dana: User, erin: User) -> None:
    before = coins_of(alice)
    purchase = paid(alice)
    refund = requests.withdraw(purchase=purchase, key=uuid.uuid4())
    sending.send_due()
    sending.send_due()
    back = GiveBack.objects.get(refund=refund)
    refund.refresh_from_db()
    assert (refund.state, back.amount_minor) == (Refund.State.SENT, purchase.total_minor)
    giving_back.order(give_back=back, by=dana)
    giving_back.confirm(give_back=back, by=erin)
    work()
    refund.refresh_from_db()
    assert refund.state == Refund.State.DONE
    assert (held("bank"), held("clearing:bank_transfer"), coins_of(alice)) == (0, 0, before)
    books_hold()


def test_money_taken_back_before_the_rest_came_is_not_counted(alice: User) -> None:
    purchase = order(alice)
    transfer = came(purchase, 400)
    reverse(transfer)
    assert transfer.state == BankTransfer.State.REVERSED
    assert (held("owed_payers"), held("bank"), held("clearing:bank_transfer")) == (0, 0, 0)
    came(purchase, purchase.total_minor - 400)
    assert fresh(purchase).state == Purchase.State.PENDING
    books_hold()


def test_money_taken_back_from_a_paid_order_is_told_to_staff(alice: User, dana: User) -> None:
    before = coins_of(alice)
    purchase = order(alice)
    transfer = came(purchase)
    reverse(transfer)
    assert fresh(purchase).state == Purchase.State.PAID
    assert "took its transfer back" in fresh(purchase).needs_attention
    assert (held("bank"), held("clearing:bank_transfer")) == (0, purchase.total_minor)
    books_hold()
    # Staff refund it: the coins go, and nothing is sent, for the bank took the money already.
    refund = requests.give_back(
        purchase=purchase,
        key=uuid.uuid4(),
        amount_minor=purchase.total_minor,
        by=dana,
        note="Taken back by the bank",
    )
    sending.send_due()
    refund.refresh_from_db()
    assert (refund.state, GiveBack.objects.get().state) == ("done", GiveBack.State.COVERED)
    assert (coins_of(alice), held("clearing:bank_transfer")) == (before, 0)
    books_hold()


def test_a_reversal_credits_nobody_and_counts_once(alice: User) -> None:
    purchase = order(alice)
    transfer = came(purchase, purchase.total_minor + 100)
    back = credit(transfer.amount_minor, transfer.words, ref="REV-1", debit=True, reversal=True)
    first, second = take(back), take(back, credit(1, "other", ref="O-1"))
    work()
    assert (first.reversed, second.reversed, second.repeated) == (1, 0, 1)
    assert transfer.given_back.get().state == GiveBack.State.COVERED
    assert held("bank") == 1
    books_hold()


def test_in_one_file_it_comes_and_goes(alice: User) -> None:
    purchase = order(alice)
    ref = purchase.provider_reference
    take(
        credit(purchase.total_minor, ref, ref="B-1"),
        credit(purchase.total_minor, ref, ref="B-1", debit=True, reversal=True),
    )
    work()
    assert fresh(purchase).state in Purchase.OPEN
    assert held("bank") == 0
    books_hold()


def test_a_reversal_that_fits_nothing_is_told(alice: User, dana: User) -> None:
    purchase = order(alice)
    transfer = came(purchase)
    told = take(credit(transfer.amount_minor, "unknown", ref="X", debit=True, reversal=True))
    assert "can't be found" in told.attention
    review.take_back(transfer=transfer, by=dana, reason="Row 1 of the statement of Friday")
    assert BankTransfer.objects.get(pk=transfer.pk).state == BankTransfer.State.REVERSED
    books_hold()


def test_a_return_of_our_own_payment_is_no_fans_money(alice: User) -> None:
    purchase = order(alice)
    reason = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    transfer = came(purchase, extra=reason)
    assert (transfer.state, transfer.why) == ("review", "returned")
    assert fresh(purchase).state in Purchase.OPEN
