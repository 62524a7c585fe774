"""Releasing diamonds from hold: one posting per creator and day, and early release by staff."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import ledger
from accounts.models import Creator, User
from foundation.errors import DomainError
from gifts.models import SentGift
from ledger.chart import DIAMOND

LEFT = F("diamonds") - F("withheld_diamonds")  # a lost dispute may have taken a part


def release_due() -> int:
    """Release every creator's diamonds that have served their hold; return how many moved."""
    _hold_flagged()
    creators = SentGift.objects.due_for_release().values_list("creator_id", flat=True).distinct()
    return sum(release_creator(creator_id) for creator_id in list(creators.order_by("creator_id")))


def _hold_flagged() -> None:
    """Hold gifts that were sent at the moment of the flag, and did not see it, as long as all."""
    due = SentGift.objects.due_for_release().filter(creator__creator__trust=Creator.Trust.FLAGGED)
    with connection.cursor() as cursor:
        for creator_id in (
            due.values_list("creator_id", flat=True).distinct().order_by("creator_id")
        ):
            cursor.execute("SELECT gifts_hold_again(%s)", [creator_id])


@transaction.atomic
def release_creator(creator_id: int) -> int:
    """Release what one creator is due and return the diamonds; two workers at once release it once.

    The rows that are released are claimed first: what is marked is exactly what is posted, whatever
    arrives meanwhile.
    """
    due = SentGift.objects.due_for_release().filter(creator_id=creator_id)
    claimed = list(due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", LEFT))
    if not claimed:
        return 0
    diamonds = sum(int(amount) for _pk, amount in claimed)
    first = min(pk for pk, _n in claimed)
    answer = ledger.post_one(
        # A day may need more than one posting (a hold that staff ended early): the first gift's id
        # tells them apart.
        key=f"release:{creator_id}:{timezone.now():%Y-%m-%d}:{first}",
        kind="release",
        legs=[
            ledger.Leg(
                DIAMOND,
                ledger.account_id("diamonds_held", DIAMOND, creator_id),
                ledger.account_id("diamonds", DIAMOND, creator_id),
                diamonds,
            )
        ],
    )
    # The posting's own moment: by it the audit finds the gifts of each release.
    released = SentGift.objects.filter(pk__in=[pk for pk, _ in claimed])
    released.update(released_at=ledger.moment_of(answer))
    return diamonds


@transaction.atomic
def end_hold(*, creator: User, until: datetime | None = None) -> int:
    """End a creator's hold now for gifts sent before `until`; return how many. Staff do this.

    The sweep releases them with everything else that is due.
    """
    waiting = SentGift.objects.counted().filter(
        creator=creator, released_at__isnull=True, release_at__gt=timezone.now()
    )
    if until:
        waiting = waiting.filter(created_at__lt=until)
    # A gift that can still be undone keeps its hold.
    return waiting.filter(undo_until__lt=timezone.now()).update(release_at=timezone.now())


class ReasonNeeded(DomainError):
    """An early release needs a reason."""

    code = "reason_needed"
    status = 422
    message = gettext_lazy("Give a reason for the early release.")
    field = "reason"


@transaction.atomic
def release_early(*, creators: Iterable[User], by: User, reason: str) -> int:
    """Release what these creators have on hold now; return the diamonds. Raises `ReasonNeeded`.

    Gifts that can still be undone keep their hold. The staff log keeps the person and the reason.
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


def on_hold(creator: User) -> list[dict[str, object]]:
    """Return a creator's diamonds on hold, by day of release.

    `[{"day": date, "diamonds": int}, ...]`, soonest first.
    """
    rows = (
        SentGift.objects.counted()
        .filter(creator=creator, released_at__isnull=True, withheld_diamonds__lt=F("diamonds"))
        .values("release_at__date")
        .annotate(diamonds=Sum(LEFT))
        .order_by("release_at__date")
    )
    return [{"day": row["release_at__date"], "diamonds": row["diamonds"]} for row in rows]
