"""Emails to creators are sent once and hold no bank details."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from payouts import emails
from payouts.tests.builders import (
    answered,
    bank_account,
    ready,
    sent,
)


def test_the_creator_gets_one_email(bob: User, dana: User, erin: User) -> None:
    payout = ready(bob)
    answered(dana, sent(dana, erin, payout), returned=(payout,))
    emails.send_due()
    subjects = [message.subject for message in mail.outbox]
    assert subjects == [
        "[SANDBOX] €68.18 has reached your bank",
        "[SANDBOX] Your bank returned €68.18",
        "[SANDBOX] A payout bank account was added",
    ]
    assert all(message.to == [bob.email] for message in mail.outbox)
    assert "the account is closed" in mail.outbox[1].body
    assert not any(
        re.search(r"[A-Z]{2}\d\d[A-Z0-9]{11,}", str(message.body)) for message in mail.outbox
    )
    assert emails.send_due() == 0


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
