"""The shop's proofs: each one is seen to find its breach."""

import pytest

import ledger
from accounts.models import User
from ledger import tasks
from ledger.checks import run as check_books
from ledger.models import LedgerCheck
from ledger.sources import postings_have_their_rows
from wallet.checks import (
    purchases_stand_where_their_steps_lead,
    sandbox_holds_what_we_cleared,
    unearned_is_what_was_not_spent,
)
from wallet.models import Purchase, SandboxPayment
from wallet.purchases.capturing import capture_legs
from wallet.tests.stage import order, paid

pytestmark = pytest.mark.django_db


def test_the_ledger_balances_and_the_check_is_kept(carol: User) -> None:
    paid(carol)
    tasks.check()
    assert LedgerCheck.objects.get().ok
    assert not LedgerCheck.found_breach()


def test_a_captured_purchase_without_posting_is_found(carol: User) -> None:
    purchase = order(carol)
    Purchase.objects.filter(pk=purchase.pk).update(state="paid", captured_at=purchase.created_at)
    assert [b.invariant for b in postings_have_their_rows()] == [6]
    tasks.check()
    assert LedgerCheck.found_breach()


def test_an_order_paid_before_it_was_started_is_found(carol: User) -> None:
    purchase = paid(carol)
    assert not list(purchases_stand_where_their_steps_lead())
    purchase.events.filter(state="started").delete()
    found = list(purchases_stand_where_their_steps_lead())
    assert [b.sentence for b in found] == [
        "An order was paid before it was started, and not by a prepaid card."
    ]


def test_a_posting_without_captured_purchase_is_found(carol: User) -> None:
    purchase = order(carol)
    ledger.post_one(
        key=f"purchase:{purchase.public_id}", kind="purchase", legs=capture_legs([purchase])[0]
    )
    assert [b.invariant for b in postings_have_their_rows()] == [6]


def test_a_posting_of_other_amounts_is_found(carol: User) -> None:
    purchase = order(carol)
    legs = [leg for leg in capture_legs([purchase])[0] if leg.amount != purchase.tax_minor]
    ledger.post_one(key=f"purchase:{purchase.public_id}", kind="purchase", legs=legs)
    Purchase.objects.filter(pk=purchase.pk).update(state="paid", captured_at=purchase.created_at)
    assert [b.invariant for b in postings_have_their_rows()] == [6]


def test_revenue_that_was_not_booked_is_found(carol: User) -> None:
    Purchase.objects.filter(pk=paid(carol).pk).update(recognised_coins=10, recognised_minor=10)
    assert [b.invariant for b in unearned_is_what_was_not_spent()] == [12]


def test_money_the_provider_does_not_have_is_found(carol: User) -> None:
    paid(carol)
    assert list(sandbox_holds_what_we_cleared()) == []
    SandboxPayment.objects.update(state="declined")
    assert [b.invariant for b in sandbox_holds_what_we_cleared()] == [13]
    assert [b.invariant for b in check_books()] == [13]
