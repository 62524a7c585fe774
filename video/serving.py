"""The files of broadcasts, for a site without nginx: a small ASGI app beside Django.

Only names that we give out are answered, so no path leads out of the folder.
"""

import asyncio
import re
import time
from pathlib import Path

from django.conf import settings

from live.feed.wire import Message, Receive, Send

PATH = re.compile(
    r"/video/(?P<folder>[0-9a-f]{32})/"
    r"(?P<file>(?:index|replay|master|small|sound)\.m3u8|(?:init|small|sound)\.mp4"
    r"|(?:s|small-|sound-)[0-9]{8}\.m4s|poster\.jpg|still(?:-[0-9]{8})?\.jpg)"
)
LARGEST = 48 * 1024 * 1024
TYPES = {
    ".m3u8": b"application/vnd.apple.mpegurl",
    ".mp4": b"video/mp4",
    ".m4s": b"video/mp4",
    ".jpg": b"image/jpeg",
}
# A segment never changes; the playlist does with every segment, the newest still now and then.
FOR_EVER, FOR_A_SECOND = b"public, max-age=31536000, immutable", b"public, max-age=1"
# A segment is fetched by everybody who watches, within seconds: it is read once for all of them.
SEGMENT_KEPT_S, PLAYLIST_KEPT_S = 10.0, 0.1
MOST_KEPT = 64 * 1024 * 1024
SMALL = 32 * 1024  # bytes; playlists are, and the sound of a second


def changes(file: Path) -> bool:
    """Return whether what is under this name changes while it is there."""
    return file.suffix == ".m3u8" or file.name == "still.jpg"


class Kept:
    """The files that were read lately, oldest first, up to so many bytes."""

    def __init__(self) -> None:
        self.size = 0
        self._files: dict[Path, tuple[float, bytes]] = {}

    def find(self, file: Path) -> bytes | None:
        """Return the file, if it may still be given out: what was deleted is gone at once."""
        until, data = self._files.get(file, (0.0, b""))
        return data if until > time.monotonic() and file.exists() else None

    def keep(self, file: Path, data: bytes) -> None:
        """Keep the file for a while; the oldest go."""
        self._drop(file)
        seconds = PLAYLIST_KEPT_S if changes(file) else SEGMENT_KEPT_S
        self._files[file] = (time.monotonic() + seconds, data)
        self.size += len(data)
        for other, (until, _data) in list(self._files.items()):
            if self.size <= MOST_KEPT and until > time.monotonic():
                break
            self._drop(other)

    def _drop(self, file: Path) -> None:
        if file in self._files:
            self.size -= len(self._files.pop(file)[1])


kept = Kept()


# Everybody who watches a stream fetches its new segment in the same moment. One large answer is
# written in a turn of the loop: a gift that is sent then waits for one of them, not for all.
turn = asyncio.Lock()
reading: dict[Path, asyncio.Task[bytes | None]] = {}


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request for a playlist or a segment."""
    if scope["method"] not in {"GET", "HEAD"}:
        return await _answer(send, 405, [(b"allow", b"GET, HEAD")])
    match = PATH.fullmatch(scope["path"])
    data = None
    if match:
        file = Path(settings.VIDEO_DIR, match["folder"], match["file"])
        data = kept.find(file) or await _once(file)
    if not match or data is None:
        return await _answer(send, 404, [(b"cache-control", b"no-store")])
    control = FOR_A_SECOND if changes(file) else FOR_EVER
    headers = [(b"content-type", TYPES[file.suffix]), (b"cache-control", control)]
    if len(data) > SMALL:
        async with turn:  # and not longer: who is next does not wait for a line that is slow
            await asyncio.sleep(0)
    await _answer(send, 200, headers, data, whole=scope["method"] == "GET")


async def _once(file: Path) -> bytes | None:
    """Read a file once for all who ask for it meanwhile; nothing where it is not there."""
    task = reading.get(file)
    if task is None:
        task = reading[file] = asyncio.create_task(_take(file))
        task.add_done_callback(lambda _done: reading.pop(file, None))
    return await asyncio.shield(task)  # for the others, when the first one hangs up


async def _take(file: Path) -> bytes | None:
    data = await asyncio.to_thread(_read, file)
    if data is not None:
        kept.keep(file, data)
    return data


def _read(file: Path) -> bytes | None:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST)
    except OSError:
        return None


async def _answer(
    send: Send,
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes = b"",
    *,
    whole: bool = True,
) -> None:
    more = [(b"content-length", b"%d" % len(body)), (b"x-content-type-options", b"nosniff")]
    start = {"type": "http.response.start", "status": status, "headers": [*headers, *more]}
    await send(start)
    await send({"type": "http.response.body", "body": body if whole else b""})
