"""Everything on one port: event stream and video on the loop, pages and API on threads beside it.

`uvicorn giftplatform.asgi:application` serves all; `uvicorn giftplatform.asgi:events` serves the
event stream alone, and `giftplatform.asgi:cameras` takes in browsers' cameras alone, for a site
whose proxy sends `/live/events/` and `/video/camera/` there and the rest to WSGI workers.
"""

import asyncio
import gc
import os
import signal
import threading
from types import FrameType
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftplatform.settings")

from a2wsgi import WSGIMiddleware

from giftplatform.runtime.buffered_requests import BufferedRequests
from giftplatform.wsgi import application as wsgi  # Django must be set up before what follows
from live.feed.hub import Hub
from live.feed.wire import Message, Receive, Send
from video import serving
from video.ingest.camera import Camera

# Each holds a database connection. More of them send together in larger sets, which costs less per
# gift: docs/decisions/0011-how-pages-are-served.md.
THREADS = 32

hub = Hub()
camera = Camera()
pages = BufferedRequests(WSGIMiddleware(wsgi, workers=THREADS))  # type: ignore[arg-type]  # Django's answers are iterables of bytes, its types do not say so


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer everything."""
    if scope["type"] == "lifespan":
        return await _live(receive, send, with_camera=True)
    if scope["type"] == "websocket":
        return await camera.application(scope, receive, send)
    if scope["path"].startswith("/live/events/"):
        return await events(scope, receive, send)
    if scope["path"].startswith("/video/"):
        return await serving.application(scope, receive, send)
    await pages(scope, receive, send)


async def events(scope: Message, receive: Receive, send: Send) -> None:
    """Answer the event stream only."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await hub.application(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


async def cameras(scope: Message, receive: Receive, send: Send) -> None:
    """Take in browsers' cameras only."""
    if scope["type"] == "websocket":
        await camera.application(scope, receive, send)
    elif scope["type"] == "lifespan":
        await receive()
        await camera.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await camera.stop()
        await send({"type": "lifespan.shutdown.complete"})
    else:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def _live(receive: Receive, send: Send, *, with_camera: bool = False) -> None:
    await receive()
    await hub.start()
    if with_camera:
        await camera.start()
    _end_streams_on_signal(asyncio.get_running_loop())
    # What is there now stays to the end. To look through all of it for garbage, again and again,
    # would stop every stream for a tenth of a second each time.
    gc.collect()
    gc.freeze()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.stop()
    if with_camera:
        await camera.stop()
    await send({"type": "lifespan.shutdown.complete"})


def _end_streams_on_signal(loop: asyncio.AbstractEventLoop) -> None:
    """End the streams as soon as the server is told to stop.

    The server waits for open answers before it tells the app that it stops, and a stream's answer
    stays open.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        servers_own = signal.getsignal(number)

        def end(number: int, frame: FrameType | None, servers_own: Any = servers_own) -> None:
            loop.call_soon_threadsafe(hub.close)
            if callable(servers_own):
                servers_own(number, frame)

        signal.signal(number, end)
