"""Stripe's book beside ours: every fee, payout and conversion once, to the cent."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

import ledger
from accounts.models import User
from conftest import person
from ledger.checks import run as check_books
from stripe_standin.faults import Kind as Fault
from stripe_standin.server import Standin
from wallet import tasks
from wallet.models import ProviderMovement, Purchase
from wallet.purchases import settlement
from wallet.reconciliation import booking, checks, reading
from wallet.tests.stripe.stage import charge, order, paid

pytestmark = pytest.mark.django_db
Kind = ProviderMovement.Kind


def held(currency: str = "EUR") -> int:
    """Return what our clearing account says that Stripe holds for us."""
    return ledger.balance("clearing:stripe", currency)


def debit(kind: str, currency: str = "EUR") -> int:
    return ledger.balance(kind, currency)


def test_clearing_is_stripes_balance_to_the_cent(standin: Standin, carol: User) -> None:
    for coins in (100, 1_000, 300):
        paid(standin, carol, coins)
    standin.account.charge_fee(77, "eur")
    standin.account.pay_out(500, "eur")
    for _ in range(3):  # read and booked once however often
        tasks.reconcile()
    assert held() == standin.account.balances()["eur"]
    fees = sum(line["fee"] for line in standin.store.all("balance_transaction"))
    assert debit("processor_fees") == fees + 77
    assert debit("bank") == 500
    assert not ProviderMovement.objects.filter(booked_at=None).exists()
    assert check_books() == []


def test_what_the_book_does_not_show_yet_is_no_breach(standin: Standin, carol: User) -> None:
    paid(standin, carol)
    assert check_books() == []
    reading.read_all()
    assert check_books() == []
    booking.book()
    assert check_books() == []


def test_a_payment_that_no_webhook_told_is_found_in_the_book(standin: Standin, carol: User) -> None:
    purchase = order(carol)
    standin.account.pay(purchase.provider_reference)
    Purchase.objects.update(due_at=None)
    tasks.reconcile()
    movement = ProviderMovement.objects.get()
    assert (movement.about, movement.booked_at) == (str(purchase.public_id), None)
    purchase.refresh_from_db()
    assert purchase.due_at is not None
    settlement.sweep()
    tasks.reconcile()
    movement.refresh_from_db()
    assert movement.booked_at is not None
    assert held() == standin.account.balances()["eur"]


def test_a_refund_or_dispute_in_the_book_makes_its_order_due(standin: Standin, carol: User) -> None:
    first, second = paid(standin, carol, 100), paid(standin, carol, 300)
    tasks.reconcile()
    standin.account.give_back(charge(standin, first), 50, {})
    standin.account.open_dispute(charge(standin, second))
    Purchase.objects.update(due_at=None)
    tasks.reconcile()
    assert Purchase.objects.exclude(due_at=None).count() == 2
    # Nothing is invented for what our rows do not say.
    waiting = ProviderMovement.objects.filter(booked_at=None)
    assert {m.kind for m in waiting} == {Kind.REFUND, Kind.DISPUTE}
    assert not ProviderMovement.objects.unexplained().exists()
    ProviderMovement.objects.update(read_at=timezone.now() - timedelta(hours=2))
    assert ProviderMovement.objects.unexplained().count() == 2
    assert check_books() == []


def test_money_that_is_nobodys_waits_for_staff(standin: Standin, carol: User) -> None:
    paid(standin, carol)
    tasks.reconcile()
    before = held()
    for kind in ("reserve_hold", "contribution"):
        line = {"id": f"txn_{kind}", "type": kind, "reporting_category": kind}
        own = standin.account.charge_fee(300, "eur")
        standin.store.put(own | line)
        standin.store.rows.execute("DELETE FROM object WHERE id = ?", (own["id"],))
    tasks.reconcile()
    assert held() == before
    assert set(ProviderMovement.objects.filter(booked_at=None).values_list("kind", flat=True)) == {
        Kind.OTHER
    }
    assert ProviderMovement.objects.unexplained().count() == 2


def test_a_payout_that_comes_back_is_at_stripe_again(standin: Standin, carol: User) -> None:
    paid(standin, carol)
    standin.account.pay_out(400, "eur")
    standin.account.pay_out(-400, "eur")
    tasks.reconcile()
    assert debit("bank") == 0
    assert held() == standin.account.balances()["eur"]


def test_a_fee_that_is_given_back_is_booked_back(standin: Standin, carol: User) -> None:
    paid(standin, carol)
    tasks.reconcile()
    cost = debit("processor_fees")
    standin.account.charge_fee(-25, "eur")
    tasks.reconcile()
    assert debit("processor_fees") == cost - 25


def test_what_stripe_converts_goes_over_fx(standin: Standin, db: None) -> None:
    hana = person("hana", country="JP")
    standin.account.converts["jpy"] = ("eur", 0.0061)
    purchase = paid(standin, hana)
    assert (held("JPY"), held("EUR")) == (1_720, 0)
    tasks.reconcile()
    assert (held("JPY"), held("EUR")) == (0, standin.account.balances()["eur"])
    movement = ProviderMovement.objects.get()
    assert (movement.source_minor, movement.source_currency) == (purchase.total_minor, "JPY")
    assert (debit("fx", "JPY"), debit("fx", "EUR")) == (1_720, -movement.amount_minor)
    assert check_books() == []


def test_whole_rupiah_are_reconciled(
    standin: Standin, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    """What is kept in rupiah has a fee in sen, which is no amount of ours: left out, aloud."""
    paid(standin, person("sari", country="ID"))
    standin.account.converts["idr"] = ("usd", 0.0000617)
    paid(standin, person("dewi", country="ID"))
    [in_usd, in_idr] = standin.store.all("balance_transaction")
    tasks.reconcile()
    assert (held("USD"), held("IDR")) == (in_usd["net"], 183_000)
    assert f"{in_idr['id']} has parts of our smallest unit" in caplog.text
    assert check_books() == []


def test_another_amount_than_the_orders_is_not_booked(standin: Standin, carol: User) -> None:
    purchase = paid(standin, carol)
    [line] = standin.store.all("balance_transaction")
    taken = charge(standin, purchase)
    standin.account.change(taken, amount=taken["amount"] - 1)
    standin.account.change(line, amount=line["amount"] - 1, net=line["net"] - 1)
    tasks.reconcile()
    assert ProviderMovement.objects.get().booked_at is None
    assert debit("processor_fees") == 0


def test_the_same_money_twice_in_the_book_is_booked_once(standin: Standin, carol: User) -> None:
    paid(standin, carol)
    [line] = standin.store.all("balance_transaction")
    standin.store.put(line | {"id": "txn_again"})
    tasks.reconcile()
    assert ProviderMovement.objects.exclude(booked_at=None).count() == 1
    second = ProviderMovement.objects.filter(booked_at=None)
    with pytest.raises(IntegrityError, match="one_booked_movement_per_row"), transaction.atomic():
        second.update(booked_at=timezone.now())
    assert check_books() == []


def test_a_book_that_cannot_be_read_is_read_later(standin: Standin, carol: User) -> None:
    paid(standin, carol)
    standin.faults.order(Fault.ERROR_500, times=3, path="/v1/balance_transactions")
    assert reading.read_all() == 0
    assert reading.read_all() == 1


def test_old_lines_are_not_read_again(standin: Standin, carol: User) -> None:
    paid(standin, carol)
    tasks.reconcile()
    ProviderMovement.objects.update(moved_at=timezone.now() + timedelta(days=3))
    paid(standin, carol, 100)
    assert reading.read_all() == 0


def test_a_booked_movement_whose_row_says_otherwise_is_a_breach(
    standin: Standin, carol: User
) -> None:
    paid(standin, carol)
    tasks.reconcile()
    ProviderMovement.objects.update(about=str(uuid.uuid4()))
    assert [b.invariant for b in checks.booked_movements_have_their_rows()] == [13]


def test_a_clearing_account_that_differs_is_a_breach(standin: Standin, carol: User) -> None:
    paid(standin, carol)
    tasks.reconcile()
    ProviderMovement.objects.update(booked_at=None)
    found = list(checks.clearing_is_what_the_provider_holds())
    assert [b.invariant for b in found] == [13]
    assert found[0].sentence in {b.sentence for b in check_books()}  # the audit asks for it


def test_what_is_unknown_is_never_booked(standin: Standin, carol: User) -> None:
    paid(standin, carol)
    reading.read_all()
    with pytest.raises(IntegrityError, match="movement_unknown_is_not_booked"):
        ProviderMovement.objects.update(kind=Kind.OTHER, booked_at=timezone.now())
