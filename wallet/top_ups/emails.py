"""What a fan is told of auto top-up by email: each order, the money first, and that it is off."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation import due_emails
from foundation.figures import read_by
from wallet.agreements.turning_off import why
from wallet.models import TopUpEmail


def send_due() -> int:
    """Send the emails that are due and return how many were sent."""
    rows = TopUpEmail.objects.select_related("top_up__user", "purchase")
    return due_emails.send_due(rows, send, _told, due="due_at", tries="attempts")


def _told(row: TopUpEmail, _went: bool) -> None:
    TopUpEmail.objects.filter(pk=row.pk).update(due_at=None, sent_at=timezone.now())


def send(row: TopUpEmail) -> bool:
    """Email one of them to its fan."""
    site, order = settings.PUBLIC_URL.rstrip("/"), row.purchase
    with read_by(""):
        facts = {
            "top_up": row.top_up,
            "user": row.top_up.user,
            "order": order,
            "card": row.top_up.saved_method,
            "why": why(row.top_up),
            "order_link": site + reverse("wallet:order", args=[order.public_id]) if order else "",
            "coins_link": site + reverse("wallet:coins"),
            "page_link": site + reverse("wallet:top_up"),
            "off_link": site + reverse("wallet:top_up_off"),
            "SANDBOX": settings.SANDBOX,
        }
        body = render_to_string("wallet/mail/top_up.txt", facts)
        subject = _("%(money)s charged: auto top-up") % {"money": order.total} if order else ""
        subject = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + (subject or _("Auto top-up is off"))
    return EmailMessage(subject, body, to=[row.top_up.user.email]).send() > 0
