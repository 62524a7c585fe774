"""Several people at the last seat, and at one person."""

import pytest
from django.db import IntegrityError

from conftest import person
from foundation.errors import DomainError
from live import seats
from live.guests import asking, hosting, seating
from live.models import Guest, Stream
from live.streams import services as streams
from live.tests.guests import open_to, seated
from testing.threads import Meeting, meet_after, together


def unlocked(stream_id: int) -> Stream:
    return Stream.objects.select_related("creator").get(pk=stream_id)


@pytest.mark.parametrize("locked", [True, False])
def test_of_two_at_the_last_seat_one_sits_down(
    committed: None, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Without the lock both find the same seat free, and only the database keeps them apart."""
    bob = person("bob", is_creator=True)
    stream = streams.go_live(creator=bob, title="Night guitar")
    open_to(bob)
    for name in ("ann", "ben", "cat"):
        seated(stream, person(name))
    asked = [asking.ask(user=person(name), stream=stream) for name in ("dan", "eve")]
    if not locked:
        monkeypatch.setattr(seats, "locked", unlocked)
    meet_after(monkeypatch, seating, "require_seat", Meeting())
    refused: tuple[type[Exception], ...] = (DomainError, IntegrityError)
    answers = together(
        lambda number: hosting.admit(creator=bob, stream=stream, guest=asked[number]),
        returned=refused,
    )
    assert stream.guests.joined().count() == 4
    (late,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(late, seating.GuestsFull) is locked


@pytest.mark.parametrize("locked", [True, False])
def test_of_two_creators_who_let_one_person_in_one_does(
    committed: None, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    alice = person("alice")
    asked: list[Guest] = []
    for name in ("bob", "nora"):
        creator = person(name, is_creator=True)
        open_to(creator)
        stream = streams.go_live(creator=creator, title=name)
        asked.append(asking.ask(user=alice, stream=stream))
    if not locked:
        monkeypatch.setattr(seating, "lock_person", lambda user: None)
    meet_after(monkeypatch, seating, "require_seat", Meeting())
    refused: tuple[type[Exception], ...] = (DomainError, IntegrityError)
    answers = together(
        lambda number: hosting.admit(
            creator=asked[number].stream.creator, stream=asked[number].stream, guest=asked[number]
        ),
        returned=refused,
    )
    assert Guest.objects.joined().count() == 1
    (late,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(late, seating.GuestElsewhere) is locked


def test_who_asks_twice_at_once_waits_once(committed: None) -> None:
    bob, alice = person("bob", is_creator=True), person("alice")
    stream = streams.go_live(creator=bob, title="Night guitar")
    open_to(bob)
    together(lambda _number: asking.ask(user=alice, stream=stream), times=4)
    assert stream.guests.count() == 1
