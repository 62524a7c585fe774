"""What a guest sends: beside the creator's picture, and never in its place."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.suspension import suspend
from conftest import person
from foundation.errors import WrongState
from live.guests import asking, hosting
from live.models import Event, Guest, Stream
from live.streams import services as streams
from live.tests.blocking import block
from live.tests.guests import open_to, seated
from video import broadcasts, captions, guests, pictures
from video.clips.services import NothingToClip
from video.clips.services import make as make_clip
from video.models import Broadcast, Replay
from video.replays.rules import set_rules
from video.troubles import Trouble

pytestmark = pytest.mark.django_db
BROWSER = Broadcast.Source.BROWSER
LIVE, GAP, ENDED = Broadcast.State.LIVE, Broadcast.State.GAP, Broadcast.State.ENDED
CONNECTING = Broadcast.State.CONNECTING
SIZE = {"width": 640, "height": 360}
LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def guest(bob: User, alice: User, stream: Stream) -> Guest:
    open_to(bob)
    return seated(stream, alice)


def shown(guest: Guest) -> Broadcast:
    return guests.show(broadcast=guests.connect(guest=guest), **SIZE)


def own(bob: User) -> Broadcast:
    connected = broadcasts.connect(creator=bob, source=BROWSER)
    return broadcasts.show(broadcast=connected, **SIZE)


def state_of(broadcast: Broadcast) -> str:
    broadcast.refresh_from_db()
    return broadcast.state


def told(stream: Stream, kind: str) -> list[dict[str, Any]]:
    return list(stream.events.filter(kind=kind).order_by("pk").values_list("payload", flat=True))


def sweep(since: timedelta = LONG_AGO) -> None:
    guests.sweep(watching_since=timezone.now() - since)


def test_it_stands_beside_the_creators(bob: User, guest: Guest, stream: Stream) -> None:
    mine = own(bob)
    theirs = shown(guest)
    assert (state_of(mine), state_of(theirs)) == (LIVE, LIVE)
    public = str(guest.public_id)
    last = {"guest": public, "state": "live", "src": theirs.address}
    assert told(stream, "guest_picture") == [last]
    assert len(told(stream, "picture")) == 1
    assert pictures.picture_of(stream).src == mine.address
    (seen,) = pictures.guests_of(stream)
    assert (seen["id"], seen["state"], seen["src"]) == (public, "live", theirs.address)


def test_it_begins_no_stream_and_takes_no_creators_place(
    bob: User, guest: Guest, stream: Stream
) -> None:
    theirs = shown(guest)
    assert pictures.picture_of(stream) == pictures.Picture()
    assert Stream.objects.count() == 1
    mine = own(bob)
    again = broadcasts.connect(creator=bob, source=BROWSER)
    assert (state_of(mine), state_of(theirs), state_of(again)) == (GAP, LIVE, CONNECTING)
    broadcasts.show(broadcast=again, **SIZE)
    assert state_of(theirs) == LIVE
    assert pictures.encoder_of(bob).last == again


def test_nothing_of_it_is_kept(bob: User, guest: Guest, stream: Stream) -> None:
    set_rules(creator=bob, keep_replays=True, clips_by="everybody")
    theirs = shown(guest)
    assert (theirs.recorded, theirs.replay) == (False, None)
    assert not Replay.objects.exists()
    broadcasts.show_still(broadcast=theirs, name="still-00000001.jpg")
    stream.refresh_from_db()
    assert stream.still == ""
    with pytest.raises(NothingToClip):
        make_clip(by=bob, stream=stream, title="Now", seconds=15)
    with pytest.raises(IntegrityError), transaction.atomic():
        Broadcast.objects.filter(pk=theirs.pk).update(recorded=True)


def test_the_newer_page_of_a_guest_wins(guest: Guest) -> None:
    first = shown(guest)
    second = guests.connect(guest=guest)
    assert (state_of(first), state_of(second)) == (GAP, CONNECTING)
    assert guests.beat([first.pk, second.pk]) == {first.pk: Trouble.GUEST_ELSEWHERE}
    guests.show(broadcast=second, **SIZE)
    assert (state_of(first), state_of(second)) == (ENDED, LIVE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Broadcast.objects.create(
            creator=second.creator, stream=second.stream, guest=guest, source=BROWSER
        )


def test_one_who_is_not_on_sends_nothing(bob: User, carol: User, guest: Guest) -> None:
    asked = asking.ask(user=carol, stream=guest.stream)
    with pytest.raises(guests.NotAGuest):
        guests.connect(guest=asked)
    connected = guests.connect(guest=guest)
    hosting.remove(by=bob, stream=guest.stream, guest=guest)
    with pytest.raises(WrongState):
        guests.show(broadcast=connected, **SIZE)
    with pytest.raises(guests.NotAGuest):
        guests.connect(guest=guest)


def test_who_must_go_is_told_why(bob: User, alice: User, guest: Guest, stream: Stream) -> None:
    theirs = shown(guest)
    assert guests.beat([theirs.pk]) == {}
    assert broadcasts.beat([theirs.pk]) == {}
    hosting.remove(by=bob, stream=stream, guest=guest)
    assert guests.beat([theirs.pk]) == {theirs.pk: Trouble.GUEST_REMOVED}
    broadcasts.end(broadcast=theirs, trouble=Trouble.GUEST_REMOVED)
    second = shown(seated(stream, alice))
    asking.leave(user=alice, stream=stream)
    assert guests.beat([second.pk]) == {second.pk: Trouble.GUEST_LEFT}


def test_the_end_of_the_stream_is_that_of_its_guests(
    bob: User, guest: Guest, stream: Stream
) -> None:
    theirs = shown(guest)
    streams.end(creator=bob, stream=stream)
    assert guests.beat([theirs.pk]) == {theirs.pk: Trouble.GUEST_OVER}
    broadcasts.lose(broadcast=theirs)
    sweep()
    assert state_of(theirs) == ENDED


@pytest.mark.parametrize("who", ["guest", "creator"])
def test_a_suspended_account_sends_nothing(who: str, bob: User, alice: User, guest: Guest) -> None:
    theirs = shown(guest)
    suspend(alice if who == "guest" else bob)
    assert guests.beat([theirs.pk]) == {theirs.pk: Trouble.SWITCHED_OFF}


def test_a_blocked_guest_is_cut_off(bob: User, alice: User, guest: Guest) -> None:
    theirs = shown(guest)
    block(bob, alice)
    assert guests.beat([theirs.pk]) == {theirs.pk: Trouble.GUEST_REMOVED}


def test_a_stream_that_becomes_one_for_adults_gives_it_another_address(
    bob: User, guest: Guest, stream: Stream
) -> None:
    theirs = shown(guest)
    streams.change(creator=bob, stream=stream, adults_only=True)
    assert guests.beat([theirs.pk]) == {theirs.pk: Trouble.LINE_CUT}
    broadcasts.lose(broadcast=theirs)
    another = shown(guest)
    assert another.for_adults
    assert guests.beat([another.pk]) == {}


def test_a_cut_line_says_so_on_its_tile_alone_and_ends_only_the_guest(
    bob: User, guest: Guest, stream: Stream
) -> None:
    mine, theirs = own(bob), shown(guest)
    broadcasts.lose(broadcast=theirs)
    assert told(stream, "guest_picture")[-1]["state"] == "gap"
    assert len(told(stream, "picture")) == 1
    Broadcast.objects.update(seen_at=timezone.now())
    sweep()
    assert state_of(theirs) == GAP  # half a minute
    Broadcast.objects.filter(pk=theirs.pk).update(gap_at=timezone.now() - LONG_AGO)
    sweep(timedelta(seconds=5))
    assert state_of(theirs) == GAP  # nobody was there to take it up again
    broadcasts.sweep(watching_since=timezone.now() - LONG_AGO)
    sweep()
    guest.refresh_from_db()
    stream.refresh_from_db()
    assert (state_of(theirs), guest.state) == (ENDED, Guest.State.LEFT)
    assert (state_of(mine), stream.is_on_air) == (LIVE, True)


def test_a_guest_who_comes_back_stays(guest: Guest) -> None:
    first = shown(guest)
    broadcasts.lose(broadcast=first)
    Broadcast.objects.update(gap_at=timezone.now() - LONG_AGO)
    guests.connect(guest=guest)
    sweep()
    guest.refresh_from_db()
    assert guest.state == Guest.State.JOINED


def test_the_process_that_took_it_in_died(guest: Guest) -> None:
    theirs = shown(guest)
    Broadcast.objects.update(seen_at=timezone.now() - LONG_AGO)
    sweep()
    assert state_of(theirs) == GAP


def test_a_seat_is_kept_for_two_minutes(guest: Guest) -> None:
    sweep()
    guest.refresh_from_db()
    assert guest.state == Guest.State.JOINED
    Guest.objects.update(joined_at=timezone.now() - LONG_AGO)
    tried = guests.connect(guest=guest)
    broadcasts.lose(broadcast=tried)  # before there was a picture
    sweep()
    guest.refresh_from_db()
    assert guest.state == Guest.State.JOINED
    Broadcast.objects.update(ended_at=timezone.now() - LONG_AGO)
    sweep(timedelta(seconds=60))
    guest.refresh_from_db()
    assert guest.state == Guest.State.JOINED
    sweep()
    guest.refresh_from_db()
    assert guest.state == Guest.State.LEFT


def test_five_senders_at_once(bob: User, guest: Guest, stream: Stream) -> None:
    mine = own(bob)
    four = [guest, *(seated(stream, person(name)) for name in ("ann", "ben", "cat"))]
    sent = [shown(one) for one in four]
    assert [state_of(one) for one in (mine, *sent)] == [LIVE] * 5
    assert [one["seat"] for one in pictures.guests_of(stream)] == [1, 2, 3, 4]


def test_what_a_guest_says_is_no_caption_of_the_creators(guest: Guest) -> None:
    assert captions.say(broadcast=shown(guest), text="Good evening", ago_s=0) is None
    assert not Event.objects.filter(kind="caption").exists()
