"""Ending a hold early: staff decide, and say why."""

from collections.abc import Iterable

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.errors import DomainError
from gifts.release import end_hold, release_creator


class ReasonNeeded(DomainError):
    """Nobody lets diamonds go early without saying why."""

    code = "reason_needed"
    status = 422
    message = gettext_lazy("Give a reason for the early release.")
    field = "reason"


@transaction.atomic
def release_early(*, creators: Iterable[User], by: User, reason: str) -> int:
    """Release what these creators have on hold now; returns the diamonds. Raises `ReasonNeeded`.

    Gifts that can still be taken back keep their hold. Who did it and why stays in the staff log.
    """
    if not reason.strip():
        raise ReasonNeeded
    moved = 0
    for creator in sorted(creators, key=lambda user: user.pk):
        end_hold(creator=creator)
        diamonds = release_creator(creator.pk)
        moved += diamonds
        LogEntry.objects.create(
            user=by,
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(creator.pk),
            object_repr=str(creator),
            action_flag=CHANGE,
            change_message=_("Released %(diamonds)s diamonds early: %(reason)s")
            % {"diamonds": diamonds, "reason": reason.strip()},
        )
    return moved
