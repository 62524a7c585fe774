"""Stripe's webhooks: who is heard, once however often, and that none is believed."""

import json
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from stripe_standin.deliveries import body_of, sign
from stripe_standin.faults import Kind
from stripe_standin.objects import event
from stripe_standin.server import Standin
from testing.costs import cpu_of
from wallet.models import Purchase, WebhookEvent
from wallet.purchases import inbox, settlement
from wallet.tests.stripe.stage import SECRETS, coins_of, order, ring, to

pytestmark = pytest.mark.django_db
State = Purchase.State


def news(standin: Standin, purchase: Purchase, **changes: Any) -> bytes:
    """Return an event about an order's session."""
    session = standin.account.session(purchase.provider_reference)
    return json.dumps(event("checkout.session.completed", session) | changes).encode()


def work() -> None:
    inbox.read()
    settlement.sweep()


def test_news_make_the_order_due_and_the_answer_credits(
    standin: Standin, carol: User, client: Client
) -> None:
    standin.account.pay(order(carol).provider_reference)
    assert set(standin.deliveries.deliver(to(client))) == {200}
    assert coins_of(carol) == 0
    work()
    assert coins_of(carol) == 1_000


def test_news_ten_times_and_in_any_order_are_one(
    standin: Standin, carol: User, client: Client
) -> None:
    purchase = order(carol)
    standin.account.challenge(purchase.provider_reference)
    standin.account.pay(purchase.provider_reference)
    told = len(standin.store.all("event"))
    answers = standin.deliveries.deliver(to(client), copies=10, shuffled=True)
    assert answers == [200] * told * 10
    assert WebhookEvent.objects.count() == told
    for _ in range(3):
        work()
    assert coins_of(carol) == 1_000


def test_signed_news_of_a_payment_that_stripe_does_not_know_credit_nothing(
    standin: Standin, carol: User, client: Client
) -> None:
    purchase = order(carol)
    session = standin.account.session(purchase.provider_reference)
    claimed = session | {"status": "complete", "payment_status": "paid"}
    body = json.dumps(event("checkout.session.completed", claimed)).encode()
    assert ring(client, body, sign(body, SECRETS)) == 200
    work()
    purchase.refresh_from_db()
    assert (purchase.state, coins_of(carol)) == (State.STARTED, 0)


@pytest.mark.parametrize("secret", SECRETS)
def test_both_secrets_are_heard_while_one_replaces_the_other(
    standin: Standin, carol: User, client: Client, secret: str
) -> None:
    body = news(standin, order(carol))
    assert ring(client, body, sign(body, [secret])) == 200
    assert ring(client, body, sign(body, ["whsec_old", secret])) == 200


def test_a_secret_that_was_taken_away_is_not_heard(
    standin: Standin, carol: User, client: Client, settings: Any
) -> None:
    body = news(standin, order(carol))
    settings.STRIPE_WEBHOOK_SECRETS = SECRETS[1:]
    assert ring(client, body, sign(body, SECRETS[:1])) == 400
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert ring(client, body, sign(body, [""])) == 400
    assert not WebhookEvent.objects.exists()


def test_who_does_not_sign_is_not_heard(standin: Standin, carol: User, client: Client) -> None:
    body = news(standin, order(carol))
    good = sign(body, SECRETS)
    stamp = good.partition(",")[0]
    forged = sign(body, ["whsec_forged"])
    for header in ("", "nothing", stamp, f"{stamp},v1=", f"{stamp},v0=x", forged, "t=x,v1=y"):
        assert ring(client, body, header) == 400, header
    assert ring(client, body + b" ", good) == 400
    assert ring(client, body[:-20], good) == 400
    assert ring(client, b"\xff\xfe" + body, good) == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("seconds", [-310, 310])
def test_stale_and_early_news_are_not_heard(
    standin: Standin, carol: User, client: Client, seconds: int
) -> None:
    body = news(standin, order(carol))
    now = int(time.time())
    assert ring(client, body, sign(body, SECRETS, now + seconds)) == 400
    assert ring(client, body, sign(body, SECRETS, now + seconds // 2)) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"livemode": True},
        {"livemode": None},
        {"account": "acct_other"},
        {"context": "acct_other"},
        {"object": "v2.core.event"},
        {"id": "evt_" + "x" * 200},
        {"id": "evt_\u0000"},
        {"id": 7},
        {"data": {}},
        {"data": {"object": {"object": "charge", "id": None}}},
        {"data": {"object": []}},
    ],
)
def test_news_of_another_mode_or_account_and_nonsense_are_not_heard(
    standin: Standin, carol: User, client: Client, changes: dict[str, Any]
) -> None:
    body = news(standin, order(carol), **changes)
    assert ring(client, body, sign(body, SECRETS)) == 400
    assert not WebhookEvent.objects.exists()


def test_a_megabyte_is_refused_quickly_and_changes_nothing(
    standin: Standin, carol: User, client: Client
) -> None:
    order(carol)
    body = b"{" + b"x" * 1_000_000
    signature = sign(body, SECRETS)
    statuses: list[int] = []
    act = lambda: statuses.append(ring(client, body, signature))  # noqa: E731  # measured thrice
    spent = min(cpu_of(act) for _ in range(3))
    assert set(statuses) == {413}
    assert spent < 0.05
    most = b'{"x": "' + b"y" * 255_980 + b'"}'
    assert len(most) < 256_000 and ring(client, most, sign(most, SECRETS)) == 400
    assert not WebhookEvent.objects.exists()


def test_news_of_a_refund_name_the_payment(standin: Standin, carol: User, client: Client) -> None:
    purchase = order(carol)
    standin.account.pay(purchase.provider_reference)
    intent = standin.account.intent_of(standin.account.session(purchase.provider_reference))
    charge = standin.account.charge_of(intent)
    assert charge is not None
    standin.account.give_back(charge, 100, {})
    assert set(standin.deliveries.deliver(to(client))) == {200}
    named = set(WebhookEvent.objects.values_list("reference", flat=True))
    assert named == {purchase.provider_reference, intent["id"]}


def test_news_are_kept_as_they_came(standin: Standin, carol: User, client: Client) -> None:
    purchase = order(carol)
    standin.account.expire(purchase.provider_reference)
    standin.deliveries.deliver(to(client))
    [told] = standin.store.all("event")
    kept = WebhookEvent.objects.get()
    assert (kept.event_id, bytes(kept.body)) == (told["id"], body_of(told))


def test_news_of_others_are_filed(standin: Standin, carol: User, client: Client) -> None:
    body = news(standin, order(carol), id=f"evt_{uuid.uuid4().hex}")
    other = body.replace(b"cs_test_", b"cs_test_other")
    assert ring(client, other, sign(other, SECRETS)) == 200
    WebhookEvent.objects.update(received_at=WebhookEvent.objects.get().received_at - timedelta(1))
    work()
    assert WebhookEvent.objects.get().outcome == "no such order"


def test_late_news_that_no_webhook_brought_are_asked_for_once(
    standin: Standin, carol: User, client: Client
) -> None:
    purchase = order(carol)
    standin.account.pay(purchase.provider_reference)
    intent = standin.account.intent_of(standin.account.session(purchase.provider_reference))
    standin.account.open_dispute(standin.account.charge_of(intent) or {}, inquiry=True)
    for _ in range(2):
        inbox.ask_for_missed(timedelta(hours=1))
    found = WebhookEvent.objects.get()
    assert (found.reference, b"charge.dispute.created" in bytes(found.body)) == (intent["id"], True)
    standin.deliveries.deliver(to(client))  # and the webhook comes after all
    assert WebhookEvent.objects.filter(reference=intent["id"]).count() == 1 + len(
        [e for e in standin.store.all("event") if e["type"] == "charge.succeeded"]
    )
    standin.faults.order(Kind.ERROR_500, times=3)
    inbox.ask_for_missed(timedelta(hours=1))
