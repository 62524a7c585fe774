"""Goals: set, counted, ended."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import User
from foundation.texts import clean
from gifts.models import SentGift
from overlay.models import MOST_TARGET, AlertSettings, Goal
from overlay.refusals import GoalEnd, GoalTarget, GoalTitle, GoalUnit, NoGoal
from overlay.services import publish_live, settings_of

LONGEST_TITLE = 60
FARTHEST = timedelta(days=366)


@transaction.atomic
def set_goal(
    *, creator: User, title: str, unit: str, target: int, ends_at: datetime | None = None
) -> Goal:
    """Collect for something from now on; a goal that was running ends with it.

    Raises `GoalTitle`, `GoalUnit`, `GoalTarget`, `GoalEnd`, `NotACreator`.
    """
    title = clean(title)
    now = timezone.now()
    if not title or len(title) > LONGEST_TITLE:
        raise GoalTitle(most=LONGEST_TITLE)
    if unit not in Goal.Unit.values:
        raise GoalUnit
    if not 1 <= target <= MOST_TARGET:
        raise GoalTarget(most=MOST_TARGET)
    if ends_at is not None and not now < ends_at <= now + FARTHEST:
        raise GoalEnd
    _lock(creator)
    now = timezone.now()  # after the one before us: what ends did not end before it began
    _close(Goal.objects.running().filter(creator=creator), now)
    goal = Goal.objects.create(
        creator=creator, title=title, unit=unit, target=target, started_at=now, ends_at=ends_at
    )
    publish_live(creator, "goal", payload_of(goal))
    return goal


@transaction.atomic
def end_goal(*, creator: User) -> Goal:
    """End the running goal where it stands. Raises `NoGoal`."""
    _lock(creator)
    ended = _close(Goal.objects.running().filter(creator=creator), timezone.now())
    if not ended:
        raise NoGoal
    publish_live(creator, "goal", {"id": None})
    return ended[0]


def end_due() -> int:
    """End the goals whose time is over; return how many."""
    due = Goal.objects.running().filter(ends_at__lte=timezone.now()).values_list("pk", flat=True)
    return sum(_end_one(pk) for pk in list(due))


def running(creator: User) -> Goal | None:
    """Return the creator's running goal."""
    return (
        Goal.objects.running()
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()), creator=creator)
        .first()
    )


def counted(goal: Goal) -> int:
    """Return the coins, or the gifts, that came for a goal so far, without undone ones."""
    gifts = SentGift.objects.counted().filter(
        creator_id=goal.creator_id, created_at__gte=goal.started_at
    )
    if goal.until:
        gifts = gifts.filter(created_at__lt=goal.until)
    what = "coins" if goal.unit == Goal.Unit.COINS else "quantity"
    return int(gifts.aggregate(sum=Sum(what))["sum"] or 0)


def payload_of(goal: Goal | None) -> dict[str, Any]:
    """Return the payload of a `goal` event."""
    if goal is None:
        return {"id": None}
    return {
        "id": str(goal.public_id),
        "title": goal.title,
        "unit": goal.unit,
        "target": goal.target,
        "counted": counted(goal),
        "ends_at": goal.ends_at.isoformat() if goal.ends_at else None,
    }


@transaction.atomic
def _end_one(pk: int) -> bool:
    goal = Goal.objects.select_for_update(skip_locked=True).running().filter(pk=pk).first()
    if goal is None:
        return False
    _finish(goal, goal.ends_at or timezone.now())
    publish_live(goal.creator, "goal", {"id": None})
    return True


def _close(goals: Any, now: datetime) -> list[Goal]:
    found = list(goals.select_for_update())
    for goal in found:
        _finish(goal, min(now, goal.ends_at or now))
    return found


def _finish(goal: Goal, at: datetime) -> None:
    goal.ended_at = at
    goal.reached = counted(goal) >= goal.target
    goal.save(update_fields=["ended_at", "reached"])


def _lock(creator: User) -> None:
    """Let one change of a creator's goal come after the other."""
    AlertSettings.objects.select_for_update().get(pk=settings_of(creator).pk)
