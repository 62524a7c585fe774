"""What no row of ours explains in Stripe's book, booked by two people, and taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import ledger
from accounts.approvers import ApproverTooNew
from accounts.models import User
from conftest import person
from foundation.errors import WrongState
from ledger.checks import run as check_books
from stripe_standin.server import Standin
from wallet import tasks
from wallet.models import MovementBooking, ProviderMovement, Purchase
from wallet.purchases import settlement
from wallet.reconciliation import booking as booking_by_rows
from wallet.reconciliation import by_hand, checks, refusals
from wallet.tests.stripe.stage import charge, order, paid, strange

pytestmark = pytest.mark.django_db
State = MovementBooking.State
Account = MovementBooking.Account
WHY = "Stripe's dashboard calls it a reserve"


def held(currency: str = "EUR") -> int:
    return ledger.balance("clearing:stripe", currency)


def proposed(
    movement: ProviderMovement, by: User, account: str = Account.SUSPENSE
) -> MovementBooking:
    return by_hand.propose(movement=movement, account=account, by=by, reason=WHY)


def booked(movement: ProviderMovement, dana: User, erin: User, account: str) -> MovementBooking:
    return by_hand.confirm(booking=proposed(movement, dana, account), by=erin)


def an_hour_passes() -> None:
    ProviderMovement.objects.update(read_at=timezone.now() - timedelta(hours=2))


@pytest.mark.parametrize("account", list(Account))
def test_two_people_book_what_nothing_explains(
    standin: Standin, carol: User, dana: User, erin: User, account: str
) -> None:
    paid(standin, carol)
    movement = strange(standin)
    before = ledger.balance(account, "EUR")
    booking = proposed(movement, dana, account)
    assert ledger.balance(account, "EUR") == before
    assert held() == standin.account.balances()["eur"] + 300
    by_hand.confirm(booking=booking, by=erin)
    assert held() == standin.account.balances()["eur"]
    assert abs(ledger.balance(account, "EUR") - before) == 300
    assert not ProviderMovement.objects.unexplained().exists()
    assert check_books() == []
    tasks.reconcile()
    assert check_books() == []


def test_a_reserve_comes_back_and_suspense_is_empty(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    paid(standin, carol)
    booked(strange(standin), dana, erin, Account.SUSPENSE)
    assert ledger.balance("provider_suspense", "EUR") == -300  # owed to us
    booked(strange(standin, -300, "back"), dana, erin, Account.SUSPENSE)
    assert ledger.balance("provider_suspense", "EUR") == 0
    assert held() == standin.account.balances()["eur"]
    assert check_books() == []


def test_the_proposer_confirms_nothing(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    paid(standin, carol)
    booking = proposed(strange(standin), dana)
    with pytest.raises(refusals.OwnMovementBooking):
        by_hand.confirm(booking=booking, by=dana)
    own = MovementBooking.objects.filter(pk=booking.pk)
    now = timezone.now()
    with (
        pytest.raises(IntegrityError, match="movement_booking_needs_two_people"),
        transaction.atomic(),
    ):
        own.update(state=State.BOOKED, decided_by=dana, decided_at=now, booked_at=now)
    assert held() == standin.account.balances()["eur"] + 300


def test_a_person_who_was_made_for_it_confirms_nothing(
    standin: Standin, carol: User, dana: User
) -> None:
    paid(standin, carol)
    booking = proposed(strange(standin), dana)
    with pytest.raises(ApproverTooNew):
        by_hand.confirm(booking=booking, by=person("frida", is_staff=True, is_superuser=True))


def test_a_proposal_that_is_rejected_books_nothing_and_another_may_follow(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    paid(standin, carol)
    movement = strange(standin)
    by_hand.reject(booking=proposed(movement, dana), by=erin)
    assert held() == standin.account.balances()["eur"] + 300
    booked(movement, dana, erin, Account.LOSS)
    assert ledger.balance("provider_loss", "EUR") == 300
    assert check_books() == []


def test_a_booking_is_taken_back_by_its_mirror_and_never_changed(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    paid(standin, carol)
    movement = strange(standin)
    booking = booked(movement, dana, erin, Account.FEES)
    fees = ledger.balance("processor_fees", "EUR")
    mirror = by_hand.propose_taking_back(booking=booking, by=erin, reason="It was a reserve")
    with pytest.raises(refusals.MovementProposed):
        by_hand.propose_taking_back(booking=booking, by=dana, reason="Me too")
    with pytest.raises(refusals.OwnMovementBooking):
        by_hand.confirm(booking=mirror, by=erin)
    assert ledger.balance("processor_fees", "EUR") == fees
    mirror = by_hand.confirm(booking=mirror, by=dana)
    booking.refresh_from_db()
    assert (booking.state, mirror.state) == (State.TAKEN_BACK, State.BOOKED)
    assert ledger.balance("processor_fees", "EUR") == fees - 300
    assert list(ProviderMovement.objects.unexplained()) == [movement]
    assert check_books() == []
    for old in (booking, mirror):
        with pytest.raises(WrongState):
            by_hand.propose_taking_back(booking=old, by=dana, reason="Once more")
    booked(movement, dana, erin, Account.SUSPENSE)
    assert held() == standin.account.balances()["eur"]
    assert check_books() == []


def test_one_booking_stands_of_a_movement(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    paid(standin, carol)
    movement = strange(standin)
    booking = proposed(movement, dana)
    with pytest.raises(refusals.MovementProposed):
        proposed(movement, erin, Account.FEES)
    by_hand.confirm(booking=booking, by=erin)
    with pytest.raises(WrongState):
        by_hand.confirm(booking=booking, by=erin)
    with pytest.raises(refusals.MovementNotOpen):
        proposed(movement, erin)


@pytest.mark.parametrize(
    ("account", "reason", "refusal"),
    [
        ("gift_revenue", WHY, refusals.AccountDoesNotFit),
        ("", WHY, refusals.AccountDoesNotFit),
        ("clearing:stripe", WHY, refusals.AccountDoesNotFit),
        (Account.FEES, " \u200b ", refusals.MovementReasonMissing),
        (Account.FEES, "x" * 201, refusals.MovementReasonMissing),
    ],
)
def test_other_accounts_and_no_reason_are_refused(
    standin: Standin, carol: User, dana: User, account: str, reason: str, refusal: Any
) -> None:
    paid(standin, carol)
    movement = strange(standin)
    with pytest.raises(refusal):
        by_hand.propose(movement=movement, account=account, by=dana, reason=reason)
    assert not MovementBooking.objects.exists()


def test_what_still_explains_itself_is_not_booked_by_hand(
    standin: Standin, carol: User, dana: User
) -> None:
    purchase = order(carol)
    standin.account.pay(purchase.provider_reference)
    tasks.reconcile()
    movement = ProviderMovement.objects.get()
    with pytest.raises(refusals.MovementNotOpen):  # read a moment ago
        proposed(movement, dana)
    an_hour_passes()
    with pytest.raises(refusals.OrderUndecided):  # the order waits for a worker, or for people
        proposed(movement, dana)


def test_a_row_that_explains_it_later_is_told_and_nothing_is_lost(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    """The order had expired; two people booked its money; then the payment was credited."""
    purchase = order(carol)
    standin.account.pay(purchase.provider_reference)
    purchase.move(Purchase.State.EXPIRED, due_at=None)
    tasks.reconcile()
    an_hour_passes()
    movement = ProviderMovement.objects.get()
    booking = booked(movement, dana, erin, Account.SUSPENSE)
    assert check_books() == []
    settlement.inspect(Purchase.objects.get())
    assert Purchase.objects.get().state == Purchase.State.PAID
    tasks.reconcile()
    movement.refresh_from_db()
    booking.refresh_from_db()
    assert movement.booked_at is None
    assert "Take the booking back" in booking.needs_attention
    assert list(MovementBooking.objects.waiting()) == [booking]
    assert check_books() == []
    mirror = by_hand.propose_taking_back(booking=booking, by=dana, reason="The order was paid")
    by_hand.confirm(booking=mirror, by=erin)
    tasks.reconcile()
    assert held() == standin.account.balances()["eur"]
    assert ledger.balance("provider_suspense", "EUR") == 0
    assert not MovementBooking.objects.waiting().exists()
    assert check_books() == []


def short_by(standin: Standin, purchase: Purchase, minor: int) -> ProviderMovement:
    """Let Stripe's book say less of a payment than the order's price; return its line."""
    [line] = standin.store.all("balance_transaction")
    taken = charge(standin, purchase)
    standin.account.change(taken, amount=taken["amount"] - minor)
    standin.account.change(line, amount=line["amount"] - minor, net=line["net"] - minor)
    tasks.reconcile()
    an_hour_passes()
    return ProviderMovement.objects.get()


def test_of_an_amount_that_differs_from_our_row_the_account_takes_the_difference(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    purchase = paid(standin, carol)
    movement = short_by(standin, purchase, 7)
    assert by_hand.row_amount(movement) is not None
    booked(movement, dana, erin, Account.LOSS)
    assert ledger.balance("provider_loss", "EUR") == 7 + movement.fee_minor
    assert held() == standin.account.balances()["eur"]
    tasks.reconcile()
    assert not MovementBooking.objects.waiting().exists()
    assert check_books() == []
    # A second line about the same row is another movement altogether.
    [line] = standin.store.all("balance_transaction")
    standin.store.put(line | {"id": "txn_again"})
    tasks.reconcile()
    an_hour_passes()
    again = ProviderMovement.objects.get(reference="txn_again")
    assert by_hand.row_amount(again) is None
    booked(again, dana, erin, Account.SUSPENSE)
    assert held() == standin.account.balances()["eur"]
    assert check_books() == []


def test_the_row_that_is_booked_by_hand_books_no_second_line_by_itself(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    purchase = paid(standin, carol)
    movement = short_by(standin, purchase, 7)
    booked(movement, dana, erin, Account.LOSS)
    [line] = standin.store.all("balance_transaction")
    right = line | {"id": "txn_right", "amount": line["amount"] + 7, "net": line["net"] + 7}
    standin.store.put(right)
    tasks.reconcile()
    assert ProviderMovement.objects.get(reference="txn_right").booked_at is None
    assert check_books() == []


def test_our_row_in_another_currency_goes_over_exchange_alone(
    standin: Standin, dana: User, erin: User
) -> None:
    standin.account.converts["jpy"] = ("eur", 0.0061)
    purchase = paid(standin, person("hana", country="JP"))
    [line] = standin.store.all("balance_transaction")
    taken = charge(standin, purchase)
    standin.account.change(taken, amount=taken["amount"] - 20)
    tasks.reconcile()
    an_hour_passes()
    movement = ProviderMovement.objects.get()
    assert movement.booked_at is None
    assert by_hand.accounts_for(movement) == [Account.FX]
    with pytest.raises(refusals.AccountDoesNotFit):
        proposed(movement, dana, Account.LOSS)
    booked(movement, dana, erin, Account.FX)
    assert (held("JPY"), held("EUR")) == (0, standin.account.balances()["eur"])
    assert line["net"] == held("EUR")
    assert check_books() == []


def test_our_row_that_changed_since_the_proposal_refuses_it(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    purchase = order(carol)
    standin.account.pay(purchase.provider_reference)
    purchase.move(Purchase.State.EXPIRED, due_at=None)
    tasks.reconcile()
    an_hour_passes()
    booking = proposed(ProviderMovement.objects.get(), dana)
    settlement.inspect(Purchase.objects.get())
    with pytest.raises(refusals.MovementChanged):
        by_hand.confirm(booking=booking, by=erin)
    tasks.reconcile()
    with pytest.raises(refusals.MovementNotOpen):  # it is booked by its row
        by_hand.confirm(booking=booking, by=erin)
    by_hand.reject(booking=booking, by=erin)
    assert held() == standin.account.balances()["eur"]
    assert check_books() == []


def test_a_movement_is_booked_in_one_way(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    paid(standin, carol)
    movement = strange(standin)
    booking = booked(movement, dana, erin, Account.FEES)
    same = ProviderMovement.objects.filter(pk=movement.pk)
    assert not booking_by_rows._book(movement.pk)  # of a worker that read it before
    with pytest.raises(IntegrityError, match="movement_booked_in_one_way"), transaction.atomic():
        same.update(kind="fee", booked_at=timezone.now())
    assert [b.invariant for b in checks.bookings_by_hand_are_their_movements()] == []
    same.update(by_hand=False)
    assert [b.invariant for b in checks.bookings_by_hand_are_their_movements()] == [13]
    same.update(by_hand=True)
    MovementBooking.objects.filter(pk=booking.pk).update(state=State.TAKEN_BACK)
    assert [b.invariant for b in checks.bookings_by_hand_are_their_movements()] == [13, 13]


def test_staff_propose_and_confirm_in_the_staff_site(
    standin: Standin, carol: User, dana: User, erin: User
) -> None:
    paid(standin, carol)
    movement = strange(standin)
    pages = {one.pk: Client() for one in (dana, erin)}
    for one in (dana, erin):
        pages[one.pk].force_login(one)
    page = reverse("admin:wallet_providermovement_change", args=[movement.pk])
    assert b"Propose to book" in pages[dana.pk].get(page).content
    address = reverse("admin:wallet_providermovement_propose", args=[movement.pk])
    answer = pages[dana.pk].post(address, {"account": "gift_revenue", "reason": WHY}, follow=True)
    assert b"Choose one of the accounts that are offered" in answer.content
    answer = pages[dana.pk].post(address, {"account": Account.FEES, "reason": WHY}, follow=True)
    booking = MovementBooking.objects.get()
    assert b"Another person must confirm it" in answer.content
    assert b"Confirm and book" not in answer.content
    confirm = reverse("admin:wallet_movementbooking_confirm", args=[booking.pk])
    own = pages[dana.pk].post(confirm, follow=True)
    assert b"You proposed this booking" in own.content
    other = reverse("admin:wallet_movementbooking_change", args=[booking.pk])
    assert b"Confirm and book" in pages[erin.pk].get(other).content
    assert b"Confirmed and booked." in pages[erin.pk].post(confirm, follow=True).content
    back = reverse("admin:wallet_movementbooking_take_back", args=[booking.pk])
    answer = pages[erin.pk].post(back, {"reason": "It was a reserve"}, follow=True)
    assert b"wants to take back" in answer.content
    mirror = MovementBooking.objects.get(takes_back=booking)
    reject = reverse("admin:wallet_movementbooking_reject", args=[mirror.pk])
    assert b"Nothing was booked" in pages[dana.pk].post(reject, follow=True).content
    assert held() == standin.account.balances()["eur"]
    listed = pages[erin.pk].get(reverse("admin:wallet_movementbooking_changelist"))
    assert listed.status_code == 200
    missing = reverse("admin:wallet_movementbooking_confirm", args=[999_999])
    assert pages[erin.pk].post(missing).status_code == 404
