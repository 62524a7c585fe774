"""Two at once: the address made, changed and used; what was played; goals."""

import threading
from collections.abc import Callable

import pytest
from django.db import transaction
from django.db.models import Max, QuerySet

from accounts.models import Creator, User
from conftest import person
from live.feed.events import publish
from live.models import Event, Stream
from live.streams.services import go_live
from overlay import goals, services
from overlay.models import Goal, Overlay
from overlay.refusals import AddressGone
from testing.threads import PATIENCE_S, meet_after, side_by_side, until_waiting

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def mira(committed: None) -> User:
    user = person("mira", is_creator=True)
    Creator.objects.create(user=user, trust=Creator.Trust.TRUSTED)
    return user


@pytest.fixture
def events(mira: User) -> list[int]:
    stream: Stream = go_live(creator=mira, title="Night")
    return [publish(stream_id=stream.pk, kind="chat", payload={"n": n}).pk for n in range(40)]


def test_the_first_look_makes_one_address(mira: User) -> None:
    came = side_by_side(*[lambda: services.overlay_of(mira).token] * 8)
    assert len(set(came)) == 1
    assert Overlay.objects.count() == 1


def test_of_many_overlays_the_furthest_counts(mira: User, events: list[int]) -> None:
    token = services.overlay_of(mira).token

    def play(number: int) -> Callable[[], object]:
        return lambda: services.note_played(
            token=token, to=events[number], done=[events[number + 10]]
        )

    for _ in range(3):
        came = side_by_side(*[play(number) for number in range(12)], returned=Exception)
        assert not [error for error in came if isinstance(error, Exception)]
    overlay = Overlay.objects.get()
    assert overlay.played_to == events[11]
    assert overlay.played == events[12:22]


def test_control_without_the_lock_something_played_is_forgotten(
    mira: User, events: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read what was there before, and the later writer knows nothing of the earlier one."""
    token = services.overlay_of(mira).token
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    meet_after(monkeypatch, services, "Max")  # asked for between reading and writing

    def play(number: int) -> Callable[[], object]:
        return lambda: services.note_played(token=token, to=None, done=[events[number]])

    side_by_side(play(5), play(7))
    assert len(Overlay.objects.get().played) == 1


def test_with_the_lock_both_are_remembered(
    mira: User, events: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = services.overlay_of(mira).token
    meet_after(monkeypatch, services, "Max")

    def play(number: int) -> Callable[[], object]:
        return lambda: services.note_played(token=token, to=None, done=[events[number]])

    side_by_side(play(5), play(7))
    assert Overlay.objects.get().played == [events[5], events[7]]


def test_an_address_that_is_being_changed_keeps_nothing_after(
    mira: User, events: list[int]
) -> None:
    token = services.overlay_of(mira).token
    changed = threading.Event()

    def change() -> None:
        with transaction.atomic():
            services.rotate(creator=mira)
            changed.set()
            until_waiting(1)

    def play() -> object:
        assert changed.wait(PATIENCE_S)
        return services.note_played(token=token, to=events[9], done=[])

    came = side_by_side(change, play, returned=Exception)
    assert isinstance(came[1], AddressGone)
    assert Overlay.objects.get().played_to is None


def test_of_many_goals_one_runs(mira: User) -> None:
    came = side_by_side(
        *[lambda: goals.set_goal(creator=mira, title="A lamp", unit="coins", target=5)] * 6,
        returned=Exception,
    )
    assert not [error for error in came if isinstance(error, Exception)]
    assert Goal.objects.running().count() == 1
    assert Goal.objects.count() == 6


def test_a_goal_ends_once(mira: User) -> None:
    goals.set_goal(creator=mira, title="A lamp", unit="coins", target=5)
    came = side_by_side(*[lambda: goals.end_goal(creator=mira)] * 4, returned=Exception)
    assert len([one for one in came if isinstance(one, Goal)]) == 1
    assert Goal.objects.aggregate(ended=Max("ended_at"))["ended"] is not None
    assert Event.objects.filter(kind="goal").count() == 0  # off air there is no subscriber
