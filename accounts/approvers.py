"""The second person: of two who decide together, no one may have been made for it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import rights as staff_rights
from accounts.models import User
from foundation.errors import DomainError


class ApproverTooNew(DomainError):
    """The approver got what they approve by a short time ago, perhaps from who created it."""

    code = "approver_too_new"
    status = 403
    message = _(
        "Your account, rights or two-step verification changed after this was created or in the "
        "last %(hours)s hours. Ask a colleague to approve it."
    )


def refuse_new(by: User, *, rights: Collection[str], since: datetime) -> None:
    """Refuse an approver who was made for what was created then: one person could else be two
    within a minute. `rights` are what a second person acts by. Raises `ApproverTooNew`.
    """
    hours = settings.APPROVER_REST_HOURS
    rested = min(since, timezone.now() - timedelta(hours=hours))
    if staff_rights.newest(by, rights) > rested:
        raise ApproverTooNew(hours=hours)
