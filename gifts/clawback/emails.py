"""Emails to creators whose gifts a dispute or refund is about, due by rows."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import due_emails
from foundation.figures import figure
from gifts.models import Clawback


def send_due() -> int:
    """Send the emails that are due and return how many."""
    return due_emails.send_due(
        Clawback.objects.select_related("creator"), _send, _told, raises=True
    )


def _told(clawback: Clawback, _went: bool) -> None:
    # What was decided meanwhile has an email of its own.
    Clawback.objects.filter(pk=clawback.pk, state=clawback.state).update(notify_at=None)


def _send(clawback: Clawback) -> bool:
    diamonds = figure(clawback.held_diamonds or clawback.owed_diamonds)
    # Whose refund it is and why stays between the site and those whom it is about.
    disputed = _("%(diamonds)s diamonds are frozen: a payment is disputed")
    checked = _("%(diamonds)s diamonds are frozen: a payment is being checked")
    subject = {
        Clawback.State.FROZEN: disputed if clawback.dispute_id else checked,
        Clawback.State.RETURNED: _("%(diamonds)s diamonds are yours again"),
        Clawback.State.TAKEN: _("%(diamonds)s diamonds: a payment was taken back"),
    }[Clawback.State(clawback.state)] % {"diamonds": diamonds}
    prefix = "[SANDBOX] " if settings.SANDBOX else ""
    link = settings.PUBLIC_URL.rstrip("/") + reverse("studio:earnings")
    facts = {"clawback": clawback, "link": link, "SANDBOX": settings.SANDBOX}
    body = render_to_string("gifts/mail/clawback.txt", facts)
    return send_mail(prefix + subject, body, None, [clawback.creator.email]) > 0
