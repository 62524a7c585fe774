"""What an owner is told by email: that the account closes and how to keep it, or that it stays."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from care.models import Closing
from foundation import due_emails
from foundation.figures import read_by
from wallet.models import Refund


def send_due() -> int:
    """Send the emails that are due and return how many."""
    rows = Closing.objects.filter(closed_at=None).select_related("user")
    return due_emails.send_due(rows, _send, _told)


def _told(closing: Closing, _went: bool) -> None:
    # What was undone meanwhile has an email of its own.
    same = Closing.objects.filter(pk=closing.pk, undone_at=closing.undone_at)
    same.update(notify_at=None)


def _send(closing: Closing) -> bool:
    mine = Refund.objects.filter(purchase__user=closing.user, reason=Refund.Reason.CLOSING)
    facts = {
        "closing": closing,
        "user": closing.user,
        "refunds": list(mine.filter(created_at__gte=closing.asked_at)),
        "link": settings.PUBLIC_URL.rstrip("/") + reverse("account_login"),
        "SANDBOX": settings.SANDBOX,
    }
    with read_by(""):
        body = render_to_string("care/mail/closing.txt", facts)
        stays = _("Your account stays open")
        subject = stays if closing.undone_at else _("Your account will be closed")
    whole = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject
    return EmailMessage(whole, body, to=[closing.user.email]).send() > 0
