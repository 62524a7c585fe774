"""The audit sees each way in which paying out could be wrong: one forgery at a time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

import ledger
from accounts.models import User
from payouts.checks import CHECKS
from payouts.models import Payout, PayoutEvent
from payouts.requests import automatic
from payouts.tests.builders import answered, eur, ready, requested, sent


def breaches() -> set[int]:
    return {breach.invariant for check in CHECKS for breach in check()}


@pytest.fixture
def paid(bob: User, carol: User, dana: User, erin: User) -> Payout:
    """One settled, one on its way, one waiting: all well."""
    one = ready(bob)
    answered(dana, sent(dana, erin, one))
    sent(dana, erin, ready(carol, 2_000))
    requested(bob, 3_000)
    assert breaches() == set()
    return one


def raw(sql: str) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(sql)

    return run


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE payouts_payout SET provider_reference = '' WHERE state = 'settled'", {10}),
        ("UPDATE payouts_batch SET state = 'discarded'", {10}),
        ("UPDATE payouts_payout SET state = 'sent' WHERE state = 'settled'", {14}),
        ("UPDATE payouts_payout SET state = 'settled' WHERE state = 'sent'", {10, 14}),
        ("UPDATE payouts_payout SET state = 'returned' WHERE state = 'settled'", {11}),
        (
            "UPDATE payouts_payout SET amount_minor = amount_minor + 1 WHERE state = 'requested'",
            {11},
        ),
        ("UPDATE payouts_payout SET amount_minor = amount_minor + 1 WHERE state = 'sent'", {14}),
        ("UPDATE payouts_payout SET diamonds = diamonds - 1 WHERE state = 'requested'", {11}),
        ("UPDATE payouts_payout SET state = 'cancelled' WHERE state = 'requested'", {11}),
    ],
)
def test_each_forgery_is_found(paid: Payout, sql: str, found: set[int]) -> None:
    raw(sql)()
    assert breaches() == found


def test_money_taken_from_a_creators_cash_is_found(paid: Payout, bob: User) -> None:
    leg = ledger.Leg(
        "EUR",
        ledger.account_id("cash", "EUR", bob.pk),
        ledger.account_id("bank", "EUR"),
        5,
    )
    ledger.post_one(key="theft", kind="test", legs=[leg])
    assert breaches() == {11}


def test_a_sending_without_a_payout_is_found(paid: Payout) -> None:
    leg = ledger.Leg(
        "EUR",
        ledger.account_id("bank", "EUR"),
        ledger.account_id("payout_in_transit:bank_file", "EUR"),
        5,
    )
    ledger.post_one(key="payout:nobody:sent", kind="payout_sent", legs=[leg])
    assert breaches() == {10, 14}


def test_a_payout_without_an_answer_is_flagged_for_staff(paid: Payout) -> None:
    long_ago = timezone.now() - timedelta(days=5, hours=2)
    PayoutEvent.objects.filter(state="sent").update(created_at=long_ago)
    assert breaches() == {14}
    assert automatic.flag_late_payouts() == 1
    assert breaches() == set()
    late = Payout.objects.get(state="sent")
    assert late.needs_attention == "No answer from the bank for 5 days."
    assert automatic.flag_late_payouts() == 0


def test_the_sweep_does_everything_that_is_due(bob: User) -> None:
    from payouts.tasks import sweep

    payout = requested(bob)
    sweep()
    payout.refresh_from_db()
    assert payout.state == Payout.State.READY
    assert [message.subject for message in mail.outbox] == [
        "[SANDBOX] A payout bank account was added"
    ]
    assert eur("cash", bob) == 6818
