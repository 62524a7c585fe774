"""The files of clips: cut out of what is live, there when the replay is gone, gone when deleted."""

import re
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from live.streams import services as streams
from live.tests.subscribing import wait_for
from video.clips import services
from video.ingest import clipping, desk
from video.models import Clip, Replay
from video.replays import segments
from video.tests.stage import Ingest, fetch, folder_of, newest, pushing


@pytest.mark.parametrize("kept", [True, False])
def test_a_clip_of_what_is_live_outlives_its_stream(
    ingest: Ingest,
    key: str,
    streamer: User,
    folder: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    kept: bool,
) -> None:
    settings.VIDEO_KEEP_REPLAYS = kept
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        wait_for(lambda: len(segments.present(folder_of(broadcast))) >= 6)
        assert broadcast.stream
        clip = services.make(by=streamer, stream=broadcast.stream, title="Now", seconds=5)
        wait_for(lambda: Clip.objects.filter(pk=clip.pk, state="ready").exists())
        streams.end(creator=streamer, stream=broadcast.stream)
        newest("ended")
    wait_for(lambda: not Replay.objects.filter(state="recording").exists())
    Replay.objects.all().delete()
    monkeypatch.setattr(desk, "KEEP_S", -1)
    desk.clean(folder)
    assert not folder_of(broadcast).exists()

    clip.refresh_from_db()
    assert 0 < clip.seconds <= 6.5
    playlist = fetch(clip.address)
    assert playlist.body.endswith(b"#EXT-X-ENDLIST\n")
    found = re.findall(r"^s\d+\.m4s$", playlist.body.decode(), re.MULTILINE)
    assert found[0] == "s00000000.m4s"
    at = clip.address.removesuffix("index.m3u8")
    assert all(fetch(at + name).status == 200 for name in found)
    assert fetch(f"{at}init.mp4").body[4:8] == b"ftyp"
    poster = fetch(clip.poster_url)
    assert poster.headers["content-type"] == "image/jpeg"
    assert poster.body.startswith(b"\xff\xd8\xff")

    services.delete(clip=clip)
    desk.clean(folder)
    wait_for(lambda: fetch(clip.address).status == 404)  # a playlist is kept for a moment
    assert list(folder.iterdir()) == []


def test_a_clip_whose_moment_is_gone_fails_and_says_so(
    ingest: Ingest, key: str, streamer: User
) -> None:
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        assert broadcast.stream
        clip = services.make(by=streamer, stream=broadcast.stream, title="Now", seconds=5)
        Clip.objects.filter(pk=clip.pk).update(state="failed")
        clip.began = clip.began.replace(year=2020)
        clip.pk, clip.state = None, Clip.State.WAITING
        clip.public_id, clip.folder = type(clip.public_id)(int=7), "f" * 32
        clip.save()
        wait_for(lambda: Clip.objects.filter(folder="f" * 32, state="failed").exists())
        assert newest("live") == broadcast


def test_what_a_killed_process_left_is_made_again_or_swept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, db: None, bob: User
) -> None:
    from video.tests.replays.stage import replayed

    replay = replayed(bob)
    half = folder / ("a" * 32)  # not renamed yet when the process died
    half.mkdir(parents=True)
    clip = services.make(by=bob, stream=replay.stream, title="Then", seconds=5, at=1)
    (folder / clip.folder).mkdir()  # renamed, and the row was not written
    monkeypatch.setattr(desk, "KEEP_S", -1)
    desk.clean(folder)
    assert not half.exists()
    assert (folder / clip.folder).exists()
    clipping.settle(clip, clipping.Made(5.0, 100, True))
    clip.refresh_from_db()
    assert clip.state == "ready"
    services.delete(clip=clip)
    desk.clean(folder)
    assert not (folder / clip.folder).exists()
    clipping.settle(clip, clipping.Made(5.0, 100, True))
    assert not Clip.objects.exists()
