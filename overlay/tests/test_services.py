"""Alerts are controlled, settings saved, the address changed; each is published."""

import uuid

import pytest

from accounts.creators import NotACreator
from accounts.models import User
from gifts.models import SentGift
from gifts.sending.services import send_gift, undo_gift
from live.models import Event, Stream
from live.streams.services import end
from overlay import services
from overlay.alert_queue import queue_of
from overlay.models import Overlay
from overlay.refusals import (
    AddressGone,
    AlertNumber,
    NoSuchGift,
    NothingToReplay,
    NotOnAir,
    ReplayCount,
    VoiceLanguage,
)

pytestmark = pytest.mark.django_db


def gift(fan: User, stream: Stream, slug: str = "moss-frog", **more: object) -> SentGift:
    return send_gift(
        fan=fan,
        stream=stream,
        gift=slug,
        key=uuid.uuid4(),
        confirmed=True,
        **more,  # type: ignore[arg-type]
    ).gift


def published(kind: str) -> list[dict[str, object]]:
    return [event.payload for event in Event.objects.filter(kind=kind).order_by("pk")]


def test_pausing_is_stored_and_published_once(bob: User, stream: Stream) -> None:
    services.alerts_pause(creator=bob)
    services.alerts_pause(creator=bob)
    assert services.settings_of(bob).paused
    services.alerts_resume(creator=bob)
    assert not services.settings_of(bob).paused
    assert [alert["do"] for alert in published("alerts")] == ["pause", "resume"]


def test_pausing_off_air_is_kept_for_the_next_stream(bob: User) -> None:
    services.alerts_pause(creator=bob)
    assert services.settings_of(bob).paused
    assert published("alerts") == []


def test_replay_brings_the_last_announced_ones_oldest_first(
    alice: User, bob: User, stream: Stream
) -> None:
    small, first, undone, last = (
        gift(alice, stream, slug) for slug in ("pebble", "moss-frog", "moss-frog", "moss-frog")
    )
    undo_gift(fan=alice, key=undone.public_id)
    services.change_settings(creator=bob, changes={"muted": ["pebble"]})
    services.alerts_replay(creator=bob, last=5)
    again = published("alerts")[-1]["gifts"]
    assert [one["id"] for one in again] == [str(first.public_id), str(last.public_id)]  # type: ignore[attr-defined]
    assert str(small.public_id) not in str(again)


@pytest.mark.parametrize("last", [0, 11, -1])
def test_a_replay_is_of_a_handful(bob: User, stream: Stream, last: int) -> None:
    with pytest.raises(ReplayCount):
        services.alerts_replay(creator=bob, last=last)


def test_nothing_is_replayed_where_nothing_was(bob: User, stream: Stream) -> None:
    with pytest.raises(NothingToReplay):
        services.alerts_replay(creator=bob)
    end(creator=bob, stream=stream)
    with pytest.raises(NotOnAir):
        services.alerts_replay(creator=bob)
    with pytest.raises(NotOnAir):
        services.alerts_skip(creator=bob)


def test_a_test_gift_is_published_and_counts_nowhere(bob: User, stream: Stream) -> None:
    services.send_test(creator=bob, gift="moss-frog")
    [test] = published("test")
    assert (test["gift"], test["test"], test["private"]) == ("moss-frog", True, True)
    assert not SentGift.objects.exists()
    assert published("gift") == []


def test_a_test_gift_off_air_waits_for_the_overlay(bob: User) -> None:
    services.send_test(creator=bob, gift="moss-frog")
    overlay = Overlay.objects.get(creator=bob)
    assert overlay.test is not None
    assert overlay.test["gift"] == "moss-frog"
    with pytest.raises(NoSuchGift):
        services.send_test(creator=bob, gift="a-golden-yacht")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"least_coins": 0}, AlertNumber),
        ({"least_coins": None}, AlertNumber),
        ({"speak_from_coins": 0}, AlertNumber),
        ({"thank_from_coins": 1_000_001}, AlertNumber),
        ({"volume": 101}, AlertNumber),
        ({"voice_language": "tlh"}, VoiceLanguage),
        ({"muted": ["a-golden-yacht"]}, NoSuchGift),
    ],
)
def test_settings_out_of_bounds_change_nothing(
    bob: User, stream: Stream, changes: services.Changes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        services.change_settings(creator=bob, changes=changes)
    assert services.settings_of(bob).least_coins == 1
    assert published("settings") == []


def test_settings_are_published_and_a_threshold_may_be_never(bob: User, stream: Stream) -> None:
    services.change_settings(creator=bob, changes={"speak_from_coins": 50, "thank_from_coins": 9})
    services.change_settings(creator=bob, changes={"speak_from_coins": None})
    settings = services.settings_of(bob)
    assert (settings.speak_from_coins, settings.thank_from_coins) == (None, 9)
    assert published("settings") == [{}, {}]


def test_a_fan_has_no_overlay(carol: User) -> None:
    for what in (services.settings_of, services.overlay_of):
        with pytest.raises(NotACreator):
            what(carol)
    with pytest.raises(NotACreator):
        services.rotate(creator=carol)


def test_the_address_is_the_same_until_it_is_changed(bob: User, stream: Stream) -> None:
    before = services.overlay_of(bob).token
    assert services.overlay_of(bob).token == before
    assert len(before) >= 43
    after = services.rotate(creator=bob).token
    assert after != before
    assert not Overlay.objects.with_token(before).exists()
    assert Overlay.objects.with_token(after).get().creator == bob
    assert published("settings") == [{}]  # open overlays ask again, and find that theirs is gone


def test_the_table_does_not_hold_the_address(bob: User) -> None:
    overlay = services.overlay_of(bob)
    row = str(Overlay.objects.filter(pk=overlay.pk).values().get())
    assert overlay.token not in row


def test_played_never_goes_back(alice: User, bob: User, stream: Stream) -> None:
    token = services.overlay_of(bob).token
    for _ in range(4):
        gift(alice, stream)
    one, two, three, four = Event.objects.order_by("pk").values_list("pk", flat=True)
    services.note_played(token=token, to=two, done=[four])
    services.note_played(token=token, to=one, done=[two, three])
    overlay = Overlay.objects.get()
    assert (overlay.played_to, overlay.played) == (two, [three, four])
    services.note_played(token=token, to=three, done=[])
    overlay.refresh_from_db()
    assert (overlay.played_to, overlay.played) == (three, [four])


def test_played_is_never_beyond_what_was_written(alice: User, bob: User, stream: Stream) -> None:
    token = services.overlay_of(bob).token
    gift(alice, stream)
    newest = Event.objects.get().pk
    services.note_played(token=token, to=2**62, done=[2**62 + 1])
    overlay = Overlay.objects.get()
    assert (overlay.played_to, overlay.played) == (newest, [])


def test_an_old_address_keeps_nothing(bob: User, stream: Stream) -> None:
    token = services.overlay_of(bob).token
    services.rotate(creator=bob)
    with pytest.raises(AddressGone):
        services.note_played(token=token, to=1, done=[])
    assert Overlay.objects.get().played_to is None


def test_the_queue_is_what_was_announced_and_not_played(
    alice: User, bob: User, stream: Stream
) -> None:
    token = services.overlay_of(bob).token
    services.note_played(token=token, to=0, done=[])
    sent = [gift(alice, stream) for _ in range(4)]
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    undo_gift(fan=alice, key=sent[2].public_id)
    services.note_played(token=token, to=ids[0], done=[])
    waiting = [one["id"] for one in queue_of(bob).waiting]
    assert waiting == [str(sent[1].public_id), str(sent[3].public_id)]
    services.change_settings(creator=bob, changes={"least_coins": 26})
    assert queue_of(bob).waiting == []
