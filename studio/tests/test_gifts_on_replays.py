"""Streams take gifts while their replays can be watched, and what is sent there stands in time."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Scope, User
from conftest import api_key
from foundation.errors import DomainError
from gifts.models import SentGift
from gifts.sending.services import send_gift, thank, undo_gift
from live.models import Stream
from live.moderation import blocks, hiding
from live.streams import services as streams
from live.streams.after_end import take_gifts
from video import broadcasts
from video.models import Broadcast, Replay, VideoRules
from video.replays import events, gifts, recording, services
from video.replays.recording import MB
from video.replays.rules import rules_of, set_rules
from video.tests.replays.stage import BEGAN, logged, replayed, sent

pytestmark = pytest.mark.django_db


def open_one(creator: User, *parts: tuple[float, float]) -> Replay:
    """Return a replay that takes gifts."""
    replay = replayed(creator, *parts)
    gifts.follow(creator.pk)
    return replay


def send(fan: User, replay: Replay, second: float, **more: Any) -> SentGift:
    """Send a gift on a replay, so many seconds into the evening."""
    moment = BEGAN + timedelta(seconds=second)
    press: dict[str, Any] = {"gift": "moss-frog", "key": uuid.uuid4(), "moment": moment} | more
    return send_gift(fan=fan, stream=replay.stream, **press).gift


def takes(stream: Stream) -> bool:
    return Stream.objects.get(pk=stream.pk).takes_gifts_on_replay


def told(replay: Replay, since: float = 0) -> list[tuple[float, str]]:
    return [(round(at, 3), one.kind) for at, one in events.window(replay, since).moments]


# --- When it takes gifts ----------------------------------------------------------------------


def test_a_stream_takes_gifts_from_when_its_replay_is_ready(bob: User, tmp_path: Path) -> None:
    broadcast = broadcasts.connect(creator=bob, source=Broadcast.Source.RTMP)
    set_rules(creator=bob, keep_replays=True)
    broadcast.recorded = True
    broadcast = broadcasts.show(broadcast=broadcast, width=1280, height=720)
    assert broadcast.stream
    streams.end(creator=bob, stream=broadcast.stream)
    broadcasts.end(broadcast=broadcast)
    assert not takes(broadcast.stream)
    logged(tmp_path / broadcast.folder, "0 1.0 1000.0\n1 1.0 1001.0\n")
    recording.finish_due(tmp_path)
    assert takes(broadcast.stream)
    until = Stream.objects.get(pk=broadcast.stream.pk).gifts_until
    assert until == Replay.objects.get().keep_until


def deleted(replay: Replay, staff: User) -> None:
    services.delete(replay=replay)


def taken_down(replay: Replay, staff: User) -> None:
    services.take_down(replay=replay, by=staff, reason="It shows an address.")


def old(replay: Replay, staff: User) -> None:
    Replay.objects.filter(pk=replay.pk).update(keep_until=timezone.now())
    recording.forget_old()


def its_person_left(replay: Replay, staff: User) -> None:
    services.forget(replay.stream.creator)


def not_wanted(replay: Replay, staff: User) -> None:
    set_rules(creator=replay.stream.creator, keep_replays=True, gifts_on_replays=False)


def suspended(replay: Replay, staff: User) -> None:
    User.objects.filter(pk=replay.stream.creator_id).update(is_active=False)


@pytest.mark.parametrize(
    "change", [deleted, taken_down, old, its_person_left, not_wanted, suspended]
)
def test_and_no_longer_than_it_is_there_and_wanted(
    bob: User, dana: User, alice: User, change: Callable[[Replay, User], None]
) -> None:
    replay = open_one(bob)
    assert takes(replay.stream)
    send(alice, replay, 10)
    change(replay, dana)
    assert not takes(replay.stream)
    with pytest.raises(DomainError) as refusal:
        send(alice, replay, 20)
    assert refusal.value.code == "replay_closed"
    assert SentGift.objects.count() == 1


def test_what_makes_room_for_a_new_one_takes_no_more(
    bob: User, settings: Settings, tmp_path: Path
) -> None:
    settings.VIDEO_DIR, settings.VIDEO_LEAST_FREE_MB, settings.VIDEO_REPLAYS_MB = tmp_path, 0, 100
    oldest, newest = replayed(bob, mb=50), replayed(bob, mb=20)
    gifts.follow(bob.pk)
    set_rules(creator=bob, keep_replays=True)
    broadcast = broadcasts.connect(creator=bob, source=Broadcast.Source.RTMP)
    broadcast = broadcasts.show(broadcast=broadcast, width=1280, height=720)
    recording.weigh({broadcast.pk: 60 * MB})
    assert (takes(oldest.stream), takes(newest.stream)) == (False, True)


def test_a_creator_wants_them_or_not_for_all_replays_at_once(bob: User) -> None:
    one, other = open_one(bob), open_one(bob)
    assert rules_of(bob).gifts_on_replays
    for wanted in (False, True):
        set_rules(creator=bob, keep_replays=False, gifts_on_replays=wanted)
        assert takes(one.stream) is takes(other.stream) is wanted
    set_rules(creator=bob, keep_replays=False, gifts_on_replays=False)
    set_rules(creator=bob, keep_replays=True)  # what is not said stays
    assert not takes(one.stream)


def test_one_creator_s_choice_is_no_other_s(bob: User, carol: User) -> None:
    theirs = open_one(carol)
    set_rules(creator=bob, keep_replays=True, gifts_on_replays=False)
    gifts.follow(bob.pk)
    assert takes(theirs.stream)


def test_the_studio_and_the_api_set_it(client: Client, bob: User) -> None:
    replay = open_one(bob)
    client.force_login(bob)
    page = client.get(reverse("studio:replays")).content.decode()
    assert "Gifts on replays" in page
    client.post(reverse("studio:video_rules"), {"keep_replays": "on", "clips_by": "nobody"})
    assert not takes(replay.stream)
    assert not VideoRules.objects.get().gifts_on_replays
    key = {"Authorization": f"Token {api_key(bob, Scope.EARN)}"}
    rules = {"keep_replays": True, "gifts_on_replays": True}
    client.put("/api/v1/me/video/", rules, "application/json", headers=key)
    assert takes(replay.stream)


# --- Where it stands --------------------------------------------------------------------------


def test_it_stands_among_what_came_then(alice: User, bob: User) -> None:
    replay = open_one(bob, (0, 120))
    sent(replay, 9)
    sent(replay, 11)
    send(alice, replay, 10)
    assert told(replay) == [(9, "chat"), (10, "gift"), (11, "chat")]
    assert told(replay, 30) == []


def test_none_is_lost_before_the_first_picture_in_a_cut_or_behind_the_last(
    alice: User, bob: User
) -> None:
    replay = open_one(bob, (100, 10), (140, 20))
    Stream.objects.filter(pk=replay.stream_id).update(
        started_at=BEGAN, ended_at=BEGAN + timedelta(seconds=400)
    )
    replay.refresh_from_db()
    for second in (0, 105, 120, 399):
        send(alice, replay, second, gift="pebble")
    assert told(replay) == [(0, "gift"), (5, "gift"), (10, "gift"), (30, "gift")]


def test_thanks_come_with_it_and_what_was_undone_is_gone(alice: User, bob: User) -> None:
    replay = open_one(bob)
    kept, gone = send(alice, replay, 5), send(alice, replay, 6)
    thank(creator=bob, key=kept.public_id)
    undo_gift(fan=alice, key=gone.public_id)
    assert told(replay) == [(5, "gift"), (5, "thanks")]
    thanks = events.window(replay, 0).moments[1].event
    assert thanks.payload["to"] == "Alice"


def test_a_thanks_long_after_its_gift_still_knows_whose_it_was(alice: User, bob: User) -> None:
    replay = open_one(bob)
    kept = send(alice, replay, 5)
    thank(creator=bob, key=kept.public_id)
    said = replay.stream.events.filter(kind="thanks")
    said.update(id=said.get().pk + 2 * events.LOOKED_BACK)
    assert events.window(replay, 0).moments[1].event.payload["to"] == "Alice"
    blocks.block(creator=bob, user=alice)
    gift, thanks = (one.event.payload for one in events.window(replay, 0).moments)
    assert (gift["from"], thanks["to"]) == (None, None)


def test_its_message_can_be_hidden(alice: User, bob: User) -> None:
    replay = open_one(bob)
    sent = send(alice, replay, 5, message="Look at this")
    hiding.hide_message(by=bob, stream=replay.stream, gift=sent.public_id)
    [one] = events.window(replay, 0).moments
    assert one.event.payload["message"] == ""


def test_many_at_one_moment_are_told_in_turn(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST", 3)
    replay = open_one(bob)
    for second in range(1, 9):
        send(alice, replay, second, gift="pebble")
    found: list[float] = []
    since = 0.0
    while since < 30:
        window = events.window(replay, since)
        found += [one.at for one in window.moments if one.at not in found]
        since = window.until
    assert found == list(range(1, 9))


# --- The room and the API ---------------------------------------------------------------------


def room(client: Client, replay: Replay) -> str:
    return client.get(reverse("live:room", args=[replay.stream.public_id])).content.decode()


def test_its_room_has_the_tray_and_knows_its_moments(client: Client, bob: User) -> None:
    replay = replayed(bob)
    assert "gifts/tray/tray.js" not in room(client, replay)
    gifts.follow(bob.pk)
    page = room(client, replay)
    tray = reverse("gifts:tray", args=[replay.stream.public_id])
    assert "gifts/tray/tray.js" in page
    assert f'hx-get="{tray}"' in page
    assert "live/events.js" not in page
    assert f"[[0.0, {BEGAN.timestamp()}, 120.0]]" in page


def test_the_api_says_where_its_seconds_are(client: Client, alice: User, bob: User) -> None:
    replay = open_one(bob, (0, 10), (40, 20))
    api = f"/api/v1/streams/{replay.stream.public_id}"
    said = client.get(f"{api}/replay/").json()
    assert said["takes_gifts"] is True
    assert [(part["at"], part["seconds"]) for part in said["parts"]] == [(0, 10), (10, 20)]
    began = datetime.fromisoformat(said["parts"][1]["began"])
    assert began == BEGAN.astimezone(UTC) + timedelta(seconds=40)
    key = {"Authorization": f"Token {api_key(alice, Scope.SEND)}"}
    press = {
        "gift": "moss-frog",
        "key": str(uuid.uuid4()),
        "moment": (began + timedelta(seconds=5)).isoformat(),
    }
    answer = client.post(f"{api}/gifts/", press, "application/json", headers=key)
    assert answer.status_code == 201
    assert datetime.fromisoformat(answer.json()["sent"]["moment"]) == began + timedelta(seconds=5)
    assert told(replay) == [(15, "gift")]
    take_gifts(creator_id=bob.pk, until={})
    assert client.get(f"{api}/replay/").json()["takes_gifts"] is False
    again = {**press, "key": str(uuid.uuid4())}
    answer = client.post(f"{api}/gifts/", again, "application/json", headers=key)
    assert (answer.status_code, answer.json()["code"]) == (410, "replay_closed")


# --- The studio -------------------------------------------------------------------------------


def test_the_studio_says_how_many_came_and_lets_them_be_thanked_for(
    client: Client, alice: User, bob: User
) -> None:
    replay = open_one(bob)
    came = send(alice, replay, 5)
    client.force_login(bob)
    there = reverse("studio:console_of", args=[replay.stream.public_id])
    assert "A gift on your replays waits for a thanks." in client.get("/studio/").text
    page = client.get(reverse("studio:replays")).text
    assert f'href="{there}"' in page
    assert "1 gift on the replay, 25 coins" in page
    assert "On the replay" in client.get(there).text
    thanked = client.post(reverse("studio:thank", args=[came.public_id]))
    assert thanked.url == there  # type: ignore[attr-defined]  # a redirect
    assert "waits for a thanks" not in client.get("/studio/").text
    assert "to thank for" not in client.get(reverse("studio:replays")).text


def test_nobody_else_has_the_console_of_a_stream(client: Client, bob: User, carol: User) -> None:
    replay = open_one(bob)
    User.objects.filter(pk=carol.pk).update(is_creator=True)
    carol.refresh_from_db()
    client.force_login(carol)
    there = reverse("studio:console_of", args=[replay.stream.public_id])
    assert client.get(there).status_code == 404


def test_the_statement_names_them(client: Client, alice: User, bob: User) -> None:
    send(alice, open_one(bob), 5)
    client.force_login(bob)
    assert "on the replay of Night songs" in client.get(reverse("studio:earnings")).text
    sheet = b"".join(client.get(reverse("studio:statement_csv")).streaming_content)  # type: ignore[attr-defined]
    assert b"Night songs,bob,2026-11-20T20:00:05Z" in sheet
