"""Requesting a payout: its price, its worth, its refusals."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

import ledger
from accounts.models import User
from foundation.errors import DomainError, WrongState
from ledger.models import LedgerCheck
from payouts import refusals
from payouts.methods import bank_accounts
from payouts.models import Payout, PayoutMethod
from payouts.requests import automatic, services
from payouts.tests.builders import (
    bank_account,
    diamonds_of,
    eur,
    fresh,
    give_diamonds,
    ready,
    requested,
)
from wallet.models import FxRate
from wallet.prices.diamonds import available_diamonds, quote


def test_diamonds_become_cash_at_the_rate_card(bob: User) -> None:
    payout = requested(bob, 10_000)
    assert (
        str(payout.amount) == "€68.18"
    )  # 10,000 x 0.0075 x 0.909 = 68.175, a half to the even cent
    assert payout.exact_minor == Decimal("6817.5")
    assert payout.fx_per_usd == Decimal("0.909")
    assert diamonds_of(bob) == 0
    assert ledger.balance("diamonds_converted", "DIAMOND") == 10_000
    assert eur("cash", bob) == 6818
    assert eur("creator_cost") == 6818
    assert [event.state for event in payout.events.all()] == ["requested"]


@pytest.mark.parametrize(
    ("diamonds", "amount_minor"), [(10_000, 6818), (2_000, 1364), (6_000, 4090), (14_000, 9544)]
)
def test_halves_go_to_the_even_cent(diamonds: int, amount_minor: int, db: None) -> None:
    # 10,000 -> 6817.5 up to even; 2,000 -> 1363.5 up; 6,000 -> 4090.5 down; 14,000 -> 9544.5 down.
    assert quote(diamonds=diamonds, currency="EUR").amount_minor == amount_minor


def test_part_of_the_diamonds_stays(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    services.request_payout(creator=bob, diamonds=2_000, key=uuid.uuid4())
    assert available_diamonds(bob) == 3_000


def test_the_same_key_is_the_same_payout(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    key = uuid.uuid4()
    first = services.request_payout(creator=bob, diamonds=2_000, key=key)
    assert services.request_payout(creator=bob, diamonds=2_000, key=key) == first
    assert available_diamonds(bob) == 3_000
    with pytest.raises(ledger.KeyReused) as refused:
        services.request_payout(creator=bob, diamonds=2_001, key=key)
    assert refused.value.status == 422
    assert Payout.objects.count() == 1


def test_nowhere_to_pay(bob: User) -> None:
    give_diamonds(bob, 5_000)
    _refused(bob, 5_000, refusals.NoPayoutMethod)


@pytest.mark.parametrize("diamonds", [-5, 0, 1, 1_333])
def test_below_ten_dollars(bob: User, diamonds: int) -> None:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    refused = _refused(bob, diamonds, refusals.BelowMinimum)
    assert refused.detail == (
        "The smallest payout is 1,334 diamonds (€9.09). Ask again when you have that many."
    )


def test_exactly_the_smallest(bob: User) -> None:
    assert requested(bob, 1_334).amount_minor == 909


def test_more_than_there_is(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 2_000)
    assert _refused(bob, 2_001, refusals.NotEnoughDiamonds).facts["available"] == "2,000"


def test_debts_come_first(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 4_000)
    owed, issued = "diamonds_owed", "diamonds_reversed"
    legs = [
        ledger.Leg(
            "DIAMOND",
            ledger.account_id(owed, "DIAMOND", bob.pk),
            ledger.account_id(issued, "DIAMOND"),
            1_500,
        )
    ]
    ledger.post_one(key="test-debt", kind="test", legs=legs)
    _refused(bob, 2_501, refusals.NotEnoughDiamonds)
    services.request_payout(creator=bob, diamonds=2_500, key=uuid.uuid4())


def test_a_thousand_dollars_a_day(bob: User) -> None:
    requested(bob, 100_000)
    give_diamonds(bob, 40_000)
    refused = _refused(bob, 33_334, refusals.AboveDayLimit)
    assert refused.detail == (
        "You can withdraw €909.00 a day. You have €227.25 left today."
        " Ask for less, or come back tomorrow."
    )
    services.request_payout(creator=bob, diamonds=33_333, key=uuid.uuid4())
    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    Payout.objects.update(created_at=yesterday)
    services.request_payout(creator=bob, diamonds=6_667, key=uuid.uuid4())


def test_a_cancelled_payout_does_not_count_for_the_day(bob: User) -> None:
    services.cancel(payout=requested(bob, 133_333), by=bob)
    services.request_payout(creator=bob, diamonds=133_333, key=uuid.uuid4())


def test_nothing_is_requested_while_payouts_are_paused(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 5_000)
    LedgerCheck.objects.create(ok=False, report="breach")
    assert _refused(bob, 5_000, refusals.PayoutsPaused).status == 503
    LedgerCheck.objects.create(ok=True, report="balanced")
    services.request_payout(creator=bob, diamonds=5_000, key=uuid.uuid4())


def test_a_locked_account(bob: User) -> None:
    bank_account(bob)
    PayoutMethod.objects.update(locked_reason="the account is closed (AC04)")
    give_diamonds(bob, 5_000)
    assert "closed" in _refused(bob, 5_000, refusals.MethodLocked).detail


@pytest.mark.parametrize("maker", [requested, ready])
def test_calling_off_gives_the_diamonds_back(bob: User, dana: User, maker: object) -> None:
    payout = maker(bob)  # type: ignore[operator]  # one of two builders
    services.cancel(payout=payout, by=bob)
    assert diamonds_of(bob) == 10_000
    assert eur("cash", bob) == eur("creator_cost") == 0
    assert fresh(payout).state == Payout.State.CANCELLED
    with pytest.raises(WrongState):
        services.cancel(payout=payout, by=dana)
    assert diamonds_of(bob) == 10_000


def test_the_rate_at_the_request_counts(bob: User) -> None:
    payout = requested(bob)
    FxRate.objects.create(currency="EUR", per_usd=Decimal("0.5"))
    automatic.check_requested()
    assert fresh(payout).amount_minor == 6818
    assert quote(diamonds=10_000, currency="EUR").amount_minor == 3750


def test_the_sweep_moves_sound_requests_to_the_queue(bob: User) -> None:
    payout = requested(bob)
    assert automatic.check_requested() == 1
    assert fresh(payout).state == Payout.State.READY
    assert automatic.check_requested() == 0


def test_the_sweep_leaves_what_has_an_obstacle_and_flags_it(bob: User) -> None:
    payout = requested(bob)
    LedgerCheck.objects.create(ok=False, report="breach")
    automatic.check_requested()
    waiting = fresh(payout)
    assert (waiting.state, waiting.attempts) == (Payout.State.REQUESTED, 1)
    assert "ledger check" in waiting.needs_attention
    LedgerCheck.objects.create(ok=True, report="balanced")
    assert automatic.check_requested() == 0  # looked at again in a while, not in a loop
    Payout.objects.update(due_at=timezone.now())
    automatic.check_requested()
    assert fresh(payout).state == Payout.State.READY
    assert fresh(payout).needs_attention == ""


def test_a_closed_account_is_not_paid(bob: User) -> None:
    payout = requested(bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    automatic.check_requested()
    assert fresh(payout).state == Payout.State.REQUESTED


def test_weekly_takes_everything_on_its_day_and_once(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 3_000)
    method = bank_accounts.set_weekly(creator=bob, weekly=True)
    assert method.next_auto_at is not None
    assert (method.next_auto_at.weekday(), method.next_auto_at.hour) == (0, 6)
    assert automatic.ask_weekly() == 0
    PayoutMethod.objects.update(next_auto_at=timezone.now())
    assert automatic.ask_weekly() == 1
    assert automatic.ask_weekly() == 0
    assert Payout.objects.get().diamonds == 3_000


def test_weekly_with_too_little_waits_for_next_week(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 100)
    bank_accounts.set_weekly(creator=bob, weekly=True)
    PayoutMethod.objects.update(next_auto_at=timezone.now())
    automatic.ask_weekly()
    assert not Payout.objects.exists()
    after = PayoutMethod.objects.get().next_auto_at
    assert after is not None and after > timezone.now()


def test_weekly_stays_within_the_day(bob: User) -> None:
    bank_account(bob)
    give_diamonds(bob, 200_000)
    bank_accounts.set_weekly(creator=bob, weekly=True)
    PayoutMethod.objects.update(next_auto_at=timezone.now())
    automatic.ask_weekly()
    assert Payout.objects.get().diamonds == 133_333


def _refused(creator: User, diamonds: int, kind: type[DomainError]) -> DomainError:
    before = diamonds_of(creator)
    count = Payout.objects.count()
    with pytest.raises(kind) as refused:
        services.request_payout(creator=creator, diamonds=diamonds, key=uuid.uuid4())
    assert diamonds_of(creator) == before
    assert Payout.objects.count() == count
    return refused.value
