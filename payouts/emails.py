"""Emails to creators, due by rows: a step of a payout, a change of the bank account."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import due_emails
from foundation.bank_files.reasons import Cause
from payouts.models import Payout, PayoutEvent, PayoutMethod, Proposal
from payouts.reading import read


def send_due() -> int:
    """Send the emails that are due, of payouts first, and return how many."""
    steps = PayoutEvent.objects.select_related("payout__creator", "payout__method")
    # It may have come back: two people decide that first, and the creator is told what is true.
    asked = Proposal.objects.open().filter(kind=Proposal.Kind.RETURN, payout__isnull=False)
    ready = steps.exclude(payout__in=asked.values("payout"))
    sent = due_emails.send_due(ready, _send_step, _told, raises=True)
    changes = PayoutMethod.objects.select_related("creator")
    return sent + due_emails.send_due(changes, _send_change, _told, raises=True)


def _told(row: PayoutEvent | PayoutMethod, _went: bool) -> None:
    type(row).objects.filter(pk=row.pk).update(notify_at=None)


def _send_step(event: PayoutEvent) -> bool:
    payout = event.payout
    returned = event.state == Payout.State.RETURNED
    subject = _("%(amount)s has reached your bank")
    if returned:
        theirs = payout.return_cause == Cause.PAYEE
        subject = _("Your bank returned %(amount)s") if theirs else _("%(amount)s came back")
    amount = read(payout).in_words
    subject %= {"amount": amount}
    path = reverse("studio:payout", args=[payout.public_id])
    template = "payouts/mail/returned.txt" if returned else "payouts/mail/settled.txt"
    facts = {"payout": payout, "amount": amount, "path": path}
    return _send(payout.creator.email, subject, template, facts)


def _send_change(method: PayoutMethod) -> bool:
    before = PayoutMethod.objects.filter(creator=method.creator, pk__lt=method.pk).exists()
    subject = (
        _("Your payout bank account was changed")
        if before
        else _("A payout bank account was added")
    )
    facts = {"method": method, "changed": before, "path": reverse("studio:payouts")}
    return _send(method.creator.email, subject, "payouts/mail/method.txt", facts)


def _send(to: str, subject: str, template: str, facts: dict[str, Any]) -> bool:
    prefix = "[SANDBOX] " if settings.SANDBOX else ""
    link = settings.PUBLIC_URL.rstrip("/") + facts["path"]
    body = render_to_string(template, {**facts, "link": link, "SANDBOX": settings.SANDBOX})
    return send_mail(prefix + subject, body, None, [to]) > 0
