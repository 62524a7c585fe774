"""Refunds: what can go back, to the last minor unit, once, whatever comes between."""

import contextlib
import itertools
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

import ledger
from accounts.approvers import ApproverTooNew
from accounts.models import User
from conftest import person
from ledger import KeyReused
from ledger.checks import run as check_books
from wallet.coins import recognition
from wallet.models import Purchase, Refund, SandboxPayment, SandboxRefund, SpendingPolicy
from wallet.purchases import settlement
from wallet.refunds import refusals, requests, sending
from wallet.refunds.unused import returnable
from wallet.tests.stage import paid, spend

pytestmark = pytest.mark.django_db
State = Refund.State
REFUSED = (refusals.NothingUnused, refusals.FewerUnused, refusals.AmountOutOfRange)


def withdraw(purchase: Purchase, coins: int | None = None, **more: Any) -> Refund:
    return requests.withdraw(purchase=purchase, key=more.pop("key", uuid.uuid4()), coins=coins)


def give_back(purchase: Purchase, amount_minor: int, by: User, **more: Any) -> Refund:
    facts: dict[str, Any] = {"key": uuid.uuid4(), "note": "The stream was cut off."} | more
    return requests.give_back(purchase=purchase, amount_minor=amount_minor, by=by, **facts)


def left(fan: User) -> list[tuple[Purchase, int]]:
    """Return a fan's orders that can be returned, newest first, with how many of their coins."""
    newest = Purchase.objects.filter(user=fan, state="paid").order_by("-captured_at", "-id")
    return [(each, coins) for each in newest if (coins := returnable(each).coins)]


def sent(refund: Refund) -> Refund:
    """Let the sweep ask the provider."""
    assert sending.send_due() == 1
    refund.refresh_from_db()
    return refund


def coins_of(fan: User) -> tuple[int, int]:
    return ledger.balance("coins", "COIN", fan.pk), ledger.balance("coins_held", "COIN", fan.pk)


def money_in(*kinds: str) -> list[int]:
    return [ledger.balance(kind, "EUR") for kind in kinds]


def made_at_the_provider(purchase: Purchase, amount_minor: int) -> Purchase:
    """Refund an order on the provider's own site, and let the order be inspected."""
    payment = SandboxPayment.objects.get(pk=purchase.provider_reference)
    SandboxRefund.objects.create(payment=payment, amount_minor=amount_minor)
    return settlement.inspect(purchase)


def test_all_of_an_order_goes_back_and_nothing_is_left(carol: User) -> None:
    purchase = paid(carol)
    refund = withdraw(purchase)
    assert coins_of(carol) == (0, 1_000)
    assert (refund.state, refund.total) == (State.HELD, purchase.total)
    assert check_books() == []
    sent(refund)
    assert refund.state == State.DONE
    assert coins_of(carol) == (0, 0)
    assert money_in("clearing:sandbox", "unearned", "tax:DE") == [0, 0, 0]
    recognition.recognise()
    assert check_books() == []


def test_spent_coins_stay_spent_and_the_shares_sum_to_the_price(carol: User) -> None:
    purchase = paid(carol)
    spend(carol, 333)
    refund = sent(withdraw(purchase))
    assert (refund.coins, refund.net_minor, refund.tax_minor) == (667, 650, 124)
    assert recognition.recognise() == {"EUR": 324}
    assert money_in("unearned", "tax:DE") == [0, purchase.tax_minor - 124]
    assert check_books() == []


def test_the_newest_orders_hold_what_is_unused(carol: User) -> None:
    old, new = paid(carol, 1_000), paid(carol, 500)
    spend(carol, 1_200)
    assert left(carol) == [(new, 300)]
    with pytest.raises(refusals.NothingUnused):
        withdraw(old)
    sent(withdraw(new))
    assert coins_of(carol) == (0, 0)


def test_a_refund_of_an_older_order_leaves_the_newer_ones_theirs(carol: User) -> None:
    old, new = paid(carol, 1_000), paid(carol, 500)
    sent(withdraw(old, 400))
    spend(carol, 700)
    recognition.recognise()
    assert [coins for _, coins in left(carol)] == [400]
    recognised = Purchase.objects.order_by("id").values_list("recognised_coins", flat=True)
    assert list(recognised) == [600, 100]
    sent(withdraw(new))
    assert check_books() == []


def test_what_went_back_of_an_order_is_not_unused(carol: User) -> None:
    old, new = paid(carol, 1_000), paid(carol, 500)
    sent(withdraw(new, 400))
    withdraw(new, 50)
    assert left(carol) == [(new, 50), (old, 1_000)]


def test_two_refunds_at_once_share_without_a_gap(carol: User) -> None:
    purchase = paid(carol)
    first, second = withdraw(purchase, 333), withdraw(purchase, 667)
    assert first.total_minor + second.total_minor == purchase.total_minor
    assert sending.send_due() == 2
    assert money_in("clearing:sandbox", "unearned", "tax:DE") == [0, 0, 0]
    assert check_books() == []


def test_a_share_asked_after_one_that_failed_fits_too(carol: User) -> None:
    purchase = paid(carol)
    first, second = withdraw(purchase, 1), withdraw(purchase, 1)
    SandboxPayment.objects.update(amount_minor=second.total_minor)
    SandboxRefund.objects.create(
        payment_id=purchase.provider_reference,
        idempotency_key=str(first.public_id),
        amount_minor=first.total_minor,
        failed="expired_or_canceled_card",
    )
    assert sending.send_due() == 2
    SandboxPayment.objects.update(amount_minor=purchase.total_minor)
    first.refresh_from_db()
    assert (first.state, coins_of(carol)) == (State.FAILED, (999, 0))
    assert "expired_or_canceled_card" in first.needs_attention
    sent(withdraw(purchase))
    assert money_in("clearing:sandbox", "unearned", "tax:DE") == [0, 0, 0]
    assert check_books() == []


def test_pressing_again_asks_once(carol: User) -> None:
    purchase, key = paid(carol), uuid.uuid4()
    assert withdraw(purchase, 100, key=key) == withdraw(purchase, 100, key=key)
    assert Refund.objects.count() == 1
    with pytest.raises(KeyReused):
        withdraw(purchase, 200, key=key)


def test_more_than_is_unused_is_refused_and_nothing_changes(carol: User) -> None:
    purchase = paid(carol)
    spend(carol, 900)
    for wrong in (101, 0, -1):
        with pytest.raises(refusals.FewerUnused):
            withdraw(purchase, wrong)
    assert coins_of(carol) == (100, 0)


def test_after_the_withdrawal_period_the_fan_writes_to_staff(carol: User) -> None:
    purchase = paid(carol)
    late = timezone.now() - timedelta(days=14, seconds=1)
    Purchase.objects.update(captured_at=late)
    with pytest.raises(refusals.WithdrawalOver):
        withdraw(purchase)
    assert left(carol) == []


def test_the_period_is_never_shorter_than_the_law_allows() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SpendingPolicy.objects.update(withdrawal_days=13)


def test_asked_twice_the_provider_gives_once(carol: User) -> None:
    purchase = paid(carol)
    refund = withdraw(purchase)
    sending.send(refund)
    sending.send(refund)
    assert SandboxRefund.objects.count() == 1
    assert settlement.inspect(purchase).returned_coins == 1_000
    assert check_books() == []


def test_a_refund_made_at_the_provider_takes_unused_coins_and_bears_the_rest(carol: User) -> None:
    purchase = paid(carol)
    spend(carol, 800)
    purchase = made_at_the_provider(purchase, purchase.total_minor)
    refund = Refund.objects.get()
    assert (refund.state, refund.reason, refund.coins) == (State.DONE, "provider", 200)
    assert refund.loss_minor == purchase.total_minor - refund.net_minor - refund.tax_minor
    assert money_in("clearing:sandbox", "refund_loss") == [0, refund.loss_minor]
    recognition.recognise()
    assert settlement.inspect(purchase).returned_coins == 200  # once, however often it is told
    assert check_books() == []


def test_the_poll_finds_a_refund_that_no_webhook_told(carol: User) -> None:
    purchase = paid(carol)
    payment = SandboxPayment.objects.get(pk=purchase.provider_reference)
    SandboxRefund.objects.create(payment=payment, amount_minor=100)
    assert settlement.poll(timedelta(hours=2)) == 1
    assert settlement.poll(timedelta(hours=2)) == 0
    settlement.sweep()
    assert Refund.objects.get().total_minor == 100
    assert settlement.poll(timedelta(hours=2)) == 0


def test_a_refund_of_more_than_is_left_is_booked_by_nobody_and_staff_are_told(
    carol: User,
) -> None:
    purchase = paid(carol)
    sent(withdraw(purchase))
    purchase = made_at_the_provider(purchase, 100)
    assert "more than this order has left" in purchase.needs_attention
    assert Refund.objects.count() == 1
    assert check_books() == []


def test_an_answer_about_another_amount_books_nothing_and_staff_are_told(carol: User) -> None:
    purchase = paid(carol)
    refund = withdraw(purchase, 500)
    SandboxRefund.objects.create(
        payment_id=purchase.provider_reference,
        idempotency_key=str(refund.public_id),
        amount_minor=refund.total_minor - 1,
    )
    sent(refund)
    assert (refund.state, coins_of(carol)) == (State.HELD, (500, 500))
    assert "but we asked for" in refund.needs_attention
    assert check_books() == []


def test_a_refund_that_the_bank_returns_days_later_gives_the_coins_back(carol: User) -> None:
    purchase = paid(carol)
    refund = sent(withdraw(purchase))
    SandboxRefund.objects.update(failed="lost_or_stolen_card")
    settlement.inspect(purchase)
    refund.refresh_from_db()
    assert (refund.state, coins_of(carol)) == (State.FAILED, (1_000, 0))
    assert money_in("clearing:sandbox") == [purchase.total_minor]
    assert check_books() == []
    sent(withdraw(purchase))  # to another card: it can be asked for again
    assert check_books() == []


def test_staff_refund_spent_coins_at_the_sites_loss(carol: User, dana: User) -> None:
    purchase = paid(carol)
    spend(carol, 1_000)
    refund = sent(give_back(purchase, 500, dana))
    assert (refund.coins, refund.loss_minor, refund.needs_second) == (0, 500, False)
    assert money_in("refund_loss") == [500]
    with pytest.raises(refusals.AmountOutOfRange):
        give_back(purchase, purchase.total_minor - 499, dana)
    assert check_books() == []


def test_a_large_refund_waits_for_a_second_person(carol: User, dana: User, alice: User) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=10)
    purchase = paid(carol)
    refund = give_back(purchase, purchase.total_minor, dana)
    assert (refund.state, coins_of(carol)) == (State.PROPOSED, (0, 1_000))
    assert sending.send_due() == 0
    with pytest.raises(refusals.OwnRefund):
        requests.confirm(refund=refund, by=dana)
    requests.confirm(refund=refund, by=alice)
    assert sent(refund).state == State.DONE
    assert check_books() == []


def test_a_person_who_was_just_made_confirms_no_refund(
    carol: User, dana: User, alice: User
) -> None:
    """One person could else be two within a minute, as with payouts."""
    SpendingPolicy.objects.update(refund_alone_usd=10)
    refund = give_back(paid(carol), 1_000, dana)
    alice.date_joined = timezone.now()
    with pytest.raises(ApproverTooNew):
        requests.confirm(refund=refund, by=alice)
    assert Refund.objects.get().state == State.PROPOSED


def test_a_refund_that_is_turned_down_frees_the_coins(carol: User, dana: User) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=10)
    purchase = paid(carol)
    refund = requests.reject(refund=give_back(purchase, purchase.total_minor, dana), by=dana)
    assert (refund.state, coins_of(carol)) == (State.REJECTED, (1_000, 0))
    assert check_books() == []


def test_one_person_cannot_confirm_in_the_table_either(carol: User, dana: User) -> None:
    SpendingPolicy.objects.update(refund_alone_usd=10)
    refund = give_back(paid(carol), 1_000, dana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(state=State.HELD, decided_by=dana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(state=State.HELD)


@pytest.mark.parametrize("note", ["", "  ", "\u200b", "x" * 201])
def test_staff_say_why(carol: User, dana: User, note: str) -> None:
    with pytest.raises(refusals.NoteMissing):
        give_back(paid(carol), 100, dana, note=note)


def test_no_order_returns_more_than_it_brought(carol: User) -> None:
    purchase = paid(carol)
    for too_much in (
        {"returned_coins": 1_001},
        {"returned_net_minor": purchase.net_minor + 1},
        {"returned_tax_minor": purchase.tax_minor + 1},
        {"returned_loss_minor": purchase.total_minor + 1},
        {"held_coins": 600, "returned_coins": 600},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Purchase.objects.filter(pk=purchase.pk).update(**too_much)


step = st.tuples(
    st.sampled_from(["buy", "spend", "withdraw", "give back", "there", "send", "fail", "earn"]),
    st.integers(0, 3),
    st.integers(1, 700),
)
fans = itertools.count()


@settings(max_examples=12)
@given(st.lists(step, min_size=3, max_size=12))
def test_whatever_comes_in_whatever_order_the_books_agree(
    steps: list[tuple[str, int, int]],
) -> None:
    number = next(fans)
    fan, staff = person(f"fan{number}", country="DE"), person(f"staff{number}")
    orders = [paid(fan, 700)]
    for what, which, many in steps:
        purchase = orders[which % len(orders)]
        purchase.refresh_from_db()
        with contextlib.suppress(*REFUSED):
            _do(what, purchase, many, staff)
        if what == "buy" and len(orders) < 4:
            orders.append(paid(fan, 100 + many))
    assert check_books() == []
    sending.send_due()
    recognition.recognise()
    assert check_books() == []


def _do(what: str, purchase: Purchase, many: int, staff: User) -> None:
    fan = purchase.user
    if what == "spend" and ledger.balance("coins", "COIN", fan.pk) >= many:
        spend(fan, many)
    elif what == "withdraw":
        withdraw(purchase, many)
    elif what == "give back":
        give_back(purchase, many, staff)
    elif what == "there":
        made_at_the_provider(purchase, many)
    elif what == "send":
        sending.send_due()
    elif what == "fail":
        SandboxRefund.objects.filter(payment__pk=purchase.provider_reference).update(failed="lost")
        settlement.inspect(purchase)
    elif what == "earn":
        recognition.recognise()
