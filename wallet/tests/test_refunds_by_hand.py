"""Refunds that fail or cannot be sent: the fan is told, and two people give back by hand."""

import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

import ledger
from accounts.approvers import ApproverTooNew
from accounts.models import User
from foundation.errors import WrongState
from wallet import tasks
from wallet.models import Purchase, Refund, SandboxPayment, SandboxRefund
from wallet.purchases import settlement
from wallet.refunds import by_hand, emails, refusals, requests, sending
from wallet.tests.disputes.stage import audit
from wallet.tests.stage import paid, spend

pytestmark = pytest.mark.django_db
State = Refund.State


def asked(order: Purchase) -> Refund:
    return requests.withdraw(purchase=order, key=uuid.uuid4())


def switched_off(settings: Settings) -> None:
    settings.PAYMENT_PROVIDERS = []


def failed(order: Purchase) -> Refund:
    """Return a refund that the provider took and the bank refused."""
    refund = asked(order)
    payment = SandboxPayment.objects.get(pk=order.provider_reference)
    sending.send(refund)
    refund.refresh_from_db()
    SandboxRefund.objects.filter(payment=payment).update(failed="expired_or_canceled_card")
    settlement.inspect(order)
    refund.refresh_from_db()
    assert refund.state == State.FAILED
    return refund


def test_a_provider_that_is_off_is_named_at_once_and_asked_on(
    carol: User, settings: Settings
) -> None:
    refund = asked(paid(carol))
    with settings_without_providers(settings):
        sending.send_due()
        refund.refresh_from_db()
        assert "switched off" in refund.needs_attention
        assert (refund.state, refund.due_at is not None) == (State.HELD, True)
    Refund.objects.update(due_at=timezone.now())
    sending.send_due()
    refund.refresh_from_db()
    assert (refund.state in {State.SENT, State.DONE}, refund.needs_attention) == (True, "")


class settings_without_providers:  # noqa: N801  # reads as a sentence
    """For a while no provider is listed."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.before = settings, settings.PAYMENT_PROVIDERS

    def __enter__(self) -> None:
        switched_off(self.settings)

    def __exit__(self, *_: object) -> None:
        self.settings.PAYMENT_PROVIDERS = self.before


def test_two_people_give_back_by_hand_and_it_is_booked_from_the_bank(
    carol: User, dana: User, erin: User
) -> None:
    order = paid(carol)
    clearing = ledger.balance("clearing:sandbox", order.currency)
    refund = by_hand.propose(refund=asked(order), reference="SEPA 4711", by=dana)
    Refund.objects.update(due_at=timezone.now())  # as a worker that put it off would
    assert sending.send_due() == 0  # the provider is not asked any more
    with pytest.raises(refusals.OwnRefund):
        by_hand.confirm(refund=refund, by=dana)
    refund = by_hand.confirm(refund=refund, by=erin)
    assert (refund.state, refund.by_hand_confirmed_by) == (State.DONE, erin)
    assert ledger.balance("bank", order.currency) == -order.total_minor
    assert ledger.balance("clearing:sandbox", order.currency) == clearing
    assert ledger.balance("coins", "COIN", carol.pk) == 0
    with pytest.raises(WrongState):
        by_hand.confirm(refund=refund, by=erin)
    audit()


def test_a_person_who_was_just_made_confirms_nothing(carol: User, dana: User, erin: User) -> None:
    refund = by_hand.propose(refund=asked(paid(carol)), reference="SEPA 4711", by=dana)
    erin.date_joined = timezone.now()
    with pytest.raises(ApproverTooNew):
        by_hand.confirm(refund=refund, by=erin)


def test_whoever_asked_for_the_refund_does_not_confirm_that_it_left(
    carol: User, dana: User, erin: User
) -> None:
    order = paid(carol)
    given = requests.give_back(
        purchase=order, key=uuid.uuid4(), amount_minor=100, by=erin, note="Cut off"
    )
    refund = by_hand.propose(refund=given, reference="SEPA 4711", by=dana)
    with pytest.raises(refusals.OwnRefund):
        by_hand.confirm(refund=refund, by=erin)


@pytest.mark.parametrize("reference", ["", " \u200b", "x" * 81])
def test_a_transfer_has_a_reference(carol: User, dana: User, reference: str) -> None:
    with pytest.raises(refusals.ReferenceMissing):
        by_hand.propose(refund=asked(paid(carol)), reference=reference, by=dana)


def test_what_was_taken_back_goes_to_the_provider_again(carol: User, dana: User) -> None:
    refund = by_hand.propose(refund=asked(paid(carol)), reference="SEPA 4711", by=dana)
    by_hand.withdraw(refund=refund)
    assert sending.send_due() == 1
    audit()


def test_one_person_cannot_do_it_in_the_table_either(carol: User, dana: User, erin: User) -> None:
    refund = by_hand.propose(refund=asked(paid(carol)), reference="SEPA 4711", by=dana)
    done: dict[str, Any] = {"state": State.DONE, "done_at": timezone.now()}
    for wrong in ({}, {"by_hand_confirmed_by": dana}):
        with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
            Refund.objects.filter(pk=refund.pk).update(**done, **wrong)


def test_the_provider_that_did_it_after_all_makes_the_proposal_void(
    carol: User, dana: User
) -> None:
    order = paid(carol)
    refund = asked(order)
    payment = SandboxPayment.objects.get(pk=order.provider_reference)
    SandboxRefund.objects.create(
        idempotency_key=str(refund.public_id), payment=payment, amount_minor=order.total_minor
    )
    by_hand.propose(refund=refund, reference="SEPA 4711", by=dana)
    settlement.inspect(order)
    refund.refresh_from_db()
    assert (refund.by_hand, refund.state in {State.SENT, State.DONE}) == ("", True)
    audit()


def test_a_fan_whose_refund_failed_is_told_once_what_happens_next(carol: User) -> None:
    refund = failed(paid(carol))
    assert (emails.send_due(), emails.send_due()) == (1, 0)
    letter = mail.outbox[-1]
    assert letter.to == [carol.email]
    assert letter.subject.endswith(f"Your refund of {refund.total} could not be sent")
    assert "1,000 coins are in your wallet again" in letter.body
    assert "What happens next" in letter.body


def test_an_email_that_the_server_does_not_take_waits_and_the_next_one_goes(
    carol: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, told = failed(paid(carol)), failed(paid(alice))
    send = EmailMessage.send

    def picky(letter: EmailMessage, **more: Any) -> int:
        if letter.to == [carol.email]:
            raise OSError("451")
        return send(letter, **more)

    monkeypatch.setattr(EmailMessage, "send", picky)
    assert emails.send_due() == 1
    refused.refresh_from_db()
    told.refresh_from_db()
    assert told.notify_at is None
    assert refused.notify_at and refused.notify_at > timezone.now()


def test_the_sweep_tells_too(carol: User) -> None:
    failed(paid(carol))
    tasks.sweep()
    assert any("could not be sent" in str(m.subject) for m in mail.outbox)


def test_a_refund_that_failed_goes_back_by_hand_once(carol: User, dana: User, erin: User) -> None:
    order = paid(carol)
    first = failed(order)
    spend(carol, 400)  # of the coins that were free again
    stands = by_hand.propose(refund=first, reference="SEPA 4711", by=dana)
    assert (stands.instead_of, stands.total_minor) == (first, first.total_minor)
    assert (stands.coins, stands.loss_minor > 0) == (600, True)
    with pytest.raises(WrongState):
        by_hand.propose(refund=first, reference="SEPA 4712", by=dana)
    by_hand.confirm(refund=stands, by=erin)
    assert ledger.balance("bank", order.currency) == -order.total_minor
    audit()


def test_staff_do_it_on_the_refunds_page(carol: User, dana: User, erin: User) -> None:
    first = failed(paid(carol))
    one, two = Client(), Client()
    one.force_login(dana)
    two.force_login(erin)
    page = reverse("admin:wallet_refund_change", args=[first.pk])
    assert "back by hand" in one.get(page).content.decode()
    answer = one.post(
        reverse("admin:wallet_refund_by_hand", args=[first.pk]), {"reference": "SEPA 4711"}
    )
    stands = Refund.objects.get(instead_of=first)
    assert answer["Location"].endswith(f"/{stands.pk}/change/")
    shown = one.get(answer["Location"]).content.decode()
    assert "another person must confirm it" in shown
    assert "Yes, the money left" in two.get(answer["Location"]).content.decode()
    two.post(reverse("admin:wallet_refund_left", args=[stands.pk]))
    stands.refresh_from_db()
    assert stands.state == State.DONE
