"""The bell that says *look* to a stream's listeners. Lost, doubled or late, it does no harm."""

from collections.abc import Callable
from typing import Any

Ear = Callable[[int, int, str, dict[str, Any]], None]

_ears: list[Ear] = []


def on_ring(ear: Ear) -> None:
    """Call `ear(stream_id, event_id, kind, payload)` at every ring, in the ringing thread."""
    _ears.append(ear)


def off_ring(ear: Ear) -> None:
    """Stop calling `ear`."""
    if ear in _ears:
        _ears.remove(ear)


def ring(stream_id: int, event_id: int, kind: str, payload: dict[str, Any]) -> None:
    """Tell this process's listeners of one committed event."""
    for ear in list(_ears):
        ear(stream_id, event_id, kind, payload)
