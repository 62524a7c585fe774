"""Two at once: the address made, changed and used; what was played; goals."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import Max

from accounts.models import Creator, User
from conftest import person
from live.models import Event, Stream
from live.services import go_live, record
from overlay import goals, services
from overlay.models import Goal, Overlay
from overlay.refusals import AddressGone

pytestmark = pytest.mark.usefixtures("committed")


def together(*acts: Callable[[], object]) -> list[object]:
    """Do everything at the same moment, each in a connection of its own; return what came of it."""
    gate = threading.Barrier(len(acts))
    came: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            came[number] = act()
        except Exception as error:
            came[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return came


@pytest.fixture
def mira(committed: None) -> User:
    user = person("mira", is_creator=True)
    Creator.objects.create(user=user, trust=Creator.Trust.TRUSTED)
    return user


@pytest.fixture
def events(mira: User) -> list[int]:
    stream: Stream = go_live(creator=mira, title="Night")
    return [record(stream_id=stream.pk, kind="chat", payload={"n": n}).pk for n in range(40)]


def test_the_first_look_makes_one_address(mira: User) -> None:
    came = together(*[lambda: services.overlay_of(mira).token] * 8)
    assert len(set(came)) == 1
    assert Overlay.objects.count() == 1


def test_of_many_overlays_the_furthest_counts(mira: User, events: list[int]) -> None:
    token = services.overlay_of(mira).token

    def play(number: int) -> Callable[[], object]:
        return lambda: services.note_played(
            token=token, to=events[number], done=[events[number + 10]]
        )

    for _ in range(3):
        came = together(*[play(number) for number in range(12)])
        assert not [error for error in came if isinstance(error, Exception)]
    overlay = Overlay.objects.get()
    assert overlay.played_to == events[11]
    assert overlay.played == events[12:22]


def test_without_the_lock_something_played_is_forgotten(mira: User, events: list[int]) -> None:
    """The control: reading and writing without the lock loses what another one told meanwhile."""
    token = services.overlay_of(mira).token
    read, wrote = threading.Event(), threading.Event()

    def slow() -> None:
        overlay = Overlay.objects.with_token(token).get()
        read.set()
        wrote.wait(10)
        overlay.played = [*overlay.played, events[5]]
        overlay.save(update_fields=["played"])

    def fast() -> None:
        read.wait(10)
        services.note_played(token=token, to=0, done=[events[7]])
        wrote.set()

    together(slow, fast)
    assert Overlay.objects.get().played == [events[5]]


def test_an_address_that_is_being_changed_keeps_nothing_after(
    mira: User, events: list[int]
) -> None:
    token = services.overlay_of(mira).token
    changed, told = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            services.rotate(creator=mira)
            changed.set()
            told.wait(0.5)

    def play() -> object:
        changed.wait(10)
        try:
            return services.note_played(token=token, to=events[9], done=[])
        finally:
            told.set()

    came = together(change, play)
    assert isinstance(came[1], AddressGone)
    assert Overlay.objects.get().played_to is None


def test_of_many_goals_one_runs(mira: User) -> None:
    came = together(
        *[lambda: goals.set_goal(creator=mira, title="A lamp", unit="coins", target=5)] * 6
    )
    assert not [error for error in came if isinstance(error, Exception)]
    assert Goal.objects.running().count() == 1
    assert Goal.objects.count() == 6


def test_a_goal_ends_once(mira: User) -> None:
    goals.set_goal(creator=mira, title="A lamp", unit="coins", target=5)
    came = together(*[lambda: goals.end_goal(creator=mira)] * 4)
    assert len([one for one in came if isinstance(one, Goal)]) == 1
    assert Goal.objects.aggregate(ended=Max("ended_at"))["ended"] is not None
    assert Event.objects.filter(kind="goal").count() == 0  # off air nobody is told
