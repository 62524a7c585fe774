"""The ingest on a free port in a thread of its own, encoders that push to it, and its viewers."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from asyncio import AbstractEventLoop
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit, urlunsplit

import imageio_ffmpeg
from django.conf import settings

from live.tests.subscribing import wait_for
from video import serving
from video.ingest.desk import Desk
from video.ingest.listening import Server
from video.ingest.rtmp import amf
from video.ingest.rtmp.chunks import Kind, chunked
from video.models import Broadcast

SOURCE = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "64k")
# What a decoder of H.264 must know first (320x180), as FFmpeg says it.
SETUP = bytes.fromhex(
    "17000000000142c00cffe100176742c00cda05067e7c0440000003004000000783c50aa801000468ce0fc8"
)


class Ingest:
    """The process that takes video in, as a thread: `stop` is SIGTERM, `die` is SIGKILL."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self.loop: AbstractEventLoop
        self.desk: Desk
        self.port = 0

    async def _run(self) -> None:
        self.loop, self.desk = asyncio.get_running_loop(), Desk()
        self.server = Server(self.desk)
        listening = await self.server.listen("127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        self.asked = asyncio.Event()
        ticking = asyncio.create_task(self.desk.run())
        self.started.set()
        await self.asked.wait()
        ticking.cancel()
        listening.close()
        await self.desk.close()

    def url(self, key: str) -> str:
        return f"rtmp://127.0.0.1:{self.port}/live/{key}"

    def tick(self) -> None:
        """Look after everything once, now."""
        for once in (self.desk.beat(), self.desk.sweep()):
            asyncio.run_coroutine_threadsafe(once, self.loop).result(30)

    def stop(self) -> None:
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.asked.set)
            self.thread.join(30)


@contextmanager
def taking_in() -> Iterator[Ingest]:
    """Take video in for the length of a test."""
    ingest = Ingest()
    ingest.thread.start()
    assert ingest.started.wait(30)
    try:
        yield ingest
    finally:
        ingest.stop()


def push(
    url: str,
    *more: str,
    video: tuple[str, ...] = H264,
    audio: tuple[str, ...] = AAC,
    source: tuple[str, ...] = SOURCE,
    real_time: bool = True,
    seconds: int = 60,
) -> subprocess.Popen[bytes]:
    """Push a moving picture with a tone, as an encoder does."""
    pace = ("-re",) if real_time else ()
    sound = (*pace, *SOUND) if audio else ()
    return subprocess.Popen(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error"),
            *(*pace, *source, *sound, "-t", str(seconds), *video, *audio, *more),
            *("-f", "flv", url),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@contextmanager
def pushing(url: str, *more: str, **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Push for the length of a test at most."""
    process = push(url, *more, **how)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def refused(url: str, **how: Any) -> str:
    """Push and return what the encoder says once it has given up."""
    with pushing(url, **how) as process:
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode != 0
    return said


def newest(state: str, creator: str = "bob") -> Broadcast:
    """Return the creator's newest broadcast once it is in this state."""
    found: list[Broadcast] = []

    def there() -> bool:
        last = Broadcast.objects.filter(creator__handle=creator).select_related("stream").first()
        found[:] = [last] if last and last.state == state else []
        return bool(found)

    wait_for(there)
    return found[0]


def folder_of(broadcast: Broadcast) -> Path:
    return Path(settings.VIDEO_DIR, broadcast.folder)


class Answer(NamedTuple):
    """What a viewer's browser gets."""

    status: int
    headers: dict[str, str]
    body: bytes


def fetch(path: str, method: str = "GET") -> Answer:
    """Fetch a file of a broadcast, as a browser that sends the path as it stands."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": method, "path": path}
    asyncio.run(serving.application(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, sent[1]["body"])


class Encoder:
    """An encoder that says what FFmpeg would not."""

    def __init__(self, port: int, key: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.sendall(b"\x03" + bytes(1536 * 2))
        self._command("connect", 1.0, {"app": "live"})
        self._command("createStream", 2.0, None)
        self._command("publish", 3.0, None, key, "live")

    def _command(self, *values: amf.Value) -> None:
        self.send(Kind.COMMAND, amf.write(values))

    def send(self, kind: Kind, payload: bytes) -> None:
        self.socket.sendall(chunked(kind, payload, stream=1))

    def wait_for_the_end(self, kind: Kind = Kind.AUDIO, again: bytes = b"") -> None:
        """Return once the other side has hung up; say something again and again meanwhile."""
        self.socket.settimeout(0.1)

        def gone() -> bool:
            try:
                if again:
                    self.send(kind, again)
                return self.socket.recv(4096) == b""
            except TimeoutError:
                return False
            except OSError:
                return True

        wait_for(gone)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()


def started(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start the process that takes video in, as `make run` does, and return once it listens."""
    url = urlsplit(settings.DATABASE_URL)
    url = url._replace(path=f"/{settings.DATABASES['default']['NAME']}")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "ingest"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": urlunsplit(url),
            "RTMP_PORT": str(port),
            "VIDEO_DIR": str(folder),
            "VIDEO_LEAST_FREE_MB": "1",
        },
    )

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_for(listens)
    return process
