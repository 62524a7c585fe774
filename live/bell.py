"""The bell that says *look* to a stream's listeners. Lost, doubled or late, it does no harm."""

import logging
from collections.abc import Callable
from typing import Any

Ear = Callable[[int, int, str, dict[str, Any]], None]

log = logging.getLogger(__name__)

_ears: list[Ear] = []


def on_ring(ear: Ear) -> None:
    """Call `ear(stream_id, event_id, kind, payload)` at every ring, in the ringing thread."""
    _ears.append(ear)


def off_ring(ear: Ear) -> None:
    """Stop calling `ear`."""
    if ear in _ears:
        _ears.remove(ear)


def ring(stream_id: int, event_id: int, kind: str, payload: dict[str, Any]) -> None:
    """Tell this process's listeners of one committed event. Nobody minds an ear that is broken."""
    for ear in list(_ears):
        try:
            ear(stream_id, event_id, kind, payload)
        except Exception:
            log.warning("The bell was not heard; the next look will find it.", exc_info=True)
