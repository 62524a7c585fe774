"""The email before bonus coins end: what is left of them and when they go. Each lot is told once.

It asks for nothing: who wants to spend them can, who does not lets them go.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation import due_emails
from foundation.figures import figure, read_by
from wallet.bonus.lots import unspent_of
from wallet.models import BonusLot

MOST_ATTEMPTS = 12


def send_due() -> int:
    """Send the emails that are due and return how many were sent.

    Of a lot that is spent nothing is told, nor to somebody whose account is closed.
    """
    rows = BonusLot.objects.filter(mail_attempts__lt=MOST_ATTEMPTS).select_related("user")
    return due_emails.send_due(
        rows, _send_what_is_left, _told, due="mail_due_at", tries="mail_attempts"
    )


def _send_what_is_left(lot: BonusLot) -> bool:
    left = unspent_of(lot)
    wanted = bool(left) and lot.user.is_active and lot.expires_at > timezone.now()
    return wanted and send(lot, left)


def _told(lot: BonusLot, went: bool) -> None:
    mailed_at = timezone.now() if went else None
    BonusLot.objects.filter(pk=lot.pk).update(mail_due_at=None, mailed_at=mailed_at)


def send(lot: BonusLot, left: int) -> bool:
    """Email a fan that so many of their bonus coins end."""
    site = settings.PUBLIC_URL.rstrip("/")
    with read_by(""):
        facts = {
            "name": lot.user.name,
            "coins": figure(left),
            "ends": lot.expires_at,
            "link": site + reverse("wallet:wallet"),
            "SANDBOX": settings.SANDBOX,
        }
        body = render_to_string("wallet/mail/bonus_ends.txt", facts)
        words = {"coins": figure(left), "day": date_format(lot.expires_at, "j F")}
        said = _("%(coins)s bonus coins expire on %(day)s") % words
    subject = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + said
    return EmailMessage(subject, body, to=[lot.user.email]).send() > 0
