"""Rights of staff: since when a person has theirs, and the mail about each change."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group, Permission
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


FLAGS = ("is_staff", "is_superuser", "is_active")


def newest(user: User, rights: Collection[str]) -> datetime:
    """Return when the person got the newest of what they act by: the account, one of these rights
    (their own or their group's), a group that has one, a second step.

    `rights` are named as in `has_perm`. Others are no way to what is guarded, and delay nobody.
    """
    named = [right.partition(".")[::2] for right in rights]
    one_of = reduce(
        or_, (Q(content_type__app_label=app, codename=codename) for app, codename in named)
    )
    acting = user.groups.filter(permissions__in=Permission.objects.filter(one_of))
    into_a_group = Q(user=user, group_number__in=acting.values("pk"))
    their_own = Q(user=user, group_number__isnull=True, what__in=[*FLAGS, *rights])
    of_a_group = Q(user__isnull=True, group_number__in=acting.values("pk"), what__in=rights)
    theirs = RightsChange.objects.filter(into_a_group | their_own | of_a_group, given=True)
    given = theirs.aggregate(at=Max("at"))["at"]
    step = Authenticator.objects.filter(user=user).aggregate(at=Max("created_at"))["at"]
    return max(at for at in (user.date_joined, given, step) if at is not None)


def tell_due() -> int:
    """Email the changes that were not told yet to all superusers; return how many there were.

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
    for address in to:  # one mail each: the names of the other superusers stay inside
        EmailMessage(subject, body, to=[address]).send()
