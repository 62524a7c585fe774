"""News that come while a provider is being asked: the answer under way does not hold them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.test import Client
from django.utils import timezone
from stripe.checkout._session_service import SessionService

from accounts.models import User
from stripe_standin.server import Standin
from wallet import tasks
from wallet.models import Dispute, Purchase
from wallet.providers import registry
from wallet.purchases import asking, inbox, settlement
from wallet.tests.stripe.stage import charge, crowd, make_due, order, paid, states, to

State = Purchase.State


def between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do something when everybody was asked and nothing is settled yet, once."""
    groups = settlement._groups

    def interrupted(told: list[settlement.Told]) -> list[list[settlement.Told]]:
        monkeypatch.setattr(settlement, "_groups", groups)
        act()
        return groups(told)

    monkeypatch.setattr(settlement, "_groups", interrupted)


def test_an_inquiry_that_comes_meanwhile_is_found(
    committed: None, standin: Standin, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = crowd(standin, 6)
    settlement.sweep()
    assert states(orders) == [State.PAID] * 6
    for each in orders:
        make_due(each)

    def inquire() -> None:
        standin.account.open_dispute(charge(standin, orders[0]), inquiry=True)
        standin.deliveries.deliver(to(client))
        inbox.read()

    between(monkeypatch, inquire)
    settlement.sweep()
    assert not Dispute.objects.exists()
    settlement.sweep()
    assert Dispute.objects.get().purchase == orders[0]
    assert not Purchase.objects.exclude(due_at=None).exists()


@pytest.mark.django_db
def test_an_order_paid_meanwhile_does_not_expire(standin: Standin, carol: User) -> None:
    purchase = order(carol)
    Purchase.objects.update(created_at=timezone.now() - timedelta(hours=25))
    purchase.refresh_from_db()
    answer = asking.ask(purchase)
    standin.account.pay(purchase.provider_reference, card="visa")
    make_due(purchase)  # as the inbox does
    settlement.settle([(purchase, answer)])
    assert states([purchase]) == [State.STARTED]
    settlement.sweep()
    assert states([purchase]) == [State.PAID]


@pytest.mark.django_db
def test_an_order_paid_meanwhile_is_asked_about_at_once(standin: Standin, carol: User) -> None:
    purchase = order(carol)
    Purchase.objects.update(created_at=timezone.now() - timedelta(hours=1))
    purchase.refresh_from_db()
    answer = asking.ask(purchase)
    standin.account.pay(purchase.provider_reference, card="visa")
    make_due(purchase)
    settlement.settle([(purchase, answer)])
    settlement.sweep()
    assert states([purchase]) == [State.PAID]


@pytest.mark.django_db
def test_a_list_that_is_none_costs_only_its_question(
    standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = crowd(standin, 8)
    nothing: stripe.ListObject[Any] = stripe.ListObject.construct_from({"object": "list"}, "key")
    monkeypatch.setattr(SessionService, "list", lambda *_asked, **_more: nothing)
    settlement.sweep()
    assert states(orders) == [State.PAID] * 8


@pytest.mark.django_db
def test_coins_do_not_wait_for_the_slowest_answer(
    standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = crowd(standin, 3)  # too few for a page
    seen: list[list[str]] = []

    def late(_answer: asking.Answer, _seconds: float) -> bool:
        seen.append(states(orders))
        return True

    monkeypatch.setattr(asking.Answer, "is_late", late)
    settlement.sweep()
    # Before an answer is waited for, what is there already is booked.
    assert seen == [[State.STARTED] * 3, [State.PAID, State.STARTED, State.STARTED]]
    assert states(orders) == [State.PAID] * 3


def test_a_task_that_asks_goes_on_when_asking_together_breaks(
    committed: None, standin: Standin, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = paid(standin, carol)
    assert purchase.state == State.PAID
    monkeypatch.setattr(registry, "far_away", lambda _name: 1 / 0)
    make_due(purchase)
    tasks.sweep()
    assert not Purchase.objects.exclude(due_at=None).exists()
