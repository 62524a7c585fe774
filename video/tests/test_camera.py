"""The browser's camera over its real socket: what a page records is shown; all else is refused."""

import contextlib
import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
import uvicorn
from django.core import signing
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts.models import User
from conftest import person
from live.feed.wire import Message, Receive, Send
from live.models import Event, Stream
from live.streams import services as streams
from live.tests.subscribing import wait_for
from video import camera_tokens
from video.ingest import camera as cameras
from video.ingest import spoken
from video.ingest.camera import Camera, recipe_for
from video.ingest.recipes import MATROSKA, MP4, WEBM
from video.models import Broadcast
from video.tests.stage import AAC, H264, SOUND, SOURCE, fetch, newest

H264_TYPE, VP8_TYPE = "video/webm;codecs=h264,opus", "video/webm;codecs=vp8,opus"
OPUS = ("-c:a", "libopus")
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k", "-g", "30")


@pytest.fixture
def port(committed: None, folder: Path) -> Iterator[int]:
    """Serve the camera's socket as a process would."""
    camera = Camera()

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await camera.application(scope, receive, send)
        await receive()
        await camera.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await camera.stop()
        await send({"type": "lifespan.shutdown.complete"})

    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(30)


class Page:
    """A creator's page that sends what FFmpeg records, as a browser's recorder would."""

    def __init__(self, port: int, hello: Any) -> None:
        self.socket: ClientConnection = connect(f"ws://127.0.0.1:{port}{cameras.PATH}")
        self.heard: list[dict[str, str]] = []
        self.recorder: subprocess.Popen[bytes] | None = None
        self.socket.send(hello if isinstance(hello, str | bytes) else json.dumps(hello))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            for message in self.socket:
                self.heard.append(json.loads(message))

    def hears(self, state: str) -> dict[str, str]:
        wait_for(lambda: any(said["state"] == state for said in self.heard))
        return next(said for said in self.heard if said["state"] == state)

    def record(self, *codecs: str, source: tuple[str, ...] = SOURCE) -> None:
        """Record for as long as the page is open."""
        words = ["-re", *source, "-re", *SOUND, *codecs, "-cluster_time_limit", "250"]
        words += ["-flush_packets", "1", "-f", "matroska", "pipe:1"]
        self.recorder = subprocess.Popen(
            [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        threading.Thread(target=self._pump, daemon=True).start()

    def _pump(self) -> None:
        assert self.recorder
        assert self.recorder.stdout
        with contextlib.suppress(ConnectionClosed):
            while piece := self.recorder.stdout.read(60_000):
                self.socket.send(piece)

    def close(self) -> None:
        if self.recorder:
            self.recorder.kill()
            self.recorder.communicate()
        self.socket.close()


def signed_in(creator: User) -> str:
    """Return the key of a session of the creator's browser."""
    client = Client()
    client.force_login(creator)
    return client.session.session_key or ""


def hello(creator: User, kind: str = H264_TYPE, **more: str) -> dict[str, str]:
    token = camera_tokens.token_of(creator, signed_in(creator))
    return {"token": token, "type": kind, **more}


@contextlib.contextmanager
def page(port: int, said: Any) -> Iterator[Page]:
    opened = Page(port, said)
    try:
        yield opened
    finally:
        opened.close()


def test_what_a_page_records_is_shown_under_its_title(port: int, streamer: User) -> None:
    with page(port, hello(streamer, title="  Night\u200b songs ")) as sending:
        sending.hears("ready")
        sending.record(*H264, *OPUS)
        sending.hears("live")
        broadcast = newest("live")
        assert broadcast.stream
        assert broadcast.stream.title == "Night songs"
        assert (broadcast.source, broadcast.width) == ("browser", 320)
        wait_for(lambda: len(re.findall(r"\.m4s", fetch(broadcast.address).body.decode())) > 2)
        setup = fetch(broadcast.address.replace("index.m3u8", "init.mp4")).body
        assert b"avc1" in setup
        assert b"mp4a" in setup


def test_vp8_is_drawn_anew_for_browsers_that_play_none(port: int, streamer: User) -> None:
    with page(port, hello(streamer, VP8_TYPE)) as sending:
        sending.hears("ready")
        sending.record(*VP8, *OPUS)
        sending.hears("live")
        broadcast = newest("live")
        assert b"avc1" in fetch(broadcast.address.replace("index.m3u8", "init.mp4")).body


def test_a_page_that_comes_back_goes_on_in_the_same_room(port: int, streamer: User) -> None:
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")
        sending.record(*H264, *OPUS)
        before = newest("live")
    newest("gap")
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")
        sending.record(*H264, *OPUS)
        sending.hears("live")
        assert newest("live").stream == before.stream


def test_ending_the_stream_ends_the_sending(port: int, streamer: User) -> None:
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")
        sending.record(*H264, *OPUS)
        stream = newest("live").stream
        assert stream
        streams.end(creator=streamer, stream=stream)
        assert sending.hears("over")["code"] == "stream_ended"
    # Who presses again means it.
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")


def said_again(creator: User, *, salt: str = camera_tokens.SALT, seconds: int = 60) -> str:
    token = camera_tokens.token_of(creator, signed_in(creator))
    pk, _expires, *rest = signing.loads(token, salt=camera_tokens.SALT)
    return signing.dumps([pk, int(time.time()) + seconds, *rest], salt=salt)


def forged(creator: User) -> str:
    return said_again(creator, salt="live.feed.events")


def late(creator: User) -> str:
    return said_again(creator, seconds=-1)


def before_the_password_changed(creator: User) -> str:
    token = said_again(creator)
    creator.set_password("another-night-8")
    creator.save()
    return token


def after_signing_out(creator: User) -> str:
    token = said_again(creator)
    creator.sessions.all().delete()
    signed_in(creator)  # in another browser
    return token


def of_no_session(creator: User) -> str:
    return camera_tokens.token_of(creator, "")


TOKENS = [
    forged,
    late,
    before_the_password_changed,
    after_signing_out,
    of_no_session,
    lambda creator: "",
    lambda creator: "x:y",
]


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_that_is_not_in_force_opens_nothing(port: int, streamer: User, token: Any) -> None:
    with page(port, {"token": token(streamer), "type": H264_TYPE}) as sending:
        assert sending.hears("over")["code"] == "bad_token"
    assert not Broadcast.objects.exists()


def test_only_creators_who_may_go_live_send(port: int, streamer: User) -> None:
    fan = person("carol")
    with page(port, hello(fan)) as sending:
        assert sending.hears("over")["code"] == "bad_token"
    said = hello(streamer)
    User.objects.filter(pk=streamer.pk).update(is_active=False)
    with page(port, said) as sending:
        assert sending.hears("over")["code"] == "bad_token"
    assert not Broadcast.objects.exists()


@pytest.mark.parametrize("said", ["", "{", "[]", "[" * 3_000, b"\x00\xff", "x" * 5_000])
def test_a_page_that_says_something_else_is_refused(port: int, said: Any) -> None:
    with page(port, said) as sending:
        assert sending.hears("over")["code"] == "unreadable"


def test_a_chunk_that_is_too_large_ends_it(port: int, streamer: User) -> None:
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")
        sending.socket.send(bytes(cameras.LARGEST_CHUNK + 1))
        assert sending.hears("over")["code"] == "too_fast"
    assert not Stream.objects.exists()


def test_what_is_no_video_is_not_shown(port: int, streamer: User) -> None:
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")
        for _ in range(40):
            with contextlib.suppress(ConnectionClosed):
                sending.socket.send(bytes(100_000))
        assert sending.hears("over")["code"] == "unreadable"
    assert not Stream.objects.exists()


def test_another_codec_than_was_said_is_not_shown(port: int, streamer: User) -> None:
    with page(port, hello(streamer, VP8_TYPE)) as sending:
        sending.hears("ready")
        sending.record("-c:v", "mpeg4", *AAC)
        assert sending.hears("over")["code"] in {"unreadable", "no_picture"}
    assert not Stream.objects.exists()


def test_a_picture_bomb_in_vp8_is_not_drawn(port: int, streamer: User) -> None:
    huge = ("-f", "lavfi", "-i", "color=size=4096x4096:rate=1")
    with page(port, hello(streamer, VP8_TYPE)) as sending:
        sending.hears("ready")
        sending.record(*VP8, *OPUS, source=huge)
        assert sending.hears("over")["code"] in {"unreadable", "no_picture"}
    assert not Stream.objects.exists()


def test_a_silent_page_is_given_up(
    port: int, streamer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras, "SILENCE_S", 1)
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")
        assert newest("ended").trouble == "no_picture"


def test_no_more_sockets_than_the_process_takes(
    port: int, streamer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras, "MOST_SOCKETS", 0)
    with pytest.raises(Exception, match="403"):
        Page(port, hello(streamer))


@pytest.mark.parametrize(
    ("kind", "recipe"),
    [
        ("video/webm;codecs=h264,opus", MATROSKA),
        ("video/x-matroska;codecs=avc1.42E01F", MATROSKA),
        ("video/mp4; codecs=avc1.42E01F,opus", MP4),
        ("video/webm;codecs=vp8,opus", WEBM),
        ("video/mp4;codecs=hvc1", None),
        ("application/vnd.apple.mpegurl", None),
        ("", None),
    ],
)
def test_what_a_browser_records_is_known_by_its_type(kind: str, recipe: object) -> None:
    assert recipe_for(kind) is recipe


def lines() -> list[str]:
    return [one.payload["text"] for one in Event.objects.filter(kind="caption").order_by("pk")]


def test_what_the_page_hears_is_a_caption_and_all_else_is_left_out(
    port: int, streamer: User
) -> None:
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")
        sending.socket.send(json.dumps({"caption": "Too early"}))
        sending.record(*H264, *OPUS)
        sending.hears("live")
        for said in ("{", "[]", '{"caption": 7}', '{"caption": "x", "ago_ms": "y"}', "[" * 900):
            sending.socket.send(said)
        sending.socket.send('{"caption": "Never", "ago_ms": NaN}')
        sending.socket.send(json.dumps({"caption": "Good evening", "ago_ms": 400}))
        wait_for(lambda: lines() == ["Good evening"])
        assert newest("live").state == "live"


def test_captions_that_come_too_fast_are_left_out(port: int, streamer: User) -> None:
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")
        sending.record(*H264, *OPUS)
        sending.hears("live")
        for number in range(60):
            sending.socket.send(json.dumps({"caption": f"Line {number}"}))
        sending.socket.send(json.dumps({"caption": "The last"}))
        wait_for(lines)
        # Another socket message that is answered says that all of them were taken.
        sending.socket.send("x" * (spoken.LARGEST + 1))
        sending.hears("over")
    assert len(lines()) <= 8 * spoken.MOST_A_SECOND + 5


def test_a_message_that_is_no_caption_by_its_length_ends_it(port: int, streamer: User) -> None:
    with page(port, hello(streamer)) as sending:
        sending.hears("ready")
        sending.socket.send("x" * (spoken.LARGEST + 1))
        assert sending.hears("over")["code"] == "too_fast"
