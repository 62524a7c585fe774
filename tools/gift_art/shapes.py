"""Shapes of a layer: outlines, fills, strokes, gradients, groups. Later ones cover earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from tools.gift_art.keys import Animated, Json, Key, Keys, is_animated, plain, prop, short
from tools.gift_art.paths import curves

Stops = Sequence[tuple[float, str] | tuple[float, str, float]]  # offset, colour, opacity 0..1


@dataclass(frozen=True)
class Gradient:
    """A fill or a stroke that runs from `start` to `end`, or (`round`) from `start` outward."""

    stops: Stops
    start: Animated
    end: Animated
    round: bool = False


Paint = str | Keys | Gradient


def linear(stops: Stops, start: Animated, end: Animated) -> Gradient:
    """Return a gradient along a line."""
    return Gradient(stops, start, end)


def radial(stops: Stops, middle: tuple[float, float], radius: float) -> Gradient:
    """Return a gradient from a middle outward."""
    return Gradient(stops, middle, (middle[0] + radius, middle[1]), round=True)


def path(data: str | Keys) -> list[Json]:
    """Return the outline of SVG path data, or of one that turns into another of as many corners."""
    if is_animated(data):
        return [{"ty": "sh", "ks": prop(data)}]
    return [{"ty": "sh", "ks": {"a": 0, "k": curve}} for curve in curves(cast("str", data))]


def ellipse(middle: Animated, size: Animated) -> list[Json]:
    """Return an ellipse by its middle and its (width, height)."""
    return [{"ty": "el", "p": prop(middle), "s": prop(size)}]


def circle(x: float, y: float, radius: float) -> list[Json]:
    """Return a circle."""
    return ellipse((x, y), (2 * radius, 2 * radius))


def star(middle: Animated, points: int, outer: Animated, inner: Animated) -> list[Json]:
    """Return a star."""
    return [
        {
            "ty": "sr", "sy": 1, "p": prop(middle), "pt": prop(points), "r": prop(0),
            "or": prop(outer), "os": prop(0), "ir": prop(inner), "is": prop(0),
        }
    ]  # fmt: skip


def trim(start: Animated = 0, end: Animated = 100, offset: Animated = 0) -> Json:
    """Return the cut of an outline to a part of its length, in per cent: lines that draw themselves."""
    return {"ty": "tm", "s": prop(start), "e": prop(end), "o": prop(offset), "m": 1}


@dataclass(frozen=True)
class Stroke:
    """A line along the outline, round at its ends."""

    paint: Paint
    width: Animated
    opacity: Animated = 100
    dash: tuple[float, float] | None = None
    shift: Animated = 0


def stroke(
    paint: Paint,
    width: Animated,
    *,
    opacity: Animated = 100,
    dash: tuple[float, float] | None = None,
    shift: Animated = 0,
) -> Stroke:
    """Return a line along the outline; `dash` is (line, gap), `shift` moves the dashes."""
    return Stroke(paint, width, opacity, dash, shift)


def group(
    *content: list[Json] | Json,
    fill: Paint | None = None,
    fill_opacity: Animated = 100,
    line: Stroke | None = None,
    cut: Json | None = None,
    at: Animated = (0, 0),
    anchor: Animated = (0, 0),
    scale: Animated = (100, 100),
    rotate: Animated = 0,
    opacity: Animated = 100,
    name: str = "",
) -> Json:
    """Return shapes that are painted and moved together. Content is in painter's order."""
    flat: list[Json] = []
    for part in content:
        flat += part if isinstance(part, list) else [part]
    items: list[Json] = [*reversed(flat)]
    if cut:
        items.append(cut)
    if line:
        items.append(_stroke(line))
    if fill:
        items.append(_fill(fill, fill_opacity))
    items.append({"ty": "tr", **transform(at, anchor, scale, rotate, opacity)})
    return {"ty": "gr", **({"nm": name} if name else {}), "it": items}


def transform(
    at: Animated, anchor: Animated, scale: Animated, rotate: Animated, opacity: Animated
) -> Json:
    """Return where something stands; what is as always is left out."""
    told: Json = {"o": prop(opacity)}
    usual: list[tuple[str, Animated, Animated]] = [
        ("p", at, (0, 0)), ("a", anchor, (0, 0)), ("s", _both(scale), (100, 100)), ("r", rotate, 0),
    ]  # fmt: skip
    for letter, value, as_always in usual:
        if value != as_always:
            told[letter] = prop(value)
    return told


def _both(scale: Animated) -> Animated:
    """A single number scales both ways."""
    if isinstance(scale, int | float):
        return (scale, scale)
    if is_animated(scale):
        return tuple(
            Key(key.at, (key.value, key.value), key.easing)
            if isinstance(key.value, int | float)
            else key
            for key in scale
        )
    return scale


def _fill(paint: Paint, opacity: Animated) -> Json:
    if isinstance(paint, Gradient):
        return {"ty": "gf", "o": prop(opacity), "r": 1, **_gradient(paint)}
    return {"ty": "fl", "o": prop(opacity), "r": 1, "c": prop(paint, 3)}


def _stroke(line: Stroke) -> Json:
    told: Json = {"o": prop(line.opacity), "w": prop(line.width), "lc": 2, "lj": 2}
    if line.dash:
        told["d"] = [
            {"n": "d", "nm": "dash", "v": prop(line.dash[0])},
            {"n": "g", "nm": "gap", "v": prop(line.dash[1])},
            {"n": "o", "nm": "offset", "v": prop(line.shift)},
        ]
    if isinstance(line.paint, Gradient):
        return {"ty": "gs", **told, **_gradient(line.paint)}
    return {"ty": "st", **told, "c": prop(line.paint, 3)}


def _gradient(paint: Gradient) -> Json:
    numbers: list[float | int] = []
    for stop in paint.stops:
        numbers += [short(stop[0], 3), *plain(stop[1])]
    if any(len(stop) > 2 for stop in paint.stops):
        for stop in paint.stops:
            numbers += [short(stop[0], 3), short(stop[2] if len(stop) > 2 else 1, 3)]
    return {
        "g": {"p": len(paint.stops), "k": {"a": 0, "k": numbers}},
        "s": prop(paint.start), "e": prop(paint.end), "t": 2 if paint.round else 1,
    }  # fmt: skip
