"""Publishing in this process: a committed event goes to every subscriber's hub at once.

A published event may be lost, doubled or late without harm: the next poll of the table finds it. It
is carried whole, so that no subscriber reads the table for it. Where there is a Redis (`REDIS_URL`)
it reaches the other processes too: `live.feed.redis_pubsub`.
"""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Published(NamedTuple):
    """One committed event; the payload is JSON text in one line, ready to be sent."""

    stream_id: int
    event_id: int
    kind: str
    payload: str


Callback = Callable[[Published], None]

log = logging.getLogger(__name__)

_callbacks: list[Callback] = []


def subscribe(callback: Callback) -> None:
    """Call `callback` with every published event, in the publishing thread."""
    _callbacks.append(callback)


def unsubscribe(callback: Callback) -> None:
    """Stop calling `callback`."""
    if callback in _callbacks:
        _callbacks.remove(callback)


def send(
    stream_id: int,
    event_id: int,
    kind: str,
    payload: dict[str, Any],
    *,
    also: Iterable[Callback] = (),
) -> None:
    """Call every callback, here and `also` given, with one committed event; pass by broken ones."""
    callbacks = [*_callbacks, *also]
    if not callbacks:
        return
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False, default=str)
    published = Published(stream_id, event_id, kind, text)
    for callback in callbacks:
        try:
            callback(published)
        except Exception:
            log.warning("An event was not published; the next poll finds it.", exc_info=True)
