"""A fan whose order waits for a person is told so by email, and of how it ended."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.test import Client

from accounts.models import User
from wallet import tasks
from wallet.models import HoldEmail, Purchase, Refund, SandboxPayment, SpendingPolicy, VelocityHit
from wallet.providers.sandbox.disputes import complain
from wallet.purchases import settlement
from wallet.refunds import requests
from wallet.reviews.deciding import decide
from wallet.tests.velocity.stage import Action, Kind, held, only, order_of, paid

pytestmark = pytest.mark.django_db
Decision = VelocityHit.Decision
# What a rule counts, and what staff wrote: none of it is for the fan.
INNER = ("card", "rule", "fraud", "account", "suspicious", "Looked at it")


def emails() -> list[tuple[str, str]]:
    """Send what is due, and return the new emails: subject and body."""
    before = len(mail.outbox)
    tasks.email_holds()
    return [(str(one.subject), str(one.body)) for one in mail.outbox[before:]]


@pytest.fixture
def hit(carol: User) -> VelocityHit:
    SpendingPolicy.objects.update(refund_alone_usd=1_000)
    return held(carol)


def decided(hit: VelocityHit, decision: str, by: User) -> None:
    decide(hit=hit, decision=decision, by=by, note="Looked at it")


def test_the_fan_of_a_held_order_is_told_once_and_no_rule_is_named(hit: VelocityHit) -> None:
    [(subject, body)] = emails()
    order = order_of(hit)
    assert "We are checking your order" in subject
    assert "A person checks this order" in body and "100 coins" in body
    assert str(order.public_id) in body
    assert not [word for word in INNER if word in f"{subject} {body}"]
    settlement.inspect(order)
    row = HoldEmail.objects.get()
    assert (row.due_at, row.sent_at is not None) == (None, True)


def test_the_page_says_that_an_email_comes(hit: VelocityHit, carol: User, client: Client) -> None:
    client.force_login(carol)
    page = client.get(f"/orders/{order_of(hit).public_id}/").content.decode()
    assert "We tell you by email" in page


def test_a_released_order_is_told(hit: VelocityHit, dana: User) -> None:
    emails()
    decided(hit, Decision.RELEASED, dana)
    [(subject, body)] = emails()
    assert "Your coins are here" in subject and "everything is well" in body
    assert emails() == []


def test_of_an_order_that_was_decided_first_only_the_end_is_told(
    hit: VelocityHit, dana: User
) -> None:
    decided(hit, Decision.RELEASED, dana)
    [(subject, _body)] = emails()
    assert "Your coins are here" in subject
    assert emails() == []


@pytest.mark.parametrize("decision", [Decision.REFUNDED, Decision.SUSPENDED])
def test_a_refunded_order_is_told_with_its_money(
    hit: VelocityHit, dana: User, decision: str
) -> None:
    emails()
    decided(hit, decision, dana)
    [(subject, body)] = emails()
    assert f"We give {order_of(hit).total} back to you" in subject
    assert "can't complete it" in body
    assert not [word for word in INNER if word in f"{subject} {body}"]


@pytest.mark.parametrize(
    ("then", "words"),
    [(requests.confirm, "back to you"), (requests.reject, "Your coins are here")],
)
def test_nothing_is_told_before_the_second_person_decided(
    hit: VelocityHit, dana: User, erin: User, then: object, words: str
) -> None:
    emails()
    SpendingPolicy.objects.update(refund_alone_usd=0)
    decided(hit, Decision.REFUNDED, dana)
    assert emails() == []
    waits = HoldEmail.objects.get(about="decided")
    assert waits.due_at is not None
    then(refund=Refund.objects.get(), by=erin)  # type: ignore[operator]  # one of two services
    HoldEmail.objects.update(due_at=Now() - timedelta(seconds=1))
    told = [subject for subject, _body in emails()]
    assert len(told) == 1 and words in told[0]


def test_the_buyers_bank_tells_the_rest(hit: VelocityHit) -> None:
    emails()
    order = order_of(hit)
    complain(SandboxPayment.objects.get(pk=order.provider_reference))
    settlement.inspect(order)
    assert Purchase.objects.get(pk=order.pk).captured_at is not None
    assert emails() == []


def test_what_is_only_flagged_is_told_to_nobody(carol: User) -> None:
    only(Kind.CARDS_PER_ACCOUNT, Action.FLAG)
    paid(carol, 101, card="first")
    paid(carol, 100, card="second")
    assert emails() == []


def test_a_mail_server_that_is_down_is_asked_again(
    hit: VelocityHit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setattr("django.core.mail.EmailMessage.send", _away)
        assert emails() == []
    row = HoldEmail.objects.get()
    assert (row.attempts, row.sent_at) == (1, None)
    HoldEmail.objects.update(due_at=Now())
    assert len(emails()) == 1


def _away(*_: object, **__: object) -> int:
    raise OSError("away")
