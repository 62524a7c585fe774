"""Races about one hit and about one rule; each has its control without the guard."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models import QuerySet

import ledger
from conftest import person
from testing import threads
from testing.threads import Meeting, meet_after
from wallet.models import Purchase, SandboxPayment, VelocityHit
from wallet.purchases import settlement
from wallet.reviews import deciding
from wallet.tests.stage import press
from wallet.tests.velocity.stage import Kind, held, only, order_of, started
from wallet.velocity import checking, tracing

Decision, State = VelocityHit.Decision, Purchase.State
RACERS = 4
ALLOWED = 2


def settle_with_other_cards() -> list[str]:
    """Settle as many orders of one account at once, each with another card; return their states."""
    only(Kind.CARDS_PER_ACCOUNT, threshold=ALLOWED)
    fan = person("racer")
    orders = [started(fan, 100 + n, card=f"card {n}") for n in range(RACERS)]
    for order in orders:
        press(order, SandboxPayment.State.SUCCEEDED)
    states = threads.together(lambda n: str(settlement.inspect(orders[n]).state), RACERS)
    return sorted(states)


def test_of_orders_that_settle_at_once_only_the_allowed_are_credited(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_after(monkeypatch, tracing, "note_each")
    states = settle_with_other_cards()
    assert states == ["paid"] * ALLOWED + ["review"] * (RACERS - ALLOWED)
    assert VelocityHit.objects.count() == RACERS - ALLOWED


def test_control_without_its_lock_all_pass_below_the_rule(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "_one_at_a_time", lambda purchases: None)
    meet_after(monkeypatch, checking, "of_region", Meeting())
    assert settle_with_other_cards().count("paid") > ALLOWED


def decide_at_once(wanted: list[str]) -> tuple[VelocityHit, list[Any]]:
    """Let several people decide one hit at the same moment."""
    hit = held(person("fan"))
    people = [person(f"staff{n}", is_staff=True) for n in range(len(wanted))]

    def act(n: int) -> Any:
        mine = VelocityHit.objects.get(pk=hit.pk)
        return deciding.decide(hit=mine, decision=wanted[n], by=people[n], note="Said so.")

    return hit, threads.together(act, len(wanted), returned=Exception)


def test_a_hit_is_decided_once_however_many_press(committed: None) -> None:
    hit, answers = decide_at_once([Decision.RELEASED, Decision.REFUNDED] * 2)
    done = [each for each in answers if isinstance(each, VelocityHit)]
    assert len(done) == 1, answers
    assert {type(each).__name__ for each in answers} == {"VelocityHit", "WrongState"}
    assert VelocityHit.objects.get(pk=hit.pk).decision == done[0].decision
    owned = ledger.balance("coins", "COIN", hit.user_id)
    held_back = ledger.balance("coins_held", "COIN", hit.user_id)
    assert owned + held_back == 201
    assert held_back == (100 if done[0].decision == Decision.REFUNDED else 0)


def test_control_without_its_locks_the_database_alone_refuses_the_second(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the service's locks several get to the write; the trigger and the ledger's key keep
    the coins from coming twice.
    """

    def unlocked(self: QuerySet[Any], **_: Any) -> QuerySet[Any]:
        return self.all()

    meet_after(monkeypatch, deciding, "_locked_hits")
    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
    hit, answers = decide_at_once([Decision.RELEASED] * 3)
    names = {type(each).__name__ for each in answers}
    assert names != {"VelocityHit", "WrongState"} or len(answers) == 3
    assert sum(isinstance(each, VelocityHit) for each in answers) >= 1
    assert ledger.balance("coins", "COIN", hit.user_id) == 201


def test_a_webhook_and_a_release_at_once_credit_once(committed: None) -> None:
    hit, staff = held(person("fan")), person("staff", is_staff=True)
    order = order_of(hit)
    threads.side_by_side(
        lambda: deciding.decide(hit=hit, decision="released", by=staff, note="Well."),
        lambda: settlement.inspect(order),
        lambda: settlement.inspect(order),
    )
    assert ledger.balance("coins", "COIN", hit.user_id) == 201
    assert Purchase.objects.get(pk=order.pk).state == State.PAID


def test_a_release_that_dies_before_its_posting_leaves_the_hold_as_it_was(committed: None) -> None:
    hit, staff = held(person("fan")), person("staff", is_staff=True)
    ledger_held = connection.copy()
    ledger_held.inc_thread_sharing()
    with ledger_held.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE ledger_posting IN EXCLUSIVE MODE")

    def release() -> VelocityHit:
        return deciding.decide(hit=hit, decision="released", by=staff, note="Well.")

    def kill() -> int:
        with ledger_held.cursor() as cursor:
            try:
                threads.until_waiting(1)
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                return int(cursor.fetchone()[0])
            finally:
                cursor.execute("ROLLBACK")

    died, killed = threads.side_by_side(release, kill, returned=OperationalError)
    ledger_held.close()
    assert (type(died), killed) == (OperationalError, 1)
    assert VelocityHit.objects.get(pk=hit.pk).is_open
    assert ledger.balance("coins", "COIN", hit.user_id) == 101
    release()
    assert ledger.balance("coins", "COIN", hit.user_id) == 201
