"""What the guardian is told at each step, by email: due by rows, with a link of its own."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from care.guardians import links
from care.models import GuardianStep
from foundation import due_rows
from foundation.figures import read_by

LEASE = timedelta(minutes=5)
BATCH = 50
Kind = GuardianStep.Kind


def send_due() -> int:
    """Send the emails that are due, and return how many there were. One that fails is tried again;
    a worker that dies after sending sends twice rather than never.
    """
    waiting = GuardianStep.objects.select_related("case").exclude(case__email="")
    claimed = due_rows.claim(waiting, lease=LEASE, most=BATCH)
    for step in claimed:
        try:
            _send(step)
        except Exception as trouble:
            due_rows.put_off(step, f"Email of case {step.case.number}", trouble)
        else:
            GuardianStep.objects.filter(pk=step.pk).update(due_at=None, needs_attention="")
    return len(claimed)


def _subject(kind: str) -> str:
    """The number stands in each: a mailbox keeps them together."""
    return {
        Kind.ASKED: _("Confirm your email: case %(number)s"),
        Kind.CONFIRMED: _("We have your case %(number)s"),
        Kind.GRANTED: _("Case %(number)s: money is on its way back"),
        Kind.STUCK: _("Case %(number)s: a payment could not be given back yet"),
        Kind.SETTLED: _("Case %(number)s: the money went back"),
        Kind.REJECTED: _("Case %(number)s: our answer"),
    }[Kind(kind)]


def _send(step: GuardianStep) -> None:
    case = step.case
    facts = {
        "case": case,
        "step": step,
        "link": links.make(case),
        "refunds": [row.refund for row in case.refunds.select_related("refund__purchase")],
        "SANDBOX": settings.SANDBOX,
        "days": settings.GUARDIAN_ANSWER_DAYS,
    }
    with read_by(""):
        body = render_to_string("care/mail/guardian.txt", facts)
        subject = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + _subject(step.kind)
    EmailMessage(subject % {"number": case.number}, body, to=[case.email]).send()
