"""The browser's camera over its real socket: what a page records is shown; all else is refused."""

import contextlib
import json
import re
import time
from typing import Any

import pytest
from django.core import signing
from websockets.exceptions import ConnectionClosed

from accounts.models import User
from conftest import person
from live.models import Event, Stream
from live.streams import services as streams
from live.tests.subscribing import wait_for
from video import camera_tokens
from video.ingest import camera as cameras
from video.ingest import spoken
from video.ingest.camera import recipe_for
from video.ingest.recipes import MATROSKA, MP4, WEBM
from video.models import Broadcast
from video.tests.camera_page import H264_TYPE, OPUS, Page, hello, page, signed_in
from video.tests.stage import AAC, H264, fetch, newest

VP8_TYPE = "video/webm;codecs=vp8,opus"
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k", "-g", "30")


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


def test_a_picture_bomb_in_vp8_is_not_drawn(
    port: int, streamer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras, "SILENCE_S", 60)  # a busy machine draws it slowly
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
