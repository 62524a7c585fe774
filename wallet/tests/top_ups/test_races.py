"""Races over auto top-up; each has its control with the guards taken away."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.models import User
from conftest import give_coins, person
from stripe_standin.server import Standin
from testing import threads
from testing.threads import meet_after
from wallet.agreements import rules
from wallet.agreements.turning_off import turn_off
from wallet.models import Purchase, TopUp, TopUpEmail
from wallet.purchases import buying, settlement
from wallet.tests.stage import spend
from wallet.tests.stripe.stage import coins_of
from wallet.tests.top_ups.stage import orders_of, turned_on
from wallet.top_ups import emails, running

RACERS = 4


def at_once(act: Any) -> list[Any]:
    """Let several workers do the same at the same moment; errors are answers too."""
    return threads.together(lambda n: act(), RACERS, returned=Exception)


def fan_who_is_low(handle: str, standin: Standin | None = None) -> User:
    """Return a fan with auto top-up who has sent a gift, and 400 coins left."""
    fan = person(handle)
    give_coins(fan, 600)
    turned_on(fan, standin)
    spend(fan, 200, kind="gift")
    return fan


def test_however_many_workers_look_one_order_is_placed_and_charged(
    committed: None, standin: Standin
) -> None:
    for turn in range(3):
        fan = fan_who_is_low(f"racer{turn}", standin)
        placed = at_once(running.run)
        assert not [answer for answer in placed if isinstance(answer, Exception)]
        [order] = orders_of(fan)
        settlement.inspect(order)
        assert coins_of(fan) == 1_400
    assert len(standin.store.all("payment_intent")) == 3


def test_workers_that_charge_one_order_at_once_take_its_money_once(
    committed: None, standin: Standin
) -> None:
    fan = fan_who_is_low("charged", standin)
    top_up = fan.top_ups.get()
    order = buying.buy_again(top_up=top_up, key=running.key_of(top_up))
    at_once(lambda: settlement.inspect(Purchase.objects.get(pk=order.pk)))
    settlement.inspect(Purchase.objects.get(pk=order.pk))
    assert len(standin.store.all("payment_intent")) == 1
    assert coins_of(fan) == 1_400
    assert TopUpEmail.objects.count() == 1
    assert sum(at_once(emails.send_due)) == 1


def without_the_service(patch: pytest.MonkeyPatch) -> None:
    """Take away the fan's lock and the key that all workers share."""
    meet_after(patch, rules, "refuse_unless_agreed")
    patch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    patch.setattr(running, "key_of", lambda _: uuid.uuid4())


def test_control_without_the_fans_lock_only_the_database_keeps_one_order(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan = fan_who_is_low("control")
    with monkeypatch.context() as patch:
        without_the_service(patch)
        answers = at_once(running.run)
    assert any(isinstance(answer, IntegrityError) for answer in answers)
    assert len(orders_of(fan)) == 1


def off_while_an_order_is_placed(handle: str) -> tuple[User, list[Any]]:
    """Let a fan turn it off while a worker places an order; return what each was told."""
    fan = fan_who_is_low(handle)
    top_up = fan.top_ups.get()
    answers = threads.side_by_side(
        lambda: buying.buy_again(top_up=top_up, key=uuid.uuid4()),
        lambda: turn_off(top_up=TopUp.objects.get(pk=top_up.pk), reason=TopUp.Reason.FAN),
        returned=Exception,
    )
    return fan, answers


def test_an_order_is_placed_before_it_is_off_or_not_at_all(committed: None) -> None:
    for turn in range(5):
        fan, answers = off_while_an_order_is_placed(f"off{turn}")
        placed = orders_of(fan)
        assert isinstance(answers[0], rules.NotNow) == (placed == [])
        assert fan.top_ups.get().state == TopUp.State.OFF
        if placed:
            off_at = fan.top_ups.get().off_at
            assert off_at is not None and placed[0].created_at <= off_at


def test_control_without_its_lock_the_database_still_refuses_what_is_off(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan = fan_who_is_low("late")
    top_up = fan.top_ups.get()
    original = rules.refuse_unless_agreed

    def then_off(agreed: TopUp) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
            original(agreed)
        # What another connection did meanwhile, as this one does not look again.
        threads.together(lambda n: turn_off(top_up=top_up, reason=TopUp.Reason.FAN), 1)

    monkeypatch.setattr(rules, "refuse_unless_agreed", then_off)
    with pytest.raises(IntegrityError, match="not what the fan agreed to"):
        buying.buy_again(top_up=top_up, key=uuid.uuid4())
    assert orders_of(fan) == []
