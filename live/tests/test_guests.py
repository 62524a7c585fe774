"""Becoming a guest: asking, inviting, letting in, going, and everything that is refused."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.ages import TooYoung
from accounts.models import Scope, User
from accounts.services import OriginUnknown
from accounts.suspension import suspend
from conftest import api_key, person
from foundation.errors import DomainError, WrongState
from live.guests import asking, hosting, rules, seating
from live.guests.doors import door_of
from live.guests.sweeping import sweep
from live.models import Guest, RoomRules, Stream
from live.moderation import blocks, moderators
from live.streams import services as streams
from live.tests.adults import for_adults, of_sixteen
from live.tests.blocking import block, hide
from live.tests.guests import open_to, seated

pytestmark = pytest.mark.django_db
JOINED, ASKED, INVITED = Guest.State.JOINED, Guest.State.ASKED, Guest.State.INVITED


def state_of(stream: Stream, user: User) -> str:
    return stream.guests.filter(user=user).latest("pk").state


def told(stream: Stream, kind: str = "guests") -> list[dict[str, Any]]:
    return list(stream.events.filter(kind=kind).order_by("pk").values_list("payload", flat=True))


def test_a_guest_asks_is_let_in_and_leaves(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    first = asking.ask(user=alice, stream=stream)
    assert asking.ask(user=alice, stream=stream) == first
    assert door_of(alice, stream).guest == first
    hosting.admit(creator=bob, stream=stream, guest=first)
    again = hosting.admit(creator=bob, stream=stream, guest=first)
    assert (again.state, again.seat, again.name) == (JOINED, 1, "Alice")
    assert asking.ask(user=alice, stream=stream).state == JOINED
    (shown,) = told(stream)[-1]["guests"]
    assert shown == {
        "id": str(first.public_id),
        "seat": 1,
        "name": "Alice",
        "handle": "alice",
        "person": str(alice.public_id),
        "picture": "",
        "muted": False,
    }
    for _time in range(2):
        asking.leave(user=alice, stream=stream)
    assert state_of(stream, alice) == Guest.State.LEFT
    assert told(stream)[-1] == {"guests": [], "asking": True}
    assert asking.ask(user=alice, stream=stream) != first


def test_who_is_invited_says_yes_or_no(bob: User, alice: User, carol: User, stream: Stream) -> None:
    open_to(bob, "invited")
    for user in (alice, carol):
        guest = hosting.invite(creator=bob, stream=stream, user=user)
        assert hosting.invite(creator=bob, stream=stream, user=user) == guest
    for _time in range(2):
        assert asking.join(user=alice, stream=stream).state == JOINED
        asking.leave(user=carol, stream=stream)
    assert state_of(stream, carol) == Guest.State.REFUSED
    # No is what she said: it is not held against her.
    assert not stream.guests.filter(asking.turned_down(), user=carol).exists()
    with pytest.raises(asking.NotInvited):
        asking.join(user=carol, stream=stream)


def test_inviting_who_asks_lets_them_in(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    asking.ask(user=alice, stream=stream)
    with pytest.raises(asking.NotInvited):
        asking.join(user=alice, stream=stream)
    assert hosting.invite(creator=bob, stream=stream, user=alice).state == JOINED


def test_an_invitation_is_taken_back(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob, "invited")
    guest = hosting.invite(creator=bob, stream=stream, user=alice)
    for _time in range(2):
        hosting.refuse(creator=bob, stream=stream, guest=guest)
    with pytest.raises(asking.NotInvited):
        asking.join(user=alice, stream=stream)
    with pytest.raises(WrongState):
        hosting.admit(creator=bob, stream=stream, guest=guest)


def test_nobody_is_a_guest_until_the_creator_says_so(
    bob: User, alice: User, stream: Stream
) -> None:
    with pytest.raises(rules.GuestsOff):
        asking.ask(user=alice, stream=stream)
    with pytest.raises(rules.GuestsOff):
        hosting.invite(creator=bob, stream=stream, user=alice)
    open_to(bob, "invited")
    with pytest.raises(asking.ByInvitation):
        asking.ask(user=alice, stream=stream)
    with pytest.raises(rules.UnknownGuestsRule):
        rules.change_rule(creator=bob, guests="everybody")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomRules.objects.update(guests="fans")


def test_who_waits_and_may_not_any_more_waits_no_longer(
    bob: User, alice: User, carol: User, erin: User, stream: Stream
) -> None:
    open_to(bob)
    asking.ask(user=alice, stream=stream)
    hosting.invite(creator=bob, stream=stream, user=carol)
    seated(stream, erin)
    open_to(bob, "invited")
    assert state_of(stream, alice) == Guest.State.LEFT
    assert state_of(stream, carol) == INVITED
    open_to(bob, "nobody")
    assert state_of(stream, carol) == Guest.State.LEFT
    assert state_of(stream, erin) == JOINED
    assert told(stream)[-1]["asking"] is False


def test_the_first_four_are_all(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    early = asking.ask(user=alice, stream=stream)
    four = [seated(stream, person(name)) for name in ("ann", "ben", "cat", "dan")]
    assert [guest.seat for guest in four] == [1, 2, 3, 4]
    late = person("late")
    refused: list[Callable[[], object]] = [
        lambda: hosting.admit(creator=bob, stream=stream, guest=early),
        lambda: asking.ask(user=late, stream=stream),
        lambda: hosting.invite(creator=bob, stream=stream, user=late),
    ]
    for act in refused:
        with pytest.raises(seating.GuestsFull):
            act()
    assert door_of(late, stream).full
    asking.leave(user=four[1].user, stream=stream)
    assert hosting.admit(creator=bob, stream=stream, guest=early).seat == 2


def test_the_database_has_four_seats_and_one_row_for_each(
    bob: User, alice: User, carol: User, stream: Stream
) -> None:
    open_to(bob)
    guest = seated(stream, alice)
    now = timezone.now()
    wrong: list[dict[str, object]] = [
        {"user": carol, "state": JOINED, "seat": 5, "joined_at": now},
        {"user": carol, "state": JOINED, "seat": 0, "joined_at": now},
        {"user": carol, "state": JOINED, "seat": None, "joined_at": now},
        {"user": carol, "state": JOINED, "seat": 1, "joined_at": now},
        {"user": carol, "state": JOINED, "seat": 2},
        {"user": carol, "state": ASKED, "seat": 2},
        {"user": carol, "state": "left"},
        {"user": carol, "state": ASKED, "ended_at": now},
        {"user": carol, "state": ASKED, "reason": "because"},
        {"user": alice, "state": ASKED},
        {"user": bob, "state": ASKED},
    ]
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Guest.objects.create(stream=stream, **facts)
    other = streams.go_live(creator=person("nora", is_creator=True), title="Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Guest.objects.create(stream=other, user=alice, state=JOINED, seat=1, joined_at=now)
    assert stream.guests.get() == guest


def test_one_seat_a_person(bob: User, alice: User, stream: Stream) -> None:
    nora = person("nora", is_creator=True)
    other = streams.go_live(creator=nora, title="Other")
    for creator in (bob, nora):
        open_to(creator)
    seated(other, alice)
    asked = asking.ask(user=alice, stream=stream)
    with pytest.raises(seating.GuestElsewhere):
        hosting.admit(creator=bob, stream=stream, guest=asked)
    asking.leave(user=alice, stream=other)
    assert hosting.admit(creator=bob, stream=stream, guest=asked).seat == 1


def test_who_can_be_no_guest_is_told_why(bob: User, stream: Stream) -> None:
    open_to(bob)
    blocked, hidden = person("ann"), person("ben")
    block(bob, blocked)
    hide(bob, hidden)
    cases: list[tuple[User, type[DomainError]]] = [
        (bob, rules.OwnGuest),
        (of_sixteen(), rules.GuestTooYoung),
        (person("nobody", born=None), OriginUnknown),
        (blocked, blocks.Blocked),
        (hidden, blocks.Blocked),
    ]
    for user, why in cases:
        with pytest.raises(why):
            asking.ask(user=user, stream=stream)
    assert issubclass(rules.GuestTooYoung, TooYoung)
    assert not stream.guests.exists()


def test_a_stream_for_adults_has_grown_up_guests(bob: User) -> None:
    adults = for_adults(bob)
    open_to(bob)
    with pytest.raises(rules.GuestTooYoung):
        asking.ask(user=of_sixteen(), stream=adults)
    minor = User.objects.get(handle="minor")
    # A creator could ask so for the age of anybody.
    assert hosting.invite(creator=bob, stream=adults, user=minor).state == INVITED
    with pytest.raises(rules.GuestTooYoung):
        asking.join(user=minor, stream=adults)


def test_only_a_stream_on_air_has_guests(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    soon = streams.schedule(
        creator=bob, title="Soon", scheduled_for=timezone.now() + timedelta(hours=1)
    )
    with pytest.raises(streams.NotOnAirYet):
        asking.ask(user=alice, stream=soon)
    seated(stream, alice)
    asking.ask(user=person("ann"), stream=stream)
    streams.end(creator=bob, stream=stream)
    assert not stream.guests.open().exists()
    acts: list[Callable[[], object]] = [
        lambda: asking.ask(user=alice, stream=stream),
        lambda: asking.join(user=alice, stream=stream),
        lambda: hosting.invite(creator=bob, stream=stream, user=alice),
    ]
    for act in acts:
        with pytest.raises(streams.StreamEnded):
            act()


def test_twice_no_is_no_in_this_stream(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    asked = asking.ask(user=alice, stream=stream)
    hosting.refuse(creator=bob, stream=stream, guest=asked)
    hosting.remove(by=bob, stream=stream, guest=seated(stream, alice))
    with pytest.raises(asking.TurnedDown):
        asking.ask(user=alice, stream=stream)
    # The creator may change their mind.
    assert hosting.invite(creator=bob, stream=stream, user=alice).state == INVITED
    streams.end(creator=bob, stream=stream)
    another = streams.go_live(creator=bob, title="Another")
    assert asking.ask(user=alice, stream=another).state == ASKED


def test_asking_over_and_over_is_refused(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    for _time in range(asking.OFTEN):
        asking.ask(user=alice, stream=stream)
        asking.leave(user=alice, stream=stream)
    with pytest.raises(asking.AskedTooOften):
        asking.ask(user=alice, stream=stream)
    stream.guests.update(created_at=timezone.now() - asking.OFTEN_WITHIN)
    assert asking.ask(user=alice, stream=stream).state == ASKED


def test_no_more_wait_than_a_creator_can_read(bob: User, stream: Stream) -> None:
    open_to(bob)
    for number in range(asking.MOST_WAITING):
        asking.ask(user=person(f"fan{number}"), stream=stream)
    late = person("late")
    with pytest.raises(asking.TooManyWait):
        asking.ask(user=late, stream=stream)
    for number in range(hosting.MOST_INVITED):
        hosting.invite(creator=bob, stream=stream, user=person(f"friend{number}"))
    with pytest.raises(hosting.TooManyInvited):
        hosting.invite(creator=bob, stream=stream, user=late)


def test_moderators_mute_and_remove_and_let_nobody_in(
    bob: User, alice: User, carol: User, stream: Stream
) -> None:
    open_to(bob)
    moderators.appoint(creator=bob, user=carol)
    guest = seated(stream, alice)
    for muted in (True, True, False):
        assert hosting.mute(by=carol, stream=stream, guest=guest, muted=muted).muted is muted
    marks = [[one["muted"] for one in said["guests"]] for said in told(stream)]
    assert marks[-2:] == [[True], [False]]
    for _time in range(2):
        hosting.remove(by=carol, stream=stream, guest=guest)
    assert state_of(stream, alice) == Guest.State.REMOVED
    asked = asking.ask(user=alice, stream=stream)
    for act in (hosting.admit, hosting.refuse):
        with pytest.raises((DomainError, Stream.DoesNotExist)):
            act(creator=carol, stream=stream, guest=asked)
    other = person("ann")
    for by in (other, alice):
        with pytest.raises(moderators.NotAModerator):
            hosting.remove(by=by, stream=stream, guest=asked)
        with pytest.raises(moderators.NotAModerator):
            hosting.mute(by=by, stream=stream, guest=asked, muted=True)


def test_a_creator_decides_in_their_own_stream_alone(
    bob: User, alice: User, stream: Stream
) -> None:
    open_to(bob)
    asked = asking.ask(user=alice, stream=stream)
    nora = person("nora", is_creator=True)
    open_to(nora)
    for act in (hosting.admit, hosting.refuse):
        with pytest.raises(Stream.DoesNotExist):
            act(creator=nora, stream=stream, guest=asked)
    with pytest.raises(Stream.DoesNotExist):
        hosting.invite(creator=nora, stream=stream, user=person("ann"))
    other = streams.go_live(creator=nora, title="Other")
    with pytest.raises(Guest.DoesNotExist):
        hosting.admit(creator=nora, stream=other, guest=asked)


def test_staff_take_a_guest_off_for_a_reason(
    bob: User, alice: User, dana: User, stream: Stream
) -> None:
    open_to(bob)
    guest = seated(stream, alice)
    with pytest.raises(hosting.RemovalReasonMissing):
        hosting.remove_for_staff(by=dana, guest=guest, reason=" \u200b ")
    for reason in ("A weapon.", "Another."):
        hosting.remove_for_staff(by=dana, guest=guest, reason=reason)
    guest.refresh_from_db()
    assert (guest.state, guest.reason, guest.by) == (Guest.State.REMOVED, "A weapon.", dana)
    last = door_of(alice, stream).last
    assert last
    assert last.reason == "A weapon."


def test_a_block_by_name_takes_a_guest_off_at_once(bob: User, alice: User, stream: Stream) -> None:
    open_to(bob)
    seated(stream, alice)
    block(bob, alice)
    assert state_of(stream, alice) == Guest.State.REMOVED
    assert told(stream)[-1]["guests"] == []
    with pytest.raises(hosting.InvitesBlocked):
        hosting.invite(creator=bob, stream=stream, user=alice)


def test_a_block_by_a_gift_does_not_say_whose_it_was(
    bob: User, alice: User, carol: User, stream: Stream
) -> None:
    open_to(bob)
    seated(stream, alice)
    hide(bob, alice)
    sweep()
    assert state_of(stream, alice) == JOINED
    hide(bob, carol)
    hosting.invite(creator=bob, stream=stream, user=carol)
    with pytest.raises(blocks.Blocked):
        asking.join(user=carol, stream=stream)


def test_who_is_suspended_or_was_blocked_is_found(
    bob: User, alice: User, carol: User, stream: Stream
) -> None:
    open_to(bob)
    seated(stream, alice)
    seated(stream, carol)
    sweep()
    assert stream.guests.joined().count() == 2
    suspend(alice)
    sweep()
    sweep()
    assert [guest.user for guest in stream.guests.joined()] == [carol]
    assert [one["handle"] for one in told(stream)[-1]["guests"]] == ["carol"]


def test_who_turns_out_to_be_a_child_is_taken_off(
    bob: User, alice: User, carol: User, stream: Stream
) -> None:
    open_to(bob)
    seated(stream, alice)
    seated(stream, carol)
    today = timezone.now().date()
    grown_up = today.replace(year=today.year - 18)
    User.objects.filter(pk=alice.pk).update(date_of_birth=grown_up + timedelta(days=1))
    User.objects.filter(pk=carol.pk).update(date_of_birth=grown_up)
    sweep()
    assert [guest.user for guest in stream.guests.joined()] == [carol]


def test_a_guest_bears_the_name_that_the_room_shows(bob: User, alice: User, stream: Stream) -> None:
    from live.chat import words

    words.block_word(creator=bob, word="alice")
    open_to(bob)
    assert seated(stream, alice).name == ""


def test_only_the_person_can_tell_that_it_is_about_them(
    bob: User, alice: User, carol: User, stream: Stream
) -> None:
    open_to(bob)
    asking.ask(user=alice, stream=stream)
    (said,) = told(stream, "guest")
    assert said == {"tag": door_of(alice, stream).tag}
    assert said["tag"] != door_of(carol, stream).tag


def test_nobody_else_learns_who_asks_or_was_invited(
    client: Client, bob: User, alice: User, carol: User, stream: Stream
) -> None:
    open_to(bob)
    asking.ask(user=alice, stream=stream)
    key = {"Authorization": f"Token {api_key(carol, Scope.EARN)}"}
    for handle in ("alice", "nobody-here"):
        address = reverse("api_guest", args=[stream.public_id, handle])
        assert client.delete(address, headers=key).status_code == 403
        body = json.dumps({"muted": True})
        answer = client.patch(address, body, content_type="application/json", headers=key)
        assert answer.status_code == 403
