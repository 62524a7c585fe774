"""The email to a fan whose refund failed: where the coins are, and what happens next."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import due_emails
from foundation.figures import read_by
from wallet.models import Refund


def send_due() -> int:
    """Email the fans whose refunds failed, and return how many."""
    return due_emails.send_due(Refund.objects.select_related("purchase__user"), _send, _told)


def _told(refund: Refund, _went: bool) -> None:
    Refund.objects.filter(pk=refund.pk).update(notify_at=None)


def _send(refund: Refund) -> bool:
    order = refund.purchase
    facts = {
        "refund": refund,
        "user": order.user,
        "link": settings.PUBLIC_URL.rstrip("/") + reverse("wallet:order", args=[order.public_id]),
        "SANDBOX": settings.SANDBOX,
    }
    with read_by(""):
        body = render_to_string("wallet/mail/refund_failed.txt", facts)
        subject = _("Your refund of %(money)s could not be sent") % {"money": refund.total}
    whole = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject
    return EmailMessage(whole, body, to=[order.user.email]).send() > 0
