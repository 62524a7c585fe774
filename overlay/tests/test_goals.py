"""A goal counts what came, forgets what was taken back, and there is one at a time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.creators import NotACreator
from accounts.models import User
from gifts.sending.services import undo_gift
from live.models import Stream
from overlay import goals
from overlay.models import Goal
from overlay.refusals import GoalEnd, GoalTarget, GoalTitle, GoalUnit, NoGoal
from overlay.tests.builders import gift, published

pytestmark = pytest.mark.django_db


def microphone(bob: User, **more: object) -> Goal:
    facts = {"title": "A new microphone", "unit": "coins", "target": 100} | more
    return goals.set_goal(creator=bob, **facts)  # type: ignore[arg-type]


def test_coins_count_from_the_moment_it_was_set(alice: User, bob: User, stream: Stream) -> None:
    gift(alice, stream)
    goal = microphone(bob)
    sent = gift(alice, stream)
    gift(alice, stream, anonymous=True)
    assert goals.counted(goal) == 50
    undo_gift(fan=alice, key=sent.public_id)
    assert goals.counted(goal) == 25


def test_gifts_count_by_number(alice: User, bob: User, stream: Stream) -> None:
    goal = microphone(bob, unit="gifts", target=3)
    gift(alice, stream, "pebble", quantity=4)
    assert goals.counted(goal) == 4


def test_gifts_to_others_do_not_count(alice: User, carol: User, bob: User, stream: Stream) -> None:
    carol.is_creator = True
    carol.save()
    goal = microphone(carol)
    gift(alice, stream)
    assert goals.counted(goal) == 0


def test_a_new_goal_ends_the_one_that_ran(alice: User, bob: User, stream: Stream) -> None:
    first = microphone(bob, target=20)
    gift(alice, stream)
    second = microphone(bob, title="A lamp")
    first.refresh_from_db()
    assert (first.reached, goals.counted(first)) == (True, 25)
    assert goals.running(bob) == second
    assert [goal["title"] for goal in published("goal")] == ["A new microphone", "A lamp"]
    gift(alice, stream)
    assert (goals.counted(first), goals.counted(second)) == (25, 25)


def test_the_table_refuses_two_at_once(bob: User) -> None:
    microphone(bob)
    with pytest.raises(IntegrityError, match="one_running_goal_per_creator"), transaction.atomic():
        Goal.objects.create(creator=bob, title="Another", target=1)


def test_ending_says_whether_it_was_reached(bob: User, stream: Stream) -> None:
    microphone(bob)
    assert goals.end_goal(creator=bob).reached is False
    assert published("goal")[-1] == {"id": None}
    with pytest.raises(NoGoal):
        goals.end_goal(creator=bob)


def test_its_time_ends_it_and_nothing_later_counts(alice: User, bob: User, stream: Stream) -> None:
    goal = microphone(bob, target=25, ends_at=timezone.now() + timedelta(hours=1))
    gift(alice, stream)
    assert goals.end_due() == 0
    hour_ago = timezone.now() - timedelta(hours=1)
    Goal.objects.update(started_at=hour_ago - timedelta(hours=1), ends_at=hour_ago)
    goal.refresh_from_db()
    assert goals.running(bob) is None
    assert goals.counted(goal) == 0
    assert goals.end_due() == 1
    assert goals.end_due() == 0
    goal.refresh_from_db()
    assert (goal.ended_at, goal.reached) == (hour_ago, False)
    assert published("goal")[-1] == {"id": None}


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"title": "  "}, GoalTitle),
        ({"title": "x" * 61}, GoalTitle),
        ({"unit": "euros"}, GoalUnit),
        ({"target": 0}, GoalTarget),
        ({"target": 10**9}, GoalTarget),
        ({"ends_at": timezone.now() - timedelta(seconds=1)}, GoalEnd),
        ({"ends_at": timezone.now() + timedelta(days=400)}, GoalEnd),
    ],
)
def test_what_cannot_be_a_goal_changes_nothing(
    bob: User, facts: dict[str, object], refusal: type[Exception]
) -> None:
    before = microphone(bob)
    with pytest.raises(refusal):
        microphone(bob, **facts)
    assert goals.running(bob) == before


def test_a_fan_has_no_goal(carol: User) -> None:
    with pytest.raises(NotACreator):
        microphone(carol)
