"""The monthly email: what was bought, sent and refunded. A row for each fan and month is due once.

It leaves in the morning of the first, where the fan lives; a person can turn it off.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import due_emails
from foundation.figures import read_by
from ledger.models import Account
from wallet.models import StatementEmail
from wallet.statements import months
from wallet.statements.content import content_of, file_name, name_of, pdf_of
from wallet.statements.months import Month

MORNING = time(9)
# The last receipts of a month are written a little after its end.
SETTLED_AFTER = timedelta(hours=1)
MOST_ATTEMPTS = 12
BATCH = 1_000


def plan() -> int:
    """Write the rows of the month that is over, once, and return how many there were."""
    month = months.before(months.this_month())
    if StatementEmail.objects.filter(month=month).exists():
        return 0
    return _plan(month)


@transaction.atomic
def _plan(month: date) -> int:
    ends = months.end_of(month)
    fans = User.objects.filter(is_active=True, monthly_email=True, date_joined__lt=ends).filter(
        pk__in=Account.objects.filter(kind="coins").values("owner")
    )
    by_country: dict[str | None, datetime] = defaultdict(lambda: ends + SETTLED_AFTER)
    for code in fans.order_by().values_list("country_id", flat=True).distinct():
        by_country[code] = due_at(month, code or "")
    rows = [
        StatementEmail(user_id=pk, month=month, due_at=by_country[code])
        for pk, code in fans.order_by("pk").values_list("pk", "country_id")
    ]
    # Two workers may plan at once: a row is there once.
    StatementEmail.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def due_at(month: date, country: str) -> datetime:
    """Return when a month's email leaves: in the morning of the first, in all of the country."""
    first = months.after(month)
    mornings = [datetime.combine(first, MORNING, zone) for zone in _zones(country)]
    return max([months.end_of(month) + SETTLED_AFTER, *mornings])


@cache
def _zones(country: str) -> list[ZoneInfo]:
    """Return the zones of a country that this machine knows; a country may have many."""
    zones = []
    for name in get_global("territory_zones").get(country, []):
        try:
            zones.append(ZoneInfo(name))
        except ZoneInfoNotFoundError:
            continue
    return zones


def send_due() -> int:
    """Send the emails that are due and return how many were sent.

    A month in which nothing happened is not told, nor is one to somebody who wants none.
    """
    rows = StatementEmail.objects.filter(attempts__lt=MOST_ATTEMPTS).select_related("user")
    return due_emails.send_due(rows, _send_if_wanted, _told, due="due_at", tries="attempts")


def _send_if_wanted(row: StatementEmail) -> bool:
    month = months.month_of(row.user, row.month)
    wanted = row.user.monthly_email and row.user.is_active and not month.is_empty
    return wanted and send(month)


def _told(row: StatementEmail, went: bool) -> None:
    sent_at = timezone.now() if went else None
    StatementEmail.objects.filter(pk=row.pk).update(due_at=None, sent_at=sent_at)


def send(month: Month) -> bool:
    """Email a month to its fan, with its file."""
    site = settings.PUBLIC_URL.rstrip("/")
    name = f"{month.first:%Y-%m}"
    with read_by(""):
        content = content_of(month, str)
        facts = {
            "month": month,
            "content": content,
            "name": name_of(month),
            "paid": [section.total for section in content.sections[1:]],
            "link": site + reverse("wallet:statement", args=[name]),
            "settings_link": site + reverse("accounts:settings") + "#emails",
            "SANDBOX": settings.SANDBOX,
        }
        body = render_to_string("wallet/mail/statement.txt", facts)
        subject = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + _(
            "Your %(month)s: coins and payments"
        ) % {"month": name_of(month)}
    mail = EmailMessage(subject, body, to=[month.user.email])
    mail.attach(file_name(month), pdf_of(month), "application/pdf")
    return mail.send() > 0
