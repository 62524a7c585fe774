"""Buffering of requests: one takes a thread once it is there to its end, without forged headers.

a2wsgi hands a request to a thread at its first byte and takes a body that breaks off for a whole
one: `coins=50` of `coins=5000`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from django.utils.translation import gettext as _

from live.feed.wire import Message, Receive, Send

# As in deploy/nginx.conf, of bank statements too: they wait here in memory.
LARGEST_BODY = 6 * 1024 * 1024


class BufferedRequests:
    """An ASGI application that calls another one once a request's body was read to its end."""

    def __init__(self, application: Callable[[Any, Any, Any], Awaitable[None]]) -> None:
        self.application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request. One that breaks off in the middle was never made."""
        body = await read(receive)
        if body is None:
            return
        if len(body) > LARGEST_BODY:
            return await refuse(send)

        async def replay() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        # With an underscore one could pass for a header that only a proxy may set. A body that came
        # without saying how long it is has a length now.
        headers = [
            (name, value)
            for name, value in scope["headers"]
            if b"_" not in name and name != b"content-length"
        ]
        headers.append((b"content-length", b"%d" % len(body)))
        await self.application({**scope, "headers": headers}, replay, send)


async def read(receive: Receive) -> bytes | None:
    """Return a request's body; nothing when the client goes away in the middle.

    A body over the limit is not read any further.
    """
    body, more = bytearray(), True
    while more and len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


async def refuse(send: Send) -> None:
    """Say that a body is too large, and hang up: the rest of it would still be on its way."""
    words = _("This is more than we can take at once: %(most)s MB at most.") % {
        "most": LARGEST_BODY // 1024 // 1024
    }
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})
