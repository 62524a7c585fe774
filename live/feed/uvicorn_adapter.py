"""The one place that reaches inside uvicorn: a stream's connection leaves the server.

ASGI has no way to do this. The names used here are uvicorn's own and may change with any version;
`live/tests/test_uvicorn_adapter.py` fails when the version does.
"""

import asyncio
from typing import Any

from live.feed.wire import Send


class WrongServer(Exception):
    """The server does not hand its connections over: only uvicorn with httptools does."""


async def take_over(send: Send, headers: list[tuple[bytes, bytes]]) -> asyncio.Transport:
    """Begin an answer and return its connection; the server forgets it, as after an upgrade to a
    WebSocket.

    A stream's answer lasts for hours. What a server keeps for a request meanwhile (its headers, a
    parser, a task) is several times what a subscriber needs, and so is its way to write. Raises
    `WrongServer`.
    """
    answer: Any = getattr(send, "__self__", None)
    if not hasattr(answer, "chunked_encoding"):
        raise WrongServer
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    transport: asyncio.Transport = answer.transport
    server: Any = transport.get_protocol()
    server.connections.discard(server)
    answer.disconnected = True  # so the server does not wait for the rest of the answer
    return transport
