"""A page that sends to the camera's socket: what FFmpeg records, as a browser's recorder would."""

import contextlib
import json
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import imageio_ffmpeg
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts.models import User
from live.tests.subscribing import wait_for
from video import camera_tokens
from video.ingest import camera as cameras
from video.tests.stage import SOUND, SOURCE

H264_TYPE = "video/webm;codecs=h264,opus"
OPUS = ("-c:a", "libopus")


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
