"""Promises of bonus coins, when staff change the promotion meanwhile and orders settle together."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from conftest import person
from testing.threads import until_waiting
from wallet.models import Promotion, Purchase, PurchaseBonus, SandboxPayment
from wallet.promotions.promises import BonusChanged
from wallet.purchases import buying, settlement
from wallet.tests.promotions import promotion
from wallet.tests.stage import order, press

State = Purchase.State


@pytest.mark.parametrize(
    "change",
    [{"stopped_at": timezone.now()}, {"budget_coins": 50, "per_fan_coins": 50}],
    ids=["stopped", "cut"],
)
def test_what_staff_change_while_an_order_waits_counts(
    committed: None, change: dict[str, Any]
) -> None:
    changed = promotion(coins=100)
    fan = person("waits")
    buying.quote(user=fan, coins=1_000)
    outcome: list[object] = []

    def buy() -> None:
        try:
            press = {"user": fan, "key": uuid.uuid4(), "method": "card", "coins": 1_000}
            outcome.append(buying.buy(**press, expected_bonus=100))  # type: ignore[arg-type]
        except BonusChanged as refusal:
            outcome.append(refusal)
        finally:
            connection.close()

    buyer = threading.Thread(target=buy)
    with transaction.atomic():
        Promotion.objects.filter(pk=changed.pk).update(**change)
        buyer.start()
        until_waiting(1)
    buyer.join()
    assert [type(each) for each in outcome] == [BonusChanged]
    assert not PurchaseBonus.objects.exists()


@pytest.mark.django_db
def test_what_was_promised_comes_before_what_was_given_up() -> None:
    """Both are paid and settled together; the budget is enough for one."""
    promotion(coins=100, budget_coins=150, per_fan_coins=150)
    late = order(person("late"), 1_000)
    Purchase.objects.get(pk=late.pk).move(State.EXPIRED, due_at=None)
    live = order(person("live"), 1_000)
    for each in (late, live):
        press(each, SandboxPayment.State.SUCCEEDED)
        Purchase.objects.filter(pk=each.pk).update(due_at=timezone.now())
    settlement.sweep()
    assert set(Purchase.objects.values_list("state", flat=True)) == {State.PAID}
    granted = PurchaseBonus.objects.filter(granted_at__isnull=False)
    assert [bonus.purchase for bonus in granted] == [live]
