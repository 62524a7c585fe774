"""A stream that is recorded, from its first segment to a replay that can be played."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from live.models import Stream
from live.streams import services as streams
from live.tests.subscribing import wait_for
from testing.ports import free_port
from video import broadcasts
from video.ingest import desk, shelf
from video.models import Broadcast, Replay
from video.replays import segments
from video.replays.recording import finish_due
from video.replays.rules import set_rules
from video.tests.stage import Ingest, fetch, folder_of, newest, pushing, started


def names(playlist: bytes) -> list[str]:
    """Return the segments that a playlist names."""
    return re.findall(r"^\.\./.*\.m4s$", playlist.decode(), re.MULTILINE)


def ended(stream: Stream | None) -> Replay:
    """End the stream and return its replay once it can be watched."""
    assert stream
    streams.end(creator=stream.creator, stream=stream)
    wait_for(lambda: Replay.objects.ready().filter(stream=stream).exists())
    return Replay.objects.get(stream=stream)


def has(broadcast: Broadcast, count: int) -> bool:
    return len(segments.recorded(folder_of(broadcast))) >= count


def test_a_stream_is_kept_with_all_its_segments_over_a_cut(
    ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FEWEST", 1)  # without a replay, nothing older would stay
    monkeypatch.setattr(shelf, "LEAST_S", 0.5)
    with pushing(ingest.url(key)):
        first = newest("live")
        wait_for(lambda: has(first, 4))
    newest("gap")
    with pushing(ingest.url(key)):
        second = newest("live")
        wait_for(lambda: has(second, 2))
        replay = ended(second.stream)
    playlist = fetch(replay.address)
    assert playlist.status == 200
    assert playlist.body.count(b"#EXT-X-DISCONTINUITY") == 1
    assert playlist.body.count(b"#EXT-X-PROGRAM-DATE-TIME") == 2
    found = names(playlist.body)
    assert len(found) >= 6
    for name in found:
        assert fetch(f"/video/{name.removeprefix('../')}").status == 200
    assert [f"s{n:08d}.m4s" for n in range(4)] == [name[-13:] for name in found[:4]]
    began = [part[1] for part in replay.parts]
    assert began[1] - began[0] >= replay.parts[0][2]
    assert replay.seconds == pytest.approx(sum(part[2] for part in replay.parts))
    assert replay.keep_until
    assert timedelta(days=29) < replay.keep_until - timezone.now() <= timedelta(days=30)


def test_what_was_recorded_before_a_kill_can_be_played(
    key: str, streamer: User, folder: Path, settings: Settings
) -> None:
    port = free_port()
    process = started(port, folder)
    try:
        with pushing(f"rtmp://127.0.0.1:{port}/live/{key}"):
            broadcast = newest("live")
            wait_for(lambda: has(broadcast, 3))
            process.kill()
            process.wait(30)
    finally:
        process.kill()
        process.wait(30)
    stream = broadcast.stream
    assert stream
    streams.end(creator=streamer, stream=stream)
    Broadcast.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    broadcasts.sweep(watching_since=timezone.now())
    finish_due(folder)
    replay = Replay.objects.ready().get(stream=stream)
    assert len(names(fetch(replay.address).body)) >= 3


def test_nothing_is_kept_of_a_creator_who_does_not_want_it(
    ingest: Ingest, key: str, streamer: User, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_rules(creator=streamer, keep_replays=False)
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        assert broadcast.stream
        streams.end(creator=streamer, stream=broadcast.stream)
        newest("ended")
    assert not Replay.objects.exists()
    monkeypatch.setattr(desk, "KEEP_S", -1)
    desk.clean(folder)
    assert not folder_of(broadcast).exists()


def test_a_full_disk_stops_the_recording_and_never_the_stream(
    ingest: Ingest, key: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FEWEST", 2)
    monkeypatch.setattr(shelf, "LEAST_S", 1)
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        wait_for(lambda: has(broadcast, 2))
        settings.VIDEO_REPLAY_MAX_MB = 0
        wait_for(lambda: Replay.objects.filter(stopped="too_large").exists())
        last = segments.recorded(folder_of(broadcast))[-1].number
        wait_for(lambda: segments.in_playlist(folder_of(broadcast))[-1].number > last + 6)
        assert newest("live") == broadcast
        files = {int(file.name[1:9]) for file in folder_of(broadcast).glob("s0*.m4s")}
        assert set(range(last)) <= files  # what was recorded stays
        assert last + 2 not in files  # and what came after it goes
        replay = ended(broadcast.stream)
    assert len(names(fetch(replay.address).body)) <= last + 1


def test_a_deleted_replay_takes_its_files_with_it(
    ingest: Ingest, key: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        wait_for(lambda: has(broadcast, 1))
        replay = ended(broadcast.stream)
    monkeypatch.setattr(desk, "KEEP_S", -1)
    desk.clean(folder)
    assert fetch(replay.address).status == 200
    Replay.objects.update(keep_until=timezone.now())
    desk.clean(folder)
    assert not Replay.objects.exists()
    assert not folder_of(broadcast).exists()
    wait_for(lambda: fetch(replay.address).status == 404)
