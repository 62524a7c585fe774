"""The bell that says *look* to a stream's listeners. Lost, doubled or late, it does no harm.

It carries the event, so that who hears it need not look. It is heard in this process at once, and
where there is a Redis (`REDIS_URL`) in every other process too: `live.feed.redis_pubsub`.
"""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Ring(NamedTuple):
    """One committed event; the payload is JSON text in one line, ready to be sent."""

    stream_id: int
    event_id: int
    kind: str
    payload: str


Ear = Callable[[Ring], None]

log = logging.getLogger(__name__)

_ears: list[Ear] = []


def on_ring(ear: Ear) -> None:
    """Call `ear` at every ring, in the ringing thread."""
    _ears.append(ear)


def off_ring(ear: Ear) -> None:
    """Stop calling `ear`."""
    if ear in _ears:
        _ears.remove(ear)


def ring(
    stream_id: int, event_id: int, kind: str, payload: dict[str, Any], *, far: Iterable[Ear] = ()
) -> None:
    """Tell every ear, here and `far` away, of one committed event. A broken one is passed by."""
    ears = [*_ears, *far]
    if not ears:
        return
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False, default=str)
    one = Ring(stream_id, event_id, kind, text)
    for ear in ears:
        try:
            ear(one)
        except Exception:
            log.warning("The bell was not heard; the next look will find it.", exc_info=True)
