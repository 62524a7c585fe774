"""Closing an account: what goes back, what is in the way, keeping it, and the end."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

import ledger
from accounts.models import SpendingLimit, User
from accounts.tests.people import signed_in
from care.closing import emails, finishing, refusals, services
from care.closing.offers import offer_of
from care.models import Closing
from conftest import api_key
from gifts.tests.clawback.stage import bought, buyer, sent
from live.models import Stream
from payouts.tests.builders import bank_account, ready
from video import stream_keys
from wallet.models import Purchase, Refund, SandboxPayment, SandboxRefund
from wallet.purchases import settlement
from wallet.refunds import refusals as refund_refusals
from wallet.refunds import requests, sending
from wallet.tests import stage
from wallet.tests.disputes.stage import audit, disputed

pytestmark = pytest.mark.django_db


@pytest.fixture
def fan(db: None) -> User:
    return buyer("frida")


def arrive() -> None:
    sending.send_due()
    for order in Purchase.objects.filter(refunds__state="sent"):
        settlement.inspect(order)


def later(days: int = 15) -> None:
    """Let so many days pass for the closings that are under way, and let the worker look."""
    for closing in Closing.objects.under_way():
        at = closing.closes_at - timedelta(days=days)
        Closing.objects.filter(pk=closing.pk).update(closes_at=at, due_at=at)
    finishing.finish_due()


def close_page(browser: Client, **answers: Any) -> Any:
    """Press the button, prove who does, and return the answer."""
    answer = browser.post(reverse("care:close"), answers)
    if not answer.headers.get("Location", "").startswith(reverse("account_reauthenticate")):
        return answer
    return browser.post(answer["Location"], {"password": "harbour-night-7"})


def test_unused_coins_go_back_and_after_the_grace_nothing_says_who_it_was(
    fan: User, bob: User, stream: Stream
) -> None:
    first, second = bought(fan, 500), bought(fan, 300)
    sent(fan, stream, 4)
    SpendingLimit.objects.create(user=fan, span="day", coins=5)
    offer = offer_of(fan)
    assert [(o.purchase.pk, o.coins) for o in offer.returned] == [(second.pk, 300), (first.pk, 400)]
    assert (offer.loses, offer.blocks) == (False, [])
    closing = services.ask(user=fan)
    refunds = Refund.objects.filter(reason="closing")
    assert {r.coins for r in refunds} == {300, 400}
    arrive()
    later(1)
    closing.refresh_from_db()
    assert closing.closed_at is None
    later()
    closing.refresh_from_db()
    assert closing.closed_at
    fan.refresh_from_db()
    assert (fan.handle, fan.display_name, fan.date_of_birth) == ("frida", "", None)
    assert fan.email.endswith("@closed.invalid")
    assert not (fan.is_active or fan.has_usable_password() or fan.emailaddress_set.exists())
    assert not SpendingLimit.objects.exists()
    assert ledger.balance("coins", "COIN", fan.pk) == 0


def test_the_books_agree_at_each_step(fan: User, stream: Stream) -> None:
    bought(fan, 500)
    sent(fan, stream, 4)
    services.ask(user=fan)
    audit()
    arrive()
    audit()
    later()
    assert Closing.objects.get().closed_at
    audit()


def test_one_closes_on_a_page_after_the_password(fan: User) -> None:
    order, browser, key = bought(fan, 500), signed_in(fan), api_key(fan)
    page = browser.get(reverse("care:close")).content.decode()
    assert order.total.__html__() in page
    stale = Client()
    stale.force_login(fan)  # without a password of late
    assert "reauthenticate" in stale.post(reverse("care:close"))["Location"]
    assert not Closing.objects.exists()
    answer = close_page(browser)
    assert answer["Location"] == reverse("care:closed")
    assert browser.get("/wallet/").status_code == 302
    assert stale.get("/wallet/").status_code == 302
    program = Client(headers={"Authorization": f"Token {key}"})
    assert program.get("/api/v1/wallet/").status_code == 401
    emails.send_due()
    letter = mail.outbox[-1]
    assert letter.subject.endswith("Your account will be closed")
    assert str(order.total) in letter.body


def test_signing_in_keeps_the_account(fan: User) -> None:
    bought(fan, 500)
    close_page(signed_in(fan))
    browser = signed_in(fan)
    assert "Your account stays open" in browser.get("/wallet/").content.decode()
    closing = Closing.objects.get()
    assert closing.undone_at
    later()
    closing.refresh_from_db()
    assert closing.closed_at is None
    emails.send_due()
    assert mail.outbox[-1].subject.endswith("Your account stays open")
    assert Refund.objects.get().state == "held"
    close_page(signed_in(fan))  # another time
    assert Closing.objects.count() == 2


def test_asking_twice_is_asking_once(fan: User) -> None:
    bought(fan, 500)
    assert services.ask(user=fan) == services.ask(user=fan)
    assert Refund.objects.count() == 1
    with pytest.raises(IntegrityError, match="one_closing"), transaction.atomic():
        Closing.objects.create(user=fan, closes_at=timezone.now())


def test_what_is_in_the_way_is_said_first(fan: User, bob: User, dana: User, stream: Stream) -> None:
    for person, words in ((dana, "You work here"), (bob, "You are live")):
        with pytest.raises(refusals.ClosingBlocked, match=words):
            services.ask(user=person, gives_up=True)
    stage.order(fan, 300)
    with pytest.raises(refusals.ClosingBlocked, match="waiting to be paid"):
        services.ask(user=fan)
    Purchase.objects.filter(user=fan).update(state="cancelled", due_at=None)
    disputed(bought(fan, 100))
    with pytest.raises(refusals.ClosingBlocked, match="Your bank is deciding"):
        services.ask(user=fan)
    Stream.objects.update(state="ended", ended_at=timezone.now())
    ready(bob)
    with pytest.raises(refusals.ClosingBlocked, match="payout is on its way"):
        services.ask(user=bob, gives_up=True)
    answer = close_page(signed_in(bob))
    assert (answer.status_code, Closing.objects.count()) == (409, 0)


def test_diamonds_are_given_up_by_choice_alone(fan: User, bob: User, stream: Stream) -> None:
    bought(fan, 500)
    sent(fan, stream, 4)
    bank_account(bob)
    Stream.objects.update(state="ended", ended_at=timezone.now())
    offer = offer_of(bob)
    assert (offer.diamonds, offer.loses) == (100, True)
    browser = signed_in(bob)
    page = browser.get(reverse("care:close")).content.decode()
    assert "Pay them out first" in page
    answer = close_page(browser)
    assert answer.status_code == 422
    assert "Confirm that you give it up" in answer.content.decode()
    assert close_page(browser, gives_up="on").status_code == 302
    later()
    closing = Closing.objects.get()
    assert (closing.diamonds_given_up, bool(closing.closed_at)) == (100, True)
    audit()


def test_orders_that_are_too_old_are_named_and_given_up(fan: User, settings: Settings) -> None:
    settings.CLOSING_REFUND_DAYS = 30
    order = bought(fan, 500)
    Purchase.objects.filter(pk=order.pk).update(captured_at=timezone.now() - timedelta(days=31))
    (offer,) = offer_of(fan).orders
    assert offer.why_not == "Older than 30 days."
    with pytest.raises(refusals.MustGiveUp):
        services.ask(user=fan)
    services.ask(user=fan, gives_up=True)
    assert not Refund.objects.exists()
    later()
    assert Closing.objects.get().coins_given_up == 500


def test_it_waits_for_refunds_and_for_staff_when_one_fails(
    fan: User, caplog: pytest.LogCaptureFixture
) -> None:
    order = bought(fan, 500)
    services.ask(user=fan)
    later()
    waiting = Closing.objects.get()  # the refund is on its way, and nobody has to look
    assert (waiting.closed_at, waiting.needs_attention, caplog.messages) == (None, "", [])
    arrive()
    payment = SandboxPayment.objects.get(pk=order.provider_reference)
    SandboxRefund.objects.filter(payment=payment).update(failed="lost_or_stolen_card")
    settlement.inspect(order)
    Closing.objects.update(due_at=timezone.now())
    finishing.finish_due()
    closing = Closing.objects.get()
    assert closing.closed_at is None
    assert "A refund failed" in closing.needs_attention


def test_what_was_paid_in_the_last_moment_goes_back_too(fan: User) -> None:
    services.ask(user=fan)
    bought(fan, 300)
    later()
    assert Refund.objects.get().coins == 300
    arrive()
    Closing.objects.update(due_at=timezone.now())
    finishing.finish_due()
    assert Closing.objects.get().closed_at


def test_the_database_closes_nothing_that_holds_more_than_was_given_up(
    fan: User, bob: User
) -> None:
    bought(fan, 500)
    services.ask(user=fan)
    with pytest.raises(IntegrityError, match="closes empty"), transaction.atomic():
        Closing.objects.update(closed_at=timezone.now())
    with pytest.raises(IntegrityError, match="only_what_is_given_up"), transaction.atomic():
        Closing.objects.update(coins_given_up=5)
    with pytest.raises(IntegrityError, match="undone_or_done"), transaction.atomic():
        Closing.objects.create(
            user=bob, closes_at=timezone.now(), undone_at=timezone.now(), closed_at=timezone.now()
        )


def test_nobody_takes_the_handle_of_a_closed_account(fan: User, carol: User) -> None:
    from accounts.services import HandleTaken, save_profile

    services.ask(user=fan)
    later()
    with pytest.raises(HandleTaken), transaction.atomic():
        save_profile(user=carol, handle="frida", display_name="")


def test_a_fan_can_do_nothing_with_what_goes_back(fan: User, stream: Stream) -> None:
    order = bought(fan, 500)
    services.ask(user=fan)
    with pytest.raises(refund_refusals.NothingUnused):
        requests.withdraw(purchase=order, key=uuid.uuid4())


def test_programs_read_what_closing_would_mean(fan: User) -> None:
    order = bought(fan, 500)
    program = Client(headers={"Authorization": f"Token {api_key(fan)}"})
    answer = program.get("/api/v1/me/closing/").json()
    (found,) = answer["orders"]
    assert (found["order"], found["coins"]) == (str(order.public_id), 500)
    assert answer["blocks"] == []
    assert program.post("/api/v1/me/closing/").status_code == 405


def test_a_creator_who_closes_streams_no_more(fan: User) -> None:
    User.objects.filter(pk=fan.pk).update(is_creator=True)
    fan.refresh_from_db()
    key = stream_keys.rotate(creator=fan)
    services.ask(user=fan, gives_up=True)
    assert stream_keys.use(key) is None
