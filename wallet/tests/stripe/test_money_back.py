"""Refunds and disputes through Stripe, to the end: coins, ledger and Stripe's balance agree."""

import uuid

import pytest

import ledger
from accounts.models import User
from ledger.checks import run as check_books
from stripe_standin.server import Standin
from wallet import tasks
from wallet.models import Dispute, ProviderMovement, Purchase, Refund
from wallet.purchases import settlement
from wallet.refunds import requests, sending
from wallet.tests.stage import spend
from wallet.tests.stripe.stage import charge, paid

pytestmark = pytest.mark.django_db


def agrees(standin: Standin) -> None:
    """Everything is explained, and clearing is Stripe's balance to the cent."""
    tasks.reconcile()
    assert ledger.balance("clearing:stripe", "EUR") == standin.account.balances()["eur"]
    assert not ProviderMovement.objects.filter(booked_at=None).exists()
    assert check_books() == []


def inspected(purchase: Purchase) -> Purchase:
    return settlement.inspect(Purchase.objects.get(pk=purchase.pk))


def test_unused_coins_go_back_through_stripe(standin: Standin, carol: User) -> None:
    purchase = paid(standin, carol, 1_000)
    spend(carol, 333)
    refund = requests.withdraw(purchase=purchase, key=uuid.uuid4())
    assert sending.send_due() == 1
    refund.refresh_from_db()
    assert (refund.state, refund.coins) == (Refund.State.DONE, 667)
    agrees(standin)


def test_a_refund_from_stripes_dashboard_and_one_of_ours_never_pass_the_price(
    standin: Standin, carol: User
) -> None:
    purchase = paid(standin, carol, 1_000)
    standin.account.give_back(charge(standin, purchase), purchase.total_minor - 100, {})
    late = requests.withdraw(purchase=purchase, key=uuid.uuid4())  # before we have heard of it
    sending.send_due()
    late.refresh_from_db()
    assert late.state == Refund.State.FAILED
    assert inspected(purchase).returned_coins > 900
    agrees(standin)


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_at_stripe_moves_what_its_book_says(
    standin: Standin, carol: User, won: bool
) -> None:
    purchase = paid(standin, carol, 1_000)
    spend(carol, 400)
    opened = standin.account.open_dispute(charge(standin, purchase))
    assert inspected(purchase).held_coins == 600
    assert ledger.balance("coins", "COIN", carol.pk) == 0
    agrees(standin)
    standin.account.close_dispute(opened, won=won)
    inspected(purchase)
    assert Dispute.objects.get().state == (Dispute.State.WON if won else Dispute.State.LOST)
    assert ledger.balance("coins", "COIN", carol.pk) == (600 if won else 0)
    agrees(standin)
