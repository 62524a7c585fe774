"""The life of a broadcast by its rows: who may begin one, where it is shown, how it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.creators import NotACreator
from accounts.models import User
from foundation.errors import WrongState
from live.models import Event, Stream
from live.streams import services as streams
from video import broadcasts, stream_keys
from video.models import Broadcast, StreamKey
from video.pictures import encoder_of, picture_of
from video.troubles import SENTENCES, Trouble

pytestmark = pytest.mark.django_db
RTMP = Broadcast.Source.RTMP


def connected(creator: User) -> Broadcast:
    return broadcasts.connect(creator=creator, source=RTMP)


def shown(creator: User) -> Broadcast:
    return broadcasts.show(broadcast=connected(creator), width=1280, height=720)


def later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    """Let time pass for the rules of this module."""
    now = timezone.now() + timedelta(**time)
    monkeypatch.setattr(timezone, "now", lambda: now)


def sweep() -> None:
    broadcasts.sweep(watching_since=timezone.now() - timedelta(days=1))


def test_a_key_is_known_by_its_digest_and_replaced_by_one_press(bob: User) -> None:
    key = stream_keys.rotate(creator=bob)
    kept = StreamKey.objects.get()
    assert key not in {str(value) for value in vars(kept).values()}
    found = stream_keys.use(key)
    assert found and found.creator == bob
    assert stream_keys.use(key + "x") is None
    assert stream_keys.use("") is None
    assert stream_keys.use(kept.digest) is None
    new = stream_keys.rotate(creator=bob)
    assert stream_keys.use(key) is None
    assert stream_keys.use(new)


def test_keys_are_for_creators_alone(carol: User) -> None:
    with pytest.raises(NotACreator):
        stream_keys.rotate(creator=carol)
    with pytest.raises(NotACreator):
        connected(carol)


def test_a_switched_off_account_opens_nothing_with_its_key(bob: User) -> None:
    key = stream_keys.rotate(creator=bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert stream_keys.use(key) is None


def test_a_new_key_cuts_off_what_comes_in(bob: User) -> None:
    stream_keys.rotate(creator=bob)
    broadcast = shown(bob)
    stream_keys.rotate(creator=bob)
    broadcast.refresh_from_db()
    assert (broadcast.state, broadcast.trouble) == ("gap", "key_changed")


def test_a_key_that_is_taken_away_opens_nothing_and_cuts_off(bob: User) -> None:
    key = stream_keys.rotate(creator=bob)
    broadcast = shown(bob)
    stream_keys.revoke(creator=bob)
    stream_keys.revoke(creator=bob)
    assert stream_keys.use(key) is None
    broadcast.refresh_from_db()
    assert broadcast.state == "gap"


def test_the_first_picture_goes_on_air_with_the_last_title(bob: User) -> None:
    last = streams.go_live(creator=bob, title="Night songs", poster="live/posters/ink-and-tea.svg")
    streams.end(creator=bob, stream=last)
    broadcast = connected(bob)
    assert not Stream.objects.on_air().exists()
    broadcast = broadcasts.show(broadcast=broadcast, width=1280, height=720)
    assert broadcast.stream and broadcast.stream != last
    assert (broadcast.stream.title, broadcast.stream.poster) == (last.title, last.poster)
    assert picture_of(broadcast.stream)[:2] == ("live", broadcast.address)


def test_one_that_is_planned_is_not_the_last_one(bob: User) -> None:
    last = streams.go_live(creator=bob, title="Late", adults_only=True)
    streams.end(creator=bob, stream=last)
    tomorrow = timezone.now() + timedelta(days=1)
    streams.schedule(creator=bob, title="For children", scheduled_for=tomorrow)
    stream = shown(bob).stream
    assert stream
    assert (stream.title, stream.adults_only) == ("Late", True)


def test_a_stream_that_is_planned_for_tomorrow_does_not_begin(bob: User) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    planned = streams.schedule(creator=bob, title="Tomorrow", scheduled_for=tomorrow)
    assert shown(bob).stream != planned


def test_the_newer_broadcast_takes_the_place_of_the_older(bob: User) -> None:
    first = shown(bob)
    second = connected(bob)
    first.refresh_from_db()
    assert (first.state, first.trouble) == ("gap", "replaced")
    broadcasts.show(broadcast=second, width=640, height=360)
    first.refresh_from_db()
    assert first.state == "ended"


def test_the_database_holds_one_that_comes_in_for_a_creator(bob: User) -> None:
    connected(bob)
    with pytest.raises(IntegrityError, match="one_incoming_broadcast"), transaction.atomic():
        Broadcast.objects.create(creator=bob, source=RTMP)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"stream": None}, "shown_broadcast_has_stream_and_size"),
        ({"state": "gap"}, "gap_has_its_moment"),
        ({"state": "ended"}, "ended_broadcast_has_an_end"),
        ({"folder": "../../etc"}, "folder_is_a_plain_name"),
    ],
)
def test_the_database_refuses_what_cannot_be(
    bob: User, changes: dict[str, object], constraint: str
) -> None:
    broadcast = shown(bob)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Broadcast.objects.filter(pk=broadcast.pk).update(**changes)


def test_what_was_replaced_is_not_shown_any_more(bob: User) -> None:
    first = connected(bob)
    connected(bob)
    with pytest.raises(WrongState):
        broadcasts.show(broadcast=first, width=640, height=360)
    assert not Stream.objects.exists()


def test_what_was_never_shown_ends_and_tells_no_room(bob: User) -> None:
    broadcast = connected(bob)
    broadcasts.lose(broadcast=broadcast, trouble=Trouble.NO_PICTURE)
    broadcast.refresh_from_db()
    assert (broadcast.state, broadcast.trouble) == ("ended", "no_picture")
    assert not Event.objects.filter(kind="picture").exists()
    assert encoder_of(bob).trouble == SENTENCES["no_picture"]


def test_a_gap_lasts_thirty_seconds_and_then_the_stream_ends(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = shown(bob)
    broadcasts.lose(broadcast=broadcast)
    assert broadcast.stream
    assert picture_of(broadcast.stream).state == "gap"
    later(monkeypatch, seconds=29)
    sweep()
    broadcast.stream.refresh_from_db()
    assert broadcast.stream.is_on_air
    later(monkeypatch, seconds=2)
    sweep()
    broadcast.stream.refresh_from_db()
    assert broadcast.stream.state == Stream.State.ENDED


def test_the_grace_begins_when_somebody_is_there_again(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = shown(bob)
    later(monkeypatch, hours=1)  # nobody took anything in meanwhile
    back = timezone.now()
    later(monkeypatch, seconds=11)
    broadcasts.sweep(watching_since=back)
    broadcast.refresh_from_db()
    assert broadcast.state == "gap"
    later(monkeypatch, seconds=29)
    broadcasts.sweep(watching_since=back)
    broadcast.refresh_from_db()
    assert broadcast.state == "gap"


def test_a_site_that_was_down_for_an_hour_ends_no_stream_for_that(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = shown(bob)
    broadcasts.lose(broadcast=broadcast)
    later(monkeypatch, hours=1)
    broadcasts.sweep(watching_since=timezone.now() - timedelta(seconds=29))
    assert Stream.objects.on_air().exists()
    broadcasts.sweep(watching_since=timezone.now() - timedelta(seconds=31))
    assert not Stream.objects.on_air().exists()


def test_no_stream_ends_while_its_picture_is_about_to_come_back(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcasts.lose(broadcast=shown(bob))
    again = connected(bob)
    later(monkeypatch, seconds=60)
    broadcasts.beat([again.pk])
    sweep()
    assert Stream.objects.on_air().exists()
    assert broadcasts.show(broadcast=again, width=640, height=360).state == "live"


def test_beats_keep_alive_and_tell_what_must_stop(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = shown(bob)
    later(monkeypatch, seconds=60)
    assert broadcasts.beat([broadcast.pk]) == {}
    sweep()
    broadcast.refresh_from_db()
    assert broadcast.state == "live"
    assert broadcast.stream
    streams.end(creator=bob, stream=broadcast.stream)
    assert broadcasts.beat([broadcast.pk]) == {broadcast.pk: Trouble.STREAM_ENDED}


def ended_by_hand(bob: User) -> None:
    broadcast = shown(bob)
    assert broadcast.stream
    streams.end(creator=bob, stream=broadcast.stream)
    broadcasts.end(broadcast=broadcast, trouble=Trouble.STREAM_ENDED)


def test_an_encoder_that_tries_again_begins_no_other_stream(bob: User) -> None:
    ended_by_hand(bob)
    with pytest.raises(broadcasts.StreamWasEnded):
        connected(bob)


@pytest.mark.parametrize(
    "way",
    [
        lambda bob, patch: streams.go_live(creator=bob, title="Again"),
        lambda bob, patch: later(patch, minutes=16),
    ],
    ids=["going live", "waiting"],
)
def test_until_its_creator_does_or_some_time_is_over(
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[User, pytest.MonkeyPatch], object],
) -> None:
    ended_by_hand(bob)
    way(bob, monkeypatch)
    assert connected(bob).state == "connecting"


def test_what_a_dead_process_left_of_an_ended_stream_ends(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = shown(bob)
    assert broadcast.stream
    streams.end(creator=bob, stream=broadcast.stream)
    later(monkeypatch, seconds=11)
    sweep()
    broadcast.refresh_from_db()
    assert broadcast.state == "ended"
    assert picture_of(broadcast.stream)[:2] == ("", "")
