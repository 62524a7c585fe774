"""The small rendition and the sound alone, by a real FFmpeg: beside what is sent."""

import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from pytest_django import Settings

from live.streams import services as streams
from live.tests.subscribing import wait_for
from video.ingest import small
from video.ingest.probing import probe
from video.models import Broadcast, Replay
from video.replays import segments
from video.replays.segments import SEGMENT, SETUP, SMALL, SOUND
from video.tests.stage import Ingest, fetch, folder_of, newest, pushing

LARGE = ("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=15")
UPRIGHT = ("-f", "lavfi", "-i", "testsrc2=size=720x1280:rate=15")


@pytest.fixture(autouse=True)
def switched_on(settings: Settings) -> None:
    settings.VIDEO_360P = True


def beside(broadcast: Broadcast, name: str) -> str:
    """Return a playlist beside the broadcast's; empty while there is none."""
    answer = fetch(broadcast.address.rpartition("/")[0] + f"/{name}")
    return answer.body.decode() if answer.status == 200 else ""


def there(broadcast: Broadcast) -> list[segments.Segment]:
    """Return the small segments that can be played."""
    listed = segments.listed(re.sub("small-", "s", beside(broadcast, SMALL.playlist)))
    folder = folder_of(broadcast)
    return [one for one in listed if (folder / (SMALL.segment % one.number)).exists()]


def times(*files: Path) -> tuple[float, float]:
    """Return when the first picture and the first sound of a segment are."""
    words = ["-loglevel", "error", "-copyts", "-ignore_editlist", "1", "-i", "pipe:0"]
    words += ["-c", "copy", "-f", "framecrc", "-"]
    said = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), *words],
        input=b"".join(file.read_bytes() for file in files),
        capture_output=True,
        check=True,
    ).stdout.decode()
    bases = [1 / int(base) for base in re.findall(r"#tb \d: 1/(\d+)", said)]
    first = [re.search(rf"^{number}, +-?\d+, +(-?\d+),", said, re.MULTILINE) for number in (0, 1)]
    assert all(first)
    picture, sound = (
        int(found[1]) * base for found, base in zip(first, bases, strict=True) if found
    )
    return picture, sound


def test_what_is_sent_is_there_at_360p_as_well_at_the_same_times(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key), source=LARGE):
        broadcast = newest("live")
        assert broadcast.address.endswith("/master.m3u8")
        wait_for(lambda: len(there(broadcast)) >= 3)
        master = beside(broadcast, "master.m3u8")
        assert re.findall(r"RESOLUTION=(\w+),CODECS=\"([^\"]+)\"\n(\S+)", master) == [
            ("1280x720", "avc1.42c01f,mp4a.40.2", "index.m3u8"),
            ("640x360", "avc1.4d401f,mp4a.40.2", "small.m3u8"),
        ]
        large, little = map(int, re.findall(r"[:]BANDWIDTH=(\d+)", master))
        assert 1_100_000 > little > 100_000
        assert large > little
        folder = folder_of(broadcast)
        assert probe(folder / SMALL.setup) == (640, 360)
        copied = {one.number: one for one in segments.in_playlist(folder)}
        for one in there(broadcast)[-2:]:
            assert one.seconds == pytest.approx(copied[one.number].seconds)
            assert one.began == pytest.approx(copied[one.number].began, abs=0.01)
            before = times(folder / SETUP, folder / (SEGMENT % one.number))
            after = times(folder / SMALL.setup, folder / (SMALL.segment % one.number))
            assert after == pytest.approx(before, abs=0.001)


def test_an_upright_picture_stays_upright(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key), source=UPRIGHT):
        broadcast = newest("live")
        assert "RESOLUTION=360x640" in beside(broadcast, "master.m3u8")


def test_a_small_picture_gets_no_smaller_one(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        master = beside(broadcast, "master.m3u8")
        assert master.count("#EXT-X-STREAM-INF") == 1
        assert "320x180" in master
        assert not beside(broadcast, SMALL.playlist)


def test_a_rendition_that_fails_is_not_offered_and_the_stream_goes_on(
    ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pushing(ingest.url(key), source=LARGE):
        broadcast = newest("live")
        wait_for(lambda: there(broadcast))
        monkeypatch.setattr(small, "AGAIN_S", 3.0)
        enough = small.LIMITS["memory_mb"]
        monkeypatch.setitem(small.LIMITS, "memory_mb", 20)  # nothing is drawn in that
        wait_for(lambda: "small" not in beside(broadcast, "master.m3u8"))
        assert not beside(broadcast, SMALL.playlist)
        last = segments.in_playlist(folder_of(broadcast))[-1].number
        wait_for(lambda: segments.in_playlist(folder_of(broadcast))[-1].number > last + 2)
        assert newest("live") == broadcast
        monkeypatch.setitem(small.LIMITS, "memory_mb", enough)
        wait_for(lambda: "small" in beside(broadcast, "master.m3u8"))  # it is tried again


def test_one_that_is_always_late_is_given_up(
    ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small, "BEHIND", 0)  # each that waits is late
    with pushing(ingest.url(key), source=LARGE):
        broadcast = newest("live")
        wait_for(lambda: "small" not in beside(broadcast, "master.m3u8"))
        assert newest("live") == broadcast


def test_old_small_segments_go(ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small, "FORGOTTEN", 2)
    with pushing(ingest.url(key), source=LARGE):
        broadcast = newest("live")
        folder = folder_of(broadcast)
        wait_for((folder / (SMALL.segment % 5)).exists)
        assert len(list(folder.glob("small-*.m4s"))) <= 3


def test_a_replay_keeps_what_was_sent_and_nothing_beside_it(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key), source=LARGE):
        broadcast = newest("live")
        folder = folder_of(broadcast)
        wait_for(lambda: len(there(broadcast)) >= 2 and (folder / SOUND.playlist).exists())
        stream = broadcast.stream
        assert stream
        streams.end(creator=stream.creator, stream=stream)
        wait_for(lambda: Replay.objects.ready().filter(stream=stream).exists())
    wait_for(lambda: not [*folder.glob("small*"), *folder.glob("sound*"), *folder.glob("still*")])
    assert list(folder.glob("s0*.m4s"))


def test_the_sound_is_there_alone_for_those_who_save_data(
    ingest: Ingest, key: str, settings: Settings
) -> None:
    settings.VIDEO_360P = False
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        folder = folder_of(broadcast)
        wait_for(lambda: beside(broadcast, SOUND.playlist).count(".m4s") > 2)
        setup = fetch(broadcast.address.replace("index.m3u8", SOUND.setup)).body
        assert b"mp4a" in setup
        assert b"avc1" not in setup
        sizes = [file.stat().st_size for file in folder.glob("sound-*.m4s")]
        assert max(sizes) < 20_000
        wait_for((folder / "still.jpg").exists)
        still = fetch(broadcast.address.replace("index.m3u8", "still.jpg"))
        assert (still.status, still.headers["cache-control"]) == (200, "public, max-age=1")


def test_a_stream_without_sound_has_no_playlist_of_it(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key), audio=(), source=LARGE):
        broadcast = newest("live")
        wait_for(lambda: len(there(broadcast)) >= 2)
        assert not beside(broadcast, SOUND.playlist)
        assert 'CODECS="avc1.42c01f"' in beside(broadcast, "master.m3u8")
