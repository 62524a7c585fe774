"""Cases whose refunds have moved, and cases that have been closed for long enough."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from care.guardians import decisions
from care.models import GuardianCase, GuardianLink, GuardianRefund, GuardianStep
from wallet.models import Refund

State = GuardianCase.State
UNCONFIRMED_DAYS = 7
AT_ONCE = 500


def follow_all() -> int:
    """Bring every case to where its refunds stand, and return how many were looked at."""
    mine = GuardianRefund.objects.filter(case=OuterRef("pk"))
    proposed = mine.filter(refund__state=Refund.State.PROPOSED)
    under_way = mine.filter(refund__state__in=Refund.UNDER_WAY)
    failed = mine.filter(refund__state=Refund.State.FAILED)
    moved = GuardianCase.objects.filter(
        Q(state=State.CHECKING) & ~Exists(proposed)
        | Q(state=State.GRANTED) & ~Exists(under_way)
        | Q(state=State.SETTLED, redacted_at=None) & Exists(failed)
        | Q(state=State.OPEN) & Exists(failed)
    )
    cases = list(moved.order_by("pk")[:AT_ONCE])
    for case in cases:
        decisions.follow(case)
    return len(cases)


@transaction.atomic
def forget() -> int:
    """Take personal data out of cases that have been closed for long enough, and throw away those
    that nobody confirmed; return how many.
    """
    now = timezone.now()
    unconfirmed = GuardianCase.objects.filter(
        state=State.UNCONFIRMED, created_at__lt=now - timedelta(days=UNCONFIRMED_DAYS)
    )
    thrown, _kinds = unconfirmed.delete()
    closed = GuardianCase.objects.filter(
        redacted_at=None, closed_at__lt=now - timedelta(days=settings.GUARDIAN_KEEP_DAYS)
    )
    # What is told a last time is told first.
    untold = GuardianStep.objects.filter(case=OuterRef("pk"), due_at__isnull=False)
    closed = closed.filter(~Exists(untold))
    cases = list(closed.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    numbers = [case.pk for case in cases]
    GuardianLink.objects.filter(case__in=numbers).delete()
    blank = dict.fromkeys(GuardianCase.PERSONAL, "")
    GuardianCase.objects.filter(pk__in=numbers).update(child_age=None, redacted_at=now, **blank)
    return len(cases) + thrown
