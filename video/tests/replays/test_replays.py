"""Replays by their rows: who sees, deletes and takes them down, how much is kept, how long."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Scope, User
from conftest import api_key, person
from live.models import Stream
from live.streams import services as streams
from video import broadcasts
from video.models import Broadcast, Replay
from video.replays import playlist, recording, segments, services
from video.replays.recording import MB
from video.replays.rules import rules_of, set_rules
from video.tests.replays.stage import logged, replayed

pytestmark = pytest.mark.django_db


def recorded(creator: User) -> Broadcast:
    """Return a broadcast that is live and recorded."""
    broadcast = broadcasts.connect(creator=creator, source=Broadcast.Source.RTMP)
    return broadcasts.show(broadcast=broadcast, width=1280, height=720)


def room(client: Client, stream: Stream) -> str:
    return client.get(reverse("live:room", args=[stream.public_id])).content.decode()


def test_the_site_says_what_holds_until_the_creator_does(bob: User, settings: Settings) -> None:
    settings.VIDEO_KEEP_REPLAYS = False
    assert not recorded(bob).recorded
    assert not Replay.objects.exists()
    set_rules(creator=bob, keep_replays=True)
    assert rules_of(bob).keep_replays
    assert recorded(bob).replay
    settings.VIDEO_KEEP_REPLAYS = True
    set_rules(creator=bob, keep_replays=False)
    assert not recorded(bob).recorded


def test_a_room_whose_stream_is_over_plays_its_replay(client: Client, bob: User) -> None:
    replay = replayed(bob)
    page = room(client, replay.stream)
    assert f'data-replay="{replay.address}"' in page
    assert "video/replay.js" in page
    assert "Kept until" in page
    Replay.objects.update(keep_until=timezone.now())
    page = room(client, replay.stream)
    assert "data-replay=" not in page
    assert "This stream has ended." in page


def test_a_room_that_just_ended_leads_to_its_replay(client: Client, bob: User) -> None:
    replay = replayed(bob)
    door = reverse("video:door", args=[replay.stream.public_id])
    assert "Watch the replay" in client.get(door).content.decode()
    Replay.objects.update(state="recording")
    assert "on its way" in client.get(door).content.decode()
    Replay.objects.all().delete()
    assert client.get(door).content.decode().strip() == ""


def test_a_creator_sees_and_deletes_their_own(client: Client, bob: User, carol: User) -> None:
    replay = replayed(bob)
    client.force_login(bob)
    page = client.get(reverse("studio:replays")).content.decode()
    assert replay.stream.title in page
    assert "2:00" in page
    client.post(reverse("studio:delete_replay", args=[replay.stream.public_id]))
    assert not Replay.objects.exists()
    assert recording.folders_needed() == set()


def test_nobody_else_does(client: Client, bob: User, carol: User) -> None:
    replay = replayed(bob)
    carol.is_creator = True
    carol.save()
    client.force_login(carol)
    assert replay.stream.title not in client.get(reverse("studio:replays")).content.decode()
    address = reverse("studio:delete_replay", args=[replay.stream.public_id])
    assert client.post(address).status_code == 404
    api = f"/api/v1/me/replays/{replay.stream.public_id}/"
    as_carol = {"Authorization": f"Token {api_key(carol, Scope.EARN)}"}
    assert client.delete(api, headers=as_carol).status_code == 404
    assert Client().delete(api).status_code in {401, 403, 404}
    assert Replay.objects.exists()


def test_the_api_lists_and_deletes(client: Client, bob: User) -> None:
    replay = replayed(bob)
    api = f"/api/v1/streams/{replay.stream.public_id}/replay/"
    own = f"/api/v1/me/replays/{replay.stream.public_id}/"
    told = client.get(api).json()
    assert told["seconds"] == 120
    assert told["url"] == f"http://testserver{replay.address}"
    assert client.get("/api/v1/people/bob/replays/").json() == [told]
    reader = {"Authorization": f"Token {api_key(bob, Scope.READ)}"}
    assert client.delete(own, headers=reader).status_code == 403
    as_bob = {"Authorization": f"Token {api_key(bob, Scope.EARN, Scope.READ)}"}
    assert client.delete(own, headers=as_bob).status_code == 204
    assert client.get(api).status_code == 404
    rules = {"keep_replays": False}
    put = client.put("/api/v1/me/video/", rules, "application/json", headers=as_bob)
    assert put.json() == {**rules, "clips_by": "followers", "gifts_on_replays": True}
    assert client.get("/api/v1/me/video/", headers=as_bob).json() == put.json()
    odd = {**rules, "clips_by": "the whole world"}
    put = client.put("/api/v1/me/video/", odd, "application/json", headers=as_bob)
    assert put.status_code == 400


def test_a_replay_is_not_deleted_while_it_is_recorded(bob: User) -> None:
    broadcast = recorded(bob)
    assert broadcast.replay
    with pytest.raises(services.StillRecording):
        services.delete(replay=broadcast.replay)
    assert Replay.objects.exists()


def test_staff_take_one_down_for_a_reason(client: Client, dana: User, bob: User) -> None:
    replay = replayed(bob)
    client.force_login(dana)
    address = reverse("admin:video_replay_changelist")
    chosen = {"action": "take_down", "_selected_action": [replay.pk]}
    assert "Reason" in client.post(address, chosen).content.decode()
    replay.refresh_from_db()
    assert replay.can_be_watched
    client.post(address, {**chosen, "reason": "It shows a private address."})
    replay.refresh_from_db()
    assert (replay.state, replay.taken_down_by, replay.folder) == ("removed", dana, "")
    assert recording.folders_needed() == set()
    client.force_login(bob)
    assert "It shows a private address." in client.get(reverse("studio:replays")).content.decode()
    with pytest.raises(services.ReasonMissing):
        services.take_down(replay=replay, by=dana, reason=" ")


def test_what_staff_took_down_is_recorded_no_more(dana: User, bob: User) -> None:
    first = recorded(bob)
    assert first.replay
    services.take_down(replay=first.replay, by=dana, reason="Not here.")
    assert recording.weigh({first.pk: 1}) == {first.pk}
    broadcasts.lose(broadcast=first)
    assert recorded(bob).replay is None


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"keep_until": None}, "ready_replay_can_be_played_and_ends"),
        ({"seconds": 0}, "ready_replay_can_be_played_and_ends"),
        ({"folder": "../../etc"}, "ready_replay_can_be_played_and_ends"),
        ({"state": "removed", "reason": "No."}, "removed_replay_has_no_files"),
        (
            {"state": "removed", "folder": "", "parts": []},
            "replay_is_removed_for_a_reason",
        ),
        ({"state": "lost"}, "replay_state_known"),
    ],
)
def test_the_database_refuses_what_cannot_be(
    bob: User, changes: dict[str, object], constraint: str
) -> None:
    replay = replayed(bob)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Replay.objects.filter(pk=replay.pk).update(**changes)


def test_only_what_was_recorded_is_part_of_a_replay(bob: User) -> None:
    replayed(bob)
    with (
        pytest.raises(IntegrityError, match="replay_is_of_recorded_broadcasts"),
        transaction.atomic(),
    ):
        Broadcast.objects.update(recorded=False)


@pytest.fixture
def disk(settings: Settings, tmp_path: Path) -> Settings:
    settings.VIDEO_DIR = tmp_path
    settings.VIDEO_LEAST_FREE_MB = 0
    return settings


def stopped(broadcast: Broadcast, mb: int) -> str:
    """Return why the recording of a broadcast stops at a size; nothing where it goes on."""
    must = recording.weigh({broadcast.pk: mb * MB})
    broadcast.refresh_from_db()
    assert broadcast.state == "live"  # whatever happens to its recording
    assert broadcast.replay
    assert (broadcast.pk in must) == bool(broadcast.replay.stopped)
    return broadcast.replay.stopped


def test_one_replay_takes_so_much(bob: User, disk: Settings) -> None:
    disk.VIDEO_REPLAY_MAX_MB = 10
    broadcast = recorded(bob)
    assert stopped(broadcast, 10) == ""
    assert stopped(broadcast, 11) == "too_large"
    assert stopped(broadcast, 1) == "too_large"  # once it has stopped, it stays so


def test_all_together_take_so_much_and_a_creators_own_oldest_goes_first(
    bob: User, carol: User, disk: Settings
) -> None:
    disk.VIDEO_REPLAYS_MB = 100
    carol.is_creator = True
    carol.save()
    others = replayed(carol, mb=50)
    oldest, newest = replayed(bob, mb=20), replayed(bob, mb=20)
    broadcast = recorded(bob)
    assert stopped(broadcast, 10) == ""
    assert stopped(broadcast, 15) == ""
    assert set(Replay.objects.ready()) == {others, newest}
    assert oldest not in Replay.objects.all()
    assert stopped(broadcast, 45) == ""
    assert set(Replay.objects.ready()) == {others}
    assert stopped(broadcast, 51) == "no_room"
    assert set(Replay.objects.ready()) == {others}


def test_a_disk_that_fills_up_stops_recordings_before_it_stops_streams(
    bob: User, disk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = recorded(bob)
    monkeypatch.setattr(recording, "disk_is_short", lambda folder: True)
    assert stopped(broadcast, 1) == "disk_full"
    assert broadcast.replay
    assert "disk was nearly full" in broadcast.replay.trouble


def test_a_log_is_read_whatever_stands_in_it(tmp_path: Path) -> None:
    good = "0 1.000000 1000.000\n1 1.000000 1001.000\n"
    assert logged(tmp_path, good) == [0, 1]
    assert logged(tmp_path, good + "2 1.0") == [0, 1]  # killed while it wrote
    assert logged(tmp_path, good + "5 1.0 1005.0\n") == [0, 1, 2, 3, 4, 5]
    assert logged(tmp_path, good + "99 1.0 1099.0\n") == list(range(10))  # the rest is not there
    for odd in (
        "nan nan nan",
        "3 nan 1003",
        "3 1e9 1003",
        "-3 1 1003",
        "3 1 -5",
        "x y z",
        "3 1 1 1",
    ):
        assert logged(tmp_path, f"{good}{odd}\n") == [0, 1]


def test_the_newest_segments_are_those_of_the_playlist(tmp_path: Path) -> None:
    newest = (
        "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:2\n#EXTINF:1.5,\n"
        "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:20:02.000+0000\ns00000002.m4s\n"
    )
    (tmp_path / segments.PLAYLIST).write_text(newest)
    log = "0 1.0 1200.0\n1 1.0 1201.0\n"
    assert logged(tmp_path, log) == [0, 1, 2]
    assert segments.recorded(tmp_path)[-1] == segments.Segment(2, 1.5, 1202.0)
    assert logged(tmp_path, f"{log}{segments.STOPPED}\n") == [0, 1]


def test_a_replay_whose_files_are_away_waits_and_then_there_is_none(
    bob: User, tmp_path: Path
) -> None:
    broadcast = recorded(bob)
    assert broadcast.stream
    streams.end(creator=bob, stream=broadcast.stream)
    recording.finish_due(tmp_path)
    assert Replay.objects.get().state == "recording"  # its broadcast still comes in
    broadcasts.end(broadcast=broadcast)
    recording.finish_due(tmp_path)
    assert Replay.objects.get().state == "recording"  # a disk that comes later
    Stream.objects.update(ended_at=timezone.now() - timedelta(hours=2))
    recording.finish_due(tmp_path)
    assert not Replay.objects.exists()


def over(creator: User, root: Path) -> Broadcast:
    """Return a broadcast that was recorded and has ended with its stream, with its files."""
    broadcast = recorded(creator)
    assert broadcast.stream
    streams.end(creator=creator, stream=broadcast.stream)
    broadcasts.end(broadcast=broadcast)
    logged(root / broadcast.folder, "0 1.0 1000.0\n1 1.0 1001.0\n")
    return broadcast


def test_a_replay_that_cannot_be_written_holds_up_nothing(bob: User, tmp_path: Path) -> None:
    """As on a full disk, which only gets room again if all else goes on."""
    broken, whole = over(bob, tmp_path), over(person("mira", is_creator=True), tmp_path)
    in_the_way = tmp_path / broken.folder / f"{playlist.NAME}.new"
    in_the_way.mkdir()
    recording.finish_due(tmp_path)
    assert Replay.objects.ready().get() == whole.replay
    in_the_way.rmdir()
    recording.finish_due(tmp_path)
    assert Replay.objects.ready().count() == 2


def test_a_replay_whose_files_cannot_be_read_now_waits(bob: User, tmp_path: Path) -> None:
    broadcast = over(bob, tmp_path)
    log = tmp_path / broadcast.folder / segments.LOG
    away = log.rename(tmp_path / "away")
    log.mkdir()  # it is there, and cannot be read
    recording.finish_due(tmp_path)
    assert Replay.objects.get().state == "recording"
    log.rmdir()
    away.rename(log)
    recording.finish_due(tmp_path)
    assert Replay.objects.ready().get().seconds == 2


def test_bytes_that_a_power_cut_left_in_a_log_take_away_one_line(bob: User, tmp_path: Path) -> None:
    broadcast = over(bob, tmp_path)
    log = tmp_path / broadcast.folder / segments.LOG
    log.write_bytes(log.read_bytes() + b"\xff\xfe\x00")
    recording.finish_due(tmp_path)
    assert Replay.objects.ready().get().seconds == 2
