"""The pages and the API, which are WSGI, called from the event loop that serves the streams.

A request takes a thread when all of it is there, and the answer goes back to the loop in one piece:
two hand-overs a request, and no thread ever waits for somebody's slow network. Only an answer that
is made part by part, and is long, holds its thread until the network took it.
"""

import asyncio
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

from django.utils.translation import gettext as _

from live.listener import Message, Receive, Send

LARGEST_BODY = 6 * 1024 * 1024  # as deploy/nginx.conf: a bank statement may have 5 MB
KEPT_IN_MEMORY = 256 * 1024
PART = 256 * 1024

Environ = dict[str, Any]


class Application(Protocol):
    """A WSGI application."""

    def __call__(self, environ: Environ, start_response: Any, /) -> Iterable[bytes]:
        """Return the body, after it called `start_response`."""


class Pages:
    """An ASGI application that calls a WSGI one on threads of its own.

    Its threads stay, and with them their database connections.
    """

    def __init__(self, application: Application, threads: int) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(threads, "pages")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request. One that breaks off in the middle was never made."""
        with SpooledTemporaryFile(KEPT_IN_MEMORY) as body:
            size = await read(receive, body)
            if size is None:
                return
            if size > LARGEST_BODY:
                return await refuse(send)
            answer = Answer(asyncio.get_running_loop(), send)
            environ = environ_of(scope, body, size)
            await asyncio.get_running_loop().run_in_executor(
                self.threads, answer.make, self.application, environ
            )
            await answer.finish()


class Answer:
    """What the application says, on its way from the thread to the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self.loop = loop
        self.send = send
        self.head: Message | None = None
        self.parts: list[bytes] = []

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        """Take status and headers: WSGI's `start_response`."""
        self.head = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [(name.lower().encode(), value.encode("latin1")) for name, value in headers],
        }
        return self.parts.append

    def make(self, application: Application, environ: Environ) -> None:
        """Call the application, on a thread."""
        made = application(environ, self.start)
        size = 0
        try:
            for part in made:
                self.parts.append(part)
                size += len(part)
                if size >= PART:
                    asyncio.run_coroutine_threadsafe(self.write(more=True), self.loop).result()
                    size = 0
        finally:
            if hasattr(made, "close"):
                made.close()

    async def write(self, *, more: bool) -> None:
        """Send what there is, on the loop."""
        if self.head is not None:
            await self.send(self.head)
            self.head = None
        body, self.parts = b"".join(self.parts), []
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    async def finish(self) -> None:
        """Send the rest."""
        await self.write(more=False)


async def read(receive: Receive, body: IO[bytes]) -> int | None:
    """Read a request's body to its end and return its size.

    Nothing when the client goes away in the middle: half a form must not pass for a whole one. What
    is larger than the largest is not read any further.
    """
    size, more = 0, True
    while more and size <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        body.write(part)
        more = message.get("more_body", False)
    body.seek(0)
    return size


async def refuse(send: Send) -> None:
    """Say that a body is too large, and hang up: the rest of it would still be on its way."""
    words = _("This upload is too large. The limit is %(most)s MB.") % {
        "most": LARGEST_BODY // 1024 // 1024
    }
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})


def environ_of(scope: Message, body: IO[bytes], size: int) -> Environ:
    """Return WSGI's words for an ASGI request whose body was read."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin1").upper()
        # With an underscore one could pass for a header that only a proxy may set.
        if "_" not in name:
            put_header(environ, f"HTTP_{name.replace('-', '_')}", value.decode("latin1"))
    if kind := environ.pop("HTTP_CONTENT_TYPE", ""):
        environ["CONTENT_TYPE"] = kind
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_LENGTH"] = str(size)  # also of a body that came without saying how long
    return environ


def put_header(environ: Environ, name: str, value: str) -> None:
    """Add a header; one that comes twice is one with both values."""
    between = "; " if name == "HTTP_COOKIE" else ","
    environ[name] = f"{environ[name]}{between}{value}" if name in environ else value
