"""What each rule about orders counts, and what it refuses, holds and lets through."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import ledger
from accounts.models import Trace, User
from conftest import api_key, person
from wallet.models import OrderTrace, Purchase, PurchaseEvent, VelocityHit, VelocityRule
from wallet.purchases import buying
from wallet.tests import stage
from wallet.tests.velocity.stage import HOME, Action, Kind, declined, only, origin, paid
from wallet.velocity.refusals import OrderRefused

pytestmark = pytest.mark.django_db
State = Purchase.State


def coins_of(user: User) -> int:
    return ledger.balance("coins", "COIN", user.pk)


def hits() -> list[tuple[str, int, str]]:
    return list(VelocityHit.objects.order_by("pk").values_list("kind", "counted", "action"))


def test_one_card_more_than_allowed_holds_the_order(carol: User) -> None:
    only(Kind.CARDS_PER_ACCOUNT, threshold=2)
    for number, card in enumerate(["one", "two", "two", "three"]):
        order = paid(carol, 100 + number, card=card)
        assert order.state == (State.REVIEW if card == "three" else State.PAID)
    assert coins_of(carol) == 303
    assert hits() == [(Kind.CARDS_PER_ACCOUNT, 3, Action.HOLD)]
    hit = VelocityHit.objects.get()
    assert len(hit.pks("orders")) == 4
    assert hit.said == "More than 2 cards on one account within 24 hours: hold the order."


def test_what_lies_before_the_window_is_not_counted(carol: User) -> None:
    only(Kind.CARDS_PER_ACCOUNT)
    paid(carol, 100, card="one")
    OrderTrace.objects.update(paid_at=timezone.now() - timedelta(hours=25))
    assert paid(carol, 101, card="two").state == State.PAID
    assert paid(carol, 102, card="three").state == State.REVIEW


def test_one_card_in_many_accounts(alice: User, carol: User) -> None:
    only(Kind.ACCOUNTS_PER_CARD)
    assert paid(alice, card="stolen").state == State.PAID
    assert paid(carol, card="another").state == State.PAID
    assert paid(carol, 101, card="stolen").state == State.REVIEW
    assert set(VelocityHit.objects.get().pks("accounts")) == {alice.pk, carol.pk}


def test_one_browser_in_many_accounts(alice: User, carol: User) -> None:
    only(Kind.ACCOUNTS_PER_DEVICE)
    assert paid(alice, browser="phone").state == State.PAID
    assert paid(carol, browser="").state == State.PAID
    assert paid(carol, 101, browser="phone").state == State.REVIEW


def test_one_network_in_many_accounts(alice: User, carol: User) -> None:
    only(Kind.ACCOUNTS_PER_NETWORK)
    assert paid(alice, ip=HOME).state == State.PAID
    assert paid(carol, ip="198.51.100.1").state == State.PAID
    assert paid(carol, 101, ip="203.0.113.200").state == State.REVIEW


def test_failed_payments_refuse_the_next_order(carol: User) -> None:
    only(Kind.FAILED_PAYMENTS, Action.BLOCK, threshold=2)
    for coins in (100, 101, 102):
        assert declined(carol, coins).state == State.DECLINED
    with pytest.raises(OrderRefused):
        stage.order(carol, 103)
    assert hits() == [(Kind.FAILED_PAYMENTS, 3, Action.BLOCK)]
    PurchaseEvent.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert stage.order(carol, 103)


def test_a_new_account_spends_no_more_than_the_rule_says(carol: User) -> None:
    only(Kind.NEW_ACCOUNT_SPENDING, Action.BLOCK, threshold=15, account_days=7, window_hours=168)
    paid(carol, 1_000)  # 10 US dollars
    assert stage.order(carol, 500)
    with pytest.raises(OrderRefused):
        stage.order(carol, 100)
    User.objects.update(date_joined=timezone.now() - timedelta(days=8))
    assert stage.order(carol, 101)


def test_cards_of_many_countries(carol: User) -> None:
    only(Kind.COUNTRIES, Action.FLAG, threshold=1)
    assert paid(carol).state == State.PAID
    Purchase.objects.update(paid_from="US")
    assert paid(carol, 101).state == State.PAID
    assert hits() == [(Kind.COUNTRIES, 2, Action.FLAG)]


def test_a_flag_lets_the_coins_through(carol: User) -> None:
    only(Kind.CARDS_PER_ACCOUNT, Action.FLAG)
    paid(carol, 100, card="one")
    order = paid(carol, 101, card="two")
    assert (order.state, coins_of(carol)) == (State.PAID, 201)
    assert hits() == [(Kind.CARDS_PER_ACCOUNT, 2, Action.FLAG)]


def test_a_rule_that_is_switched_off_finds_nothing(carol: User) -> None:
    only(Kind.CARDS_PER_ACCOUNT)
    VelocityRule.objects.update(active=False)
    paid(carol, 100, card="one")
    assert paid(carol, 101, card="two").state == State.PAID
    assert hits() == []


def test_a_refused_order_leaves_nothing_but_its_hit(client: Client, carol: User) -> None:
    only(Kind.FAILED_PAYMENTS, Action.BLOCK)
    for coins in (100, 101):
        declined(carol, coins)
    before = (Purchase.objects.count(), PurchaseEvent.objects.count(), Trace.objects.count())
    key = uuid.uuid4()
    for _again in range(3):
        with pytest.raises(OrderRefused):
            buying.buy(user=carol, key=key, method="card", coins=102, origin=origin("phone"))
    after = (Purchase.objects.count(), PurchaseEvent.objects.count(), Trace.objects.count())
    assert before == after
    assert hits() == [(Kind.FAILED_PAYMENTS, 2, Action.BLOCK)]
    told = client.post(
        "/api/v1/purchases/",
        {"key": str(key), "method": "card", "coins": 102},
        content_type="application/json",
        headers={"Authorization": f"Token {api_key(carol)}"},
    )
    assert (told.status_code, told.json()["code"]) == (403, "order_refused")
    # A thief is told neither what was counted nor how much of it is allowed.
    for secret in ("failed", "card", "24", "rule", "fraud"):
        assert secret not in told.json()["detail"].lower()


def test_a_page_keeps_where_the_order_came_from(client: Client, carol: User) -> None:
    client.force_login(carol)
    client.get("/coins/", REMOTE_ADDR="198.51.100.7")
    offer = buying.quote(user=carol, coins=500)
    answer = client.post(
        "/coins/checkout/",
        {
            "pack": "custom",
            "coins": 500,
            "seen": "custom:500",
            "total": offer.total_minor,
            "key": uuid.uuid4(),
            "method": "card",
        },
        REMOTE_ADDR="198.51.100.7",
        HTTP_X_FORWARDED_FOR="203.0.113.9",
    )
    assert answer.status_code == 302, answer.content.decode()[:300]
    trace = Purchase.objects.get().trace
    assert (trace.ip, trace.network) == ("198.51.100.7", "198.51.100.0/24")
    assert trace.device == carol.traces.get(kind="device").value
    assert trace.account_days == 0


def test_a_household_is_not_its_network(carol: User) -> None:
    """The default rules: three people of one home with one card, and nobody waits."""
    for number in range(3):
        fan = person(f"home{number}", date_joined=timezone.now() - timedelta(days=30))
        assert paid(fan, card="mum's", browser="tablet").state == State.PAID
    assert hits() == []
