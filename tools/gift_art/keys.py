"""Values that change over time: keyframes with named easings, in seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard, cast

from tools.gift_art.paths import bezier

FPS = 30  # pictures a second; what has to be smoother is moved by the page itself
Json = dict[str, Any]
Point = tuple[float, float]
Value = float | Sequence[float] | str  # a number, a vector or a colour, SVG path data

# How a value arrives at a keyframe: the two handles of a cubic Bezier curve, as in CSS.
EASINGS: dict[str, tuple[float, float, float, float]] = {
    "linear": (0.33, 0.33, 0.67, 0.67),
    "in": (0.5, 0, 0.9, 0.55),
    "out": (0.16, 0.9, 0.3, 1),
    "soft": (0.25, 0.46, 0.45, 0.94),
    "inout": (0.65, 0, 0.35, 1),
    "sine": (0.37, 0, 0.63, 1),
    "back": (0.34, 1.56, 0.64, 1),
    "anticipate": (0.36, 0, 0.66, -0.4),
}


@dataclass(frozen=True)
class Key:
    """At `at` seconds the value is `value`; `easing` is how it arrives there ("hold": by a step)."""

    at: float
    value: Value
    easing: str = "inout"


Keys = tuple[Key, ...]
Animated = Value | Keys


def keys(*moments: tuple[float, Value] | tuple[float, Value, str]) -> Keys:
    """Return keyframes from `(seconds, value)` or `(seconds, value, easing)`, in order of time."""
    return tuple(Key(*moment) for moment in moments)


def sway(middle: float, reach: float, *, every: float, until: float, begin: float = 0.0) -> Keys:
    """Return a swing to both sides of `middle`, there and back in `every` seconds."""
    moments, turn, at = [Key(begin, middle)], 1, begin + every / 4
    while at < until + every / 2:
        moments.append(Key(at, middle + reach * turn, "sine"))
        turn, at = -turn, at + every / 2
    return tuple(moments)


def later(animated: Keys, seconds: float) -> Keys:
    """Return the same keyframes, `seconds` later."""
    return tuple(Key(key.at + seconds, key.value, key.easing) for key in animated)


def is_animated(value: Animated) -> TypeGuard[Keys]:
    """Tell whether a value has keyframes."""
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Key)


def short(number: float, places: int = 2) -> float | int:
    """Round a number and write whole ones without a point."""
    rounded = round(float(number), places)
    return int(rounded) if rounded == int(rounded) else rounded


def frame(seconds: float) -> float | int:
    """Return the frame at this time."""
    return short(seconds * FPS, 1)


def plain(value: Value, places: int = 2) -> Any:
    """Return a value as the format writes it when it does not move."""
    if isinstance(value, str):
        return colour(value) if value.startswith("#") else bezier(value)
    if isinstance(value, int | float):
        return short(value, places)
    return [short(part, places) for part in value]


def colour(text: str) -> list[float]:
    """Return `#rrggbb` as three numbers from 0 to 1."""
    return [short(int(text[at : at + 2], 16) / 255, 3) for at in (1, 3, 5)]


def prop(value: Animated, places: int = 2) -> Json:
    """Return a property of the format, still or moving."""
    if is_animated(value):
        return {"a": 1, "k": _frames(value, places)}
    return {"a": 0, "k": plain(cast("Value", value), places)}


def _frames(moments: Keys, places: int) -> list[Json]:
    frames: list[Json] = []
    for number, key in enumerate(moments):
        start = plain(key.value, places)
        if not isinstance(start, list):
            start = [start]
        entry: Json = {"t": frame(key.at), "s": start}
        if number + 1 < len(moments):
            entry |= _ease(moments[number + 1].easing)
        frames.append(entry)
    return frames


def _ease(name: str) -> Json:
    if name == "hold":
        return {"h": 1}
    x1, y1, x2, y2 = EASINGS[name]
    return {"i": {"x": [x2], "y": [y2]}, "o": {"x": [x1], "y": [y1]}}
