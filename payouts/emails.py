"""Emails to creators, due by rows: a step of a payout, a change of the bank account."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from payouts.models import Payout, PayoutEvent, PayoutMethod
from payouts.rails.bank_file.reasons import Cause

LEASE = timedelta(minutes=5)
AT_ONCE = 100


def send_due(*, at_once: int = AT_ONCE) -> int:
    """Send the emails that are due and return how many. One that fails is due again after the
    lease.
    """
    sent = 0
    while sent < at_once and (_send_step() or _send_method_change()):
        sent += 1
    return sent


def _send_step() -> bool:
    event = _claim(PayoutEvent.objects.select_related("payout__creator", "payout__method"))
    if event is None:
        return False
    payout = event.payout
    returned = event.state == Payout.State.RETURNED
    subject = _("%(amount)s has reached your bank")
    if returned:
        theirs = payout.return_cause == Cause.PAYEE
        subject = _("Your bank returned %(amount)s") if theirs else _("%(amount)s came back")
    subject %= {"amount": payout.amount}
    path = reverse("studio:payout", args=[payout.public_id])
    template = "payouts/mail/returned.txt" if returned else "payouts/mail/settled.txt"
    _send(payout.creator.email, subject, template, {"payout": payout, "path": path})
    PayoutEvent.objects.filter(pk=event.pk).update(notify_at=None)
    return True


def _send_method_change() -> bool:
    method = _claim(PayoutMethod.objects.select_related("creator"))
    if method is None:
        return False
    before = PayoutMethod.objects.filter(creator=method.creator, pk__lt=method.pk).exists()
    subject = (
        _("Your payout bank account was changed")
        if before
        else _("A payout bank account was added")
    )
    facts = {"method": method, "changed": before, "path": reverse("studio:payouts")}
    _send(method.creator.email, subject, "payouts/mail/method.txt", facts)
    PayoutMethod.objects.filter(pk=method.pk).update(notify_at=None)
    return True


@transaction.atomic
def _claim(rows: models.QuerySet[Any]) -> Any:
    """Lease the row whose email is due longest: no other worker sends it meanwhile; if this one
    dies, it is due again.
    """
    due = rows.filter(notify_at__lte=Now()).order_by("notify_at")
    row = due.select_for_update(of=("self",), skip_locked=True).first()
    if row is not None:
        type(row).objects.filter(pk=row.pk).update(notify_at=Now() + LEASE)
    return row


def _send(to: str, subject: str, template: str, facts: dict[str, Any]) -> None:
    prefix = "[SANDBOX] " if settings.SANDBOX else ""
    link = settings.PUBLIC_URL.rstrip("/") + facts["path"]
    body = render_to_string(template, {**facts, "link": link, "SANDBOX": settings.SANDBOX})
    send_mail(prefix + subject, body, None, [to])
