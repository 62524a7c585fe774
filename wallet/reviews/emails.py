"""What a fan is told by email of an order that waits for a person: that it does, and how it ended.

No rule is named: who wants to pass one would learn where it is.
"""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from foundation import due_emails
from foundation.figures import read_by
from wallet.models import HoldEmail, Purchase, Refund

About = HoldEmail.About
HELD, RELEASED, REFUNDED, WAITS = "held", "released", "refunded", "waits"
LOOK_AGAIN = timedelta(minutes=10)


def send_due() -> int:
    """Send the emails that are due, and return how many were sent."""
    rows = HoldEmail.objects.select_related("purchase__user")
    return due_emails.send_due(rows, _send, _told, due="due_at", tries="attempts")


def news(row: HoldEmail) -> str:
    """Return what there is to tell, by the rows as they are now: `held`, `released`, `refunded`;
    `waits` while a second person decides about the refund; or nothing.
    """
    purchase = Purchase.objects.get(pk=row.purchase_id)
    if row.about == About.HELD:
        waiting = purchase.state == Purchase.State.REVIEW
        return HELD if waiting and purchase.velocity_hits.holding().exists() else ""
    if purchase.disputes.exists():
        return ""  # its fan asked their bank, and the order's page follows that
    states = set(purchase.refunds.values_list("state", flat=True))
    if Refund.State.PROPOSED in states:
        return WAITS
    if states & {*Refund.UNDER_WAY, Refund.State.DONE}:
        return REFUNDED
    # Of a refund that failed another email tells.
    return "" if Refund.State.FAILED in states else RELEASED


def _told(row: HoldEmail, went: bool) -> None:
    same = HoldEmail.objects.filter(pk=row.pk)
    if not went and news(row) == WAITS:
        same.update(due_at=Now() + LOOK_AGAIN, attempts=0)
    else:
        same.update(due_at=None, sent_at=timezone.now() if went else None)


def _send(row: HoldEmail) -> bool:
    told = news(row)
    if told in {"", WAITS}:
        return False
    order, site = row.purchase, settings.PUBLIC_URL.rstrip("/")
    with read_by(""):
        facts = {
            "told": told,
            "order": order,
            "user": order.user,
            "link": site + reverse("wallet:order", args=[order.public_id]),
            "SANDBOX": settings.SANDBOX,
        }
        body = render_to_string("wallet/mail/hold.txt", facts)
        subject = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + str(_subject(told, order))
    return EmailMessage(subject, body, to=[order.user.email]).send() > 0


def _subject(told: str, order: Purchase) -> StrOrPromise:
    if told == HELD:
        return _("We are checking your order of %(money)s") % {"money": order.total}
    if told == RELEASED:
        return _("Your coins are here")
    return _("We give %(money)s back to you") % {"money": order.total}
