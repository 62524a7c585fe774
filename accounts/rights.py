"""Rights of staff: since when a person has theirs, and the mail about each change."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import RightsChange, User

LEASE = timedelta(minutes=5)
AT_ONCE = 200


def newest(user: User) -> datetime:
    """Return when the person got the newest of what they act by: the account, a right (their own
    or their group's), a group, a second step.
    """
    groups = user.groups.values("pk")
    theirs = Q(user=user) | Q(user__isnull=True, group_number__in=groups)
    given = RightsChange.objects.filter(theirs, given=True).aggregate(at=Max("at"))["at"]
    step = Authenticator.objects.filter(user=user).aggregate(at=Max("created_at"))["at"]
    return max(at for at in (user.date_joined, given, step) if at is not None)


def tell_due() -> int:
    """Email the changes that nobody was told of to all superusers; return how many there were.

    A mail that fails is due again after the lease.
    """
    changes = _claim()
    if changes:
        _tell(changes)
        RightsChange.objects.filter(pk__in=[c.pk for c in changes]).update(notify_at=None)
    return len(changes)


@transaction.atomic
def _claim() -> list[RightsChange]:
    due = RightsChange.objects.filter(notify_at__lte=Now()).order_by("pk")
    rows = list(due.select_for_update(skip_locked=True)[:AT_ONCE])
    RightsChange.objects.filter(pk__in=[row.pk for row in rows]).update(notify_at=Now() + LEASE)
    return rows


def _tell(changes: Sequence[RightsChange]) -> None:
    to = User.objects.filter(is_superuser=True, is_active=True).values_list("email", flat=True)
    people = User.objects.in_bulk([change.user_id for change in changes if change.user_id])
    groups = Group.objects.in_bulk([c.group_number for c in changes if c.group_number])
    lines = []
    for change in changes:
        person, group = people.get(change.user_id or 0), groups.get(change.group_number or 0)
        whose = person or (_("group %(name)s") % {"name": group} if group else "?")
        said = _("%(whose)s got: %(what)s") if change.given else _("%(whose)s lost: %(what)s")
        lines.append((change.at, said % {"whose": whose, "what": change.what}))
    facts = {
        "lines": lines,
        "link": settings.PUBLIC_URL.rstrip("/") + reverse("admin:admin_logentry_changelist"),
        "SANDBOX": settings.SANDBOX,
    }
    subject = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + _("Rights of staff were changed")
    body = render_to_string("accounts/mail/rights.txt", facts)
    for address in to:  # one mail each: who else is a superuser stays inside
        EmailMessage(subject, body, to=[address]).send()
