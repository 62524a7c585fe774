"""Video from an encoder to the viewers, pushed by FFmpeg over RTMP as OBS does."""

import re
import socket
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from live.models import Event, Stream
from live.streams import services as streams
from live.tests.subscribing import wait_for
from testing.ports import free_port
from video import broadcasts, stream_keys
from video.ingest import desk, gate, intake, packager, shelf
from video.ingest.rtmp import connection
from video.ingest.rtmp.chunks import Kind
from video.models import Broadcast
from video.tests.stage import (
    H264,
    SETUP,
    Encoder,
    Ingest,
    fetch,
    folder_of,
    newest,
    pushing,
    refused,
    started,
    taking_in,
)


def told(stream: Stream | None) -> list[tuple[str, str]]:
    """Return what the room was told about its picture."""
    events = Event.objects.filter(stream=stream, kind="picture").order_by("pk")
    return [(event.payload["state"], event.payload["src"]) for event in events]


def segments(broadcast: Broadcast) -> list[str]:
    return re.findall(r"^s\d+\.m4s$", fetch(broadcast.address).body.decode(), re.MULTILINE)


def longest(broadcast: Broadcast) -> float:
    """Return the seconds of the longest segment in the playlist."""
    lengths = re.findall(r"#EXTINF:([\d.]+)", fetch(broadcast.address).body.decode())
    return max(float(length) for length in lengths)


def test_a_push_puts_the_creator_on_air_and_every_viewer_gets_it(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        assert broadcast.stream and broadcast.stream.is_on_air
        assert (broadcast.width, broadcast.height) == (320, 180)
        assert told(broadcast.stream) == [("live", broadcast.address)]
        wait_for(lambda: len(segments(broadcast)) > 2)
        playlist = fetch(broadcast.address)
        assert playlist.headers["content-type"] == "application/vnd.apple.mpegurl"
        assert playlist.headers["cache-control"] == "public, max-age=1"
        assert b"#EXT-X-PROGRAM-DATE-TIME" in playlist.body
        assert longest(broadcast) < 1.5
        at = broadcast.address.removesuffix("index.m3u8")
        segment = fetch(at + segments(broadcast)[0])
        assert segment.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert segment.body[4:8] in {b"styp", b"moof"}
        assert fetch(at + "init.mp4").body[4:8] == b"ftyp"


def test_old_segments_go(
    ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.VIDEO_KEEP_REPLAYS = False
    monkeypatch.setattr(packager, "LISTED", 2)
    monkeypatch.setattr(shelf, "FEWEST", 3)
    monkeypatch.setattr(shelf, "LEAST_S", 1)
    with pushing(ingest.url(key)):
        broadcast = newest("live")
        wait_for(lambda: bool(segments(broadcast)) and segments(broadcast)[0] >= "s00000004.m4s")
        files = {file.name for file in folder_of(broadcast).glob("s0*.m4s")}
        assert "s00000000.m4s" not in files
        assert len(files) < 8


def test_it_goes_on_air_in_the_room_that_is_open(ingest: Ingest, key: str, streamer: User) -> None:
    room = streams.go_live(creator=streamer, title="Night songs")
    with pushing(ingest.url(key)):
        assert newest("live").stream == room


def test_it_starts_the_stream_that_is_due(ingest: Ingest, key: str, streamer: User) -> None:
    soon = timezone.now() + timedelta(minutes=10)
    room = streams.schedule(creator=streamer, title="Night songs", scheduled_for=soon)
    with pushing(ingest.url(key)):
        assert newest("live").stream == room
    room.refresh_from_db()
    assert room.is_on_air


def test_a_wrong_key_is_refused_and_too_many_are_not_even_read(ingest: Ingest, key: str) -> None:
    for _ in range(gate.MOST_WRONG_KEYS):
        refused(ingest.url(key[:-1] + ("a" if key[-1] != "a" else "b")))
    assert not Broadcast.objects.exists()
    # Whoever guesses that often is let in with the right one neither.
    refused(ingest.url(key))
    assert not Broadcast.objects.exists()


def test_a_rotated_key_opens_no_door_and_cuts_off_what_came_in(
    ingest: Ingest, key: str, streamer: User
) -> None:
    with pushing(ingest.url(key)) as encoder:
        newest("live")
        new = stream_keys.rotate(creator=streamer)
        assert encoder.wait(30) != 0
    assert newest("gap").trouble == "key_changed"
    refused(ingest.url(key))
    with pushing(ingest.url(new)):
        newest("live")


def test_of_two_pushes_the_newer_wins(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key)) as first:
        before = newest("live")
        with pushing(ingest.url(key)):
            assert first.wait(30) != 0
            after = newest("live")
            before.refresh_from_db()
            assert (before.state, before.trouble) == ("ended", "replaced")
            assert after.stream == before.stream
            states = [state for state, _src in told(after.stream)]
            assert states == ["live", "gap", "live"]


def test_nobody_who_is_switched_off_goes_live(ingest: Ingest, key: str, streamer: User) -> None:
    with pushing(ingest.url(key)) as encoder:
        newest("live")
        streamer.is_active = False
        streamer.save()
        assert encoder.wait(30) != 0
    assert newest("ended").trouble == "switched_off"
    refused(ingest.url(key))


def test_ending_the_stream_ends_the_push_and_it_does_not_come_back(
    ingest: Ingest, key: str, streamer: User
) -> None:
    with pushing(ingest.url(key)) as encoder:
        stream = newest("live").stream
        assert stream
        streams.end(creator=streamer, stream=stream)
        assert encoder.wait(30) != 0
    assert newest("ended").trouble == "stream_ended"
    # Encoders try again by themselves; only their creator begins another stream.
    refused(ingest.url(key))
    assert not Stream.objects.on_air().exists()
    streams.go_live(creator=streamer, title="Again")
    with pushing(ingest.url(key)):
        newest("live")


def test_the_picture_comes_back_into_the_same_room(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key)):
        before = newest("live")
    newest("gap")
    with pushing(ingest.url(key)):
        after = newest("live")
        assert after.stream == before.stream
        before.refresh_from_db()
        assert before.state == "ended"


def test_a_picture_that_stays_away_ends_the_stream(
    ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pushing(ingest.url(key)):
        newest("live")
    newest("gap")
    ingest.tick()
    assert newest("gap").stream.is_on_air  # type: ignore[union-attr]  # a gap has one
    monkeypatch.setattr(broadcasts, "GRACE", timedelta(seconds=0))
    ingest.tick()
    over = newest("ended")
    assert over.stream and over.stream.state == Stream.State.ENDED


def test_headers_alone_show_nothing(
    ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SILENCE_S", 2)
    with Encoder(ingest.port, key) as encoder:
        encoder.send(Kind.VIDEO, SETUP)
        encoder.wait_for_the_end()
    assert newest("ended").trouble == "no_picture"
    assert not Stream.objects.exists()


def test_an_encoder_that_talks_and_shows_nothing_is_ended(
    ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FIRST_PICTURE_S", 1)
    with Encoder(ingest.port, key) as encoder:
        encoder.send(Kind.VIDEO, SETUP)
        encoder.wait_for_the_end(Kind.AUDIO, b"\xaf\x01\x21\x10\x04")
    assert newest("ended").trouble == "no_picture"


def test_a_clock_that_says_a_hundred_hours_shows_seconds(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key), "-output_ts_offset", "360000"):
        broadcast = newest("live")
        wait_for(lambda: len(segments(broadcast)) > 3)
        assert longest(broadcast) < 1.5


def test_what_browsers_cannot_show_is_not_shown(ingest: Ingest, key: str) -> None:
    with pushing(ingest.url(key), video=("-c:v", "flv1")) as encoder:
        assert encoder.wait(30) != 0
    assert newest("ended").trouble == "unreadable"
    with pushing(ingest.url(key), audio=("-c:a", "libmp3lame", "-ar", "44100")) as encoder:
        assert encoder.wait(30) != 0
    assert not Stream.objects.exists()


def test_a_picture_bomb_is_not_shown(ingest: Ingest, key: str) -> None:
    huge = ("-f", "lavfi", "-i", "color=size=4096x4096:rate=2")
    with pushing(
        ingest.url(key), source=huge, video=(*H264, "-threads", "1", "-g", "2")
    ) as encoder:
        assert encoder.wait(60) != 0
    assert newest("ended").trouble == "picture_size"
    assert not Stream.objects.exists()


def test_more_than_may_come_in_ends_the_broadcast(
    ingest: Ingest, key: str, settings: Settings
) -> None:
    settings.VIDEO_MAX_MBIT = 1
    noise = ("-f", "lavfi", "-i", "nullsrc=size=640x360:rate=15,geq=random(1)*255:128:128")
    with pushing(ingest.url(key), "-b:v", "20M", source=noise, real_time=False) as encoder:
        assert encoder.wait(60) != 0
    wait_for(lambda: Broadcast.objects.filter(trouble="too_fast").exists())


def test_a_film_pushed_faster_than_it_plays_ends(ingest: Ingest, key: str) -> None:
    still = ("-f", "lavfi", "-i", "color=size=64x64:rate=5")
    how = {"source": still, "audio": (), "real_time": False, "seconds": 3_000}
    with pushing(ingest.url(key), **how) as encoder:
        assert encoder.wait(60) != 0
    wait_for(lambda: Broadcast.objects.filter(trouble="too_fast").exists())


def test_a_full_disk_ends_ingest_and_refuses_more(
    ingest: Ingest, key: str, settings: Settings
) -> None:
    with pushing(ingest.url(key)) as encoder:
        newest("live")
        settings.VIDEO_LEAST_FREE_MB = 10**9
        assert encoder.wait(30) != 0
    assert newest("gap").trouble == "disk_full"
    refused(ingest.url(key))
    assert Broadcast.objects.count() == 1


def test_no_more_broadcasts_than_the_machine_takes(
    ingest: Ingest, key: str, settings: Settings
) -> None:
    settings.VIDEO_MAX_BROADCASTS = 0
    refused(ingest.url(key))
    assert not Broadcast.objects.exists()


def test_connections_are_counted(ingest: Ingest, key: str) -> None:
    held = [socket.create_connection(("127.0.0.1", ingest.port)) for _ in range(gate.MOST_AT_ONCE)]
    wait_for(lambda: sum(ingest.server.gate.open.values()) == gate.MOST_AT_ONCE)
    with socket.create_connection(("127.0.0.1", ingest.port), timeout=30) as one_more:
        assert gone(one_more)
    for one in held:
        one.close()
    wait_for(lambda: not ingest.server.gate.open)
    for _ in range(gate.MOST_CONNECTS):
        with socket.create_connection(("127.0.0.1", ingest.port), timeout=30) as one:
            one.sendall(bytes(1537))
            assert gone(one)
    refused(ingest.url(key))
    assert not Broadcast.objects.exists()


def gone(connected: socket.socket) -> bool:
    """Return whether the other side has hung up."""
    try:
        return connected.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    "junk",
    [
        b"GET / HTTP/1.1\r\n\r\n" + bytes(1536),
        b"\x03" + bytes(1536 * 2) + b"\xc3" * 64,
        b"\x03" + bytes(1536 * 2) + b"\x03" + bytes(3) + b"\xff\xff\xff\x14" + bytes(4),
        b"\x03" + bytes(1536 * 2) + b"".join(b"%c" % n + bytes(11) for n in range(3, 40)),
        b"\x03" + bytes(1536 * 2) + b"\x03" + bytes(3) + b"\0\0\x05\x14" + bytes(4) + b"\x03" * 5,
    ],
    ids=["http", "no header", "too large", "too many streams", "too deep"],
)
def test_junk_ends_its_connection_only(ingest: Ingest, key: str, junk: bytes) -> None:
    with socket.create_connection(("127.0.0.1", ingest.port), timeout=30) as odd:
        odd.sendall(junk)
        while not gone(odd):
            pass
    with pushing(ingest.url(key)):
        newest("live")


def test_a_killed_ingest_ends_no_stream_and_leaves_no_ffmpeg(
    key: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    process = started(port, folder)
    try:
        with pushing(f"rtmp://127.0.0.1:{port}/live/{key}"):
            stream = newest("live").stream
            packagers = psutil.Process(process.pid).children()
            assert packagers  # and one that draws a still, for a moment
            process.kill()
            process.wait(30)
            wait_for(lambda: not any(one.is_running() for one in packagers))
    finally:
        process.kill()
        process.wait(30)
    # Its row says that it is live; nobody was there to write anything else.
    Broadcast.objects.filter(state="live").update(seen_at=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(broadcasts, "SILENCE", timedelta(seconds=1))
    with taking_in() as after:
        newest("gap")
        with pushing(after.url(key)):
            assert newest("live").stream == stream


def test_files_of_what_is_over_go(
    ingest: Ingest, key: str, monkeypatch: pytest.MonkeyPatch, folder: Path, settings: Settings
) -> None:
    settings.VIDEO_KEEP_REPLAYS = False
    with pushing(ingest.url(key)):
        newest("live")
    over = newest("gap")
    monkeypatch.setattr(desk, "KEEP_S", -1)
    desk.clean(folder)
    assert folder_of(over).exists()  # it may come back
    broadcasts.end(broadcast=over)
    desk.clean(folder)
    assert not folder_of(over).exists()


@pytest.mark.parametrize(
    "path",
    [
        "/video/../../etc/passwd",
        "/video/{folder}/../../secret",
        "/video/{folder}/..%2f..%2fsecret",
        "/video/{folder}/secret",
        "/video/{folder}/",
        "/video/{folder}",
        "/video/{folder}/index.m3u8\n",
        "/video/" + "0" * 32 + "/index.m3u8",
    ],
)
def test_no_path_leads_out_of_the_folder(folder: Path, path: str) -> None:
    name = "a" * 32
    (folder / name).mkdir(parents=True)
    for file in (folder / name / "secret", folder.parent / "secret"):
        file.write_text("secret")
    (folder / name / "index.m3u8").write_text("#EXTM3U")
    assert fetch(f"/video/{name}/index.m3u8").status == 200
    answer = fetch(path.format(folder=name))
    assert (answer.status, answer.body) == (404, b"")
