"""The bell that says *look* to the listeners of a stream. It may be lost, doubled or late without harm."""

from collections.abc import Callable
from typing import Any

_listeners: list[Callable[[int, int, str, dict[str, Any]], None]] = []


def on_ring(listener: Callable[[int, int, str, dict[str, Any]], None]) -> None:
    """Call `listener(stream_id, event_id, kind, payload)` at every ring in this process, from the ringing thread."""
    _listeners.append(listener)


def ring(stream_id: int, event_id: int, kind: str, payload: dict[str, Any]) -> None:
    """Tell this process's hub of one committed event."""
    for listener in _listeners:
        listener(stream_id, event_id, kind, payload)
