"""The wire format: ASGI messages, chunks of an answer, frames of Server-Sent Events."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
LAST = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """Return the bytes as HTTP sends a part of an answer whose end is not known."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def frame(event_id: int, kind: str, payload: str) -> bytes:
    """Return the bytes of one event. JSON has no line breaks: one data line will do."""
    return f"id: {event_id}\nevent: {kind}\ndata: {payload}\n\n".encode()


def state_frame(kind: str, payload: dict[str, Any]) -> bytes:
    """Return a frame without an id: it is never replayed, only the newest counts."""
    return f"event: {kind}\ndata: {dump(payload)}\n\n".encode()


def dump(payload: dict[str, Any]) -> str:
    """Return a payload as JSON in one line."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False)


BEAT_SECONDS = 4.0  # how long a connection is silent before the server gives a sign of life
# The beat tells its own interval: a page knows by it when silence means that the line is dead.
BEAT = state_frame("beat", {"every_ms": int(BEAT_SECONDS * 1_000)})


def read(data: bytes) -> tuple[str, dict[str, Any]]:
    """Return the kind and the payload of a frame with an id."""
    _id, kind, told = data.decode().split("\n", 2)
    return kind.removeprefix("event: "), json.loads(told.removeprefix("data: "))
