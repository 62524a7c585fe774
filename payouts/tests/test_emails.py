"""Emails to creators are sent once and hold no bank details."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from payouts import emails
from payouts.models import Proposal
from payouts.proposals import services
from payouts.tests.builders import (
    answered,
    bank_account,
    came_back,
    confirm_all,
    eur,
    ready,
    sent,
)

ADDED = "[SANDBOX] A payout bank account was added"
ARRIVED = "[SANDBOX] €68.18 has reached your bank"
RETURNED = "[SANDBOX] Your bank returned €68.18"


def told() -> list[str]:
    emails.send_due()
    return [str(message.subject) for message in mail.outbox]


def test_of_a_debit_and_its_return_only_the_return_is_told(
    bob: User, dana: User, erin: User
) -> None:
    payout = ready(bob)
    answered(dana, sent(dana, erin, payout), returned=(payout,))
    assert told() == [ADDED]  # whether it arrived is not decided yet
    confirm_all(erin)
    assert told() == [ADDED, RETURNED]
    assert all(message.to == [bob.email] for message in mail.outbox)
    assert "the account is closed" in mail.outbox[1].body
    assert not any(
        re.search(r"[A-Z]{2}\d\d[A-Z0-9]{11,}", str(message.body)) for message in mail.outbox
    )
    assert emails.send_due() == 0


def test_an_arrival_is_told_once_its_return_is_rejected(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    answered(dana, sent(dana, erin, payout), returned=(payout,))
    services.reject(proposal=Proposal.objects.get(), by=erin)
    assert told() == [ARRIVED, ADDED]
    assert eur("cash", bob) == 0


def test_a_return_is_told_after_the_arrival(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    batch = sent(dana, erin, payout)
    answered(dana, batch)
    assert told() == [ARRIVED, ADDED]
    came_back(dana, erin, batch, payout)
    assert told() == [ARRIVED, ADDED, RETURNED]


def test_an_email_that_fails_is_due_again(bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    method = bank_account(bob)
    monkeypatch.setattr(emails, "send_mail", _no_post_office)
    with pytest.raises(ConnectionError):
        emails.send_due()
    method.refresh_from_db()
    assert method.notify_at is not None and method.notify_at > timezone.now()
    monkeypatch.undo()
    type(method).objects.update(notify_at=timezone.now())
    assert emails.send_due() == 1


def _no_post_office(*args: object) -> None:
    raise ConnectionError
