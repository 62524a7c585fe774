"""The parts of an SVG: each with its properties, what it refers to, and what is inside of it."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote

from gifts.stage.uploads.outlines import Outline, bounded, measure_path, polygon_length

REFERENCE = re.compile(r"url\s*\(\s*[\"']?\s*#([^\"')\s]*)", re.IGNORECASE)
FIGURE = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
NUMBER = re.compile(rf"\s*({FIGURE.pattern})\s*(%?)")
SHAPES = frozenset(["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"])
MARKED = frozenset(["path", "line", "polyline", "polygon"])
# fmt: off
# What only a reference draws.
REFERRED = frozenset([
    "defs", "symbol", "clipPath", "mask", "pattern", "marker", "filter", "linearGradient",
    "radialGradient",
])
INHERITED = frozenset([
    "fill", "stroke", "stroke-dasharray", "marker-start", "marker-mid", "marker-end",
])
# fmt: on


class Context(NamedTuple):
    """The properties that lead to other parts, or that parts inside have from here."""

    fill: str = ""
    stroke: str = ""
    stroke_dasharray: str = ""
    marker_start: str = ""
    marker_mid: str = ""
    marker_end: str = ""
    mask: str = ""
    clip_path: str = ""
    filter: str = ""


@dataclass(eq=False)
class Part:
    """One element of a drawing. A property said twice has both values, with a semicolon between."""

    tag: str
    line: int
    values: dict[str, str]
    side: float  # the longer one of the drawing
    parent: "Part | None" = None
    inside: list["Part"] = field(default_factory=list)
    letters: int = 0

    def said(self, name: str, before: str) -> str:
        """Return a property as it is here; `before` is what the parent has."""
        own = self.values.get(name, "")
        if name.startswith("marker-") and "marker" in self.values:
            own = f"{own};{self.values['marker']}"
        if "inherit" in own or (not own and name in INHERITED):
            return f"{own};{before}".strip(";")
        return own

    def context(self, before: Context) -> Context:
        """Return the properties as they are here."""
        pairs = zip(Context._fields, before, strict=True)
        return Context(*(self.said(name.replace("_", "-"), value) for name, value in pairs))

    @cached_property
    def home(self) -> Context:
        """The properties that this part has from the parts that it stands in."""
        around: list[Part] = []
        above = self.parent
        while above is not None:
            around.append(above)
            above = above.parent
        context = Context()
        for one in reversed(around):
            context = one.context(context)
        return context

    def links(self) -> list[str]:
        """Return the ids that its links name."""
        links = self.values.get("href", "").split(";")
        return [unquote(link.strip().removeprefix("#")) for link in links if link]

    def number(self, name: str, whole: float = 1.0, default: float = 0.0) -> float:
        """Return a number; per cent are of the whole."""
        found = NUMBER.match(self.values.get(name, ""))
        if found is None:
            return default
        return bounded(found[1]) * (whole / 100 if found[2] else 1)

    @cached_property
    def outline(self) -> Outline:
        """How its outline is built. Raises `OverflowError` for a number that is too large."""
        if self.tag not in SHAPES:
            return Outline()
        if self.tag == "path":
            return measure_path(self.values.get("d", ""))
        if self.tag in ("polyline", "polygon"):
            numbers = [bounded(one) for one in FIGURE.findall(self.values.get("points", ""))]
            points = [complex(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=False)]
            return Outline(len(points), polygon_length([*points, *points[:1]]))
        sides = ("x1", "y1", "x2", "y2", "width", "height")
        size = sum(abs(self.number(name, self.side)) for name in sides)
        size += 4 * sum(abs(self.number(name, self.side)) for name in ("r", "rx", "ry"))
        return Outline(4, 2 * size)


def references(value: str) -> list[str]:
    """Return the ids that the addresses in a value name."""
    return [unquote(name) for name in REFERENCE.findall(value)]
