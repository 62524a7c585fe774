"""The lines, areas and colours that all scenery is drawn with, in the tile drawings' style."""

import itertools
import math
from collections.abc import Callable

INK = "#14264a"

Point = tuple[float, float]


def number(value: float) -> str:
    """Return a coordinate with one decimal at most."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def smooth(points: list[Point]) -> str:
    """Return path commands of a soft curve through all points (Catmull-Rom), without the move."""
    parts = []
    for at in range(len(points) - 1):
        before, here = points[max(at - 1, 0)], points[at]
        there, after = points[at + 1], points[min(at + 2, len(points) - 1)]
        one = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        two = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        parts.append("C" + " ".join(number(v) for v in (*one, *two, *there)))
    return "".join(parts)


def curve(points: list[Point]) -> str:
    """Return a soft open path through all points."""
    return f"M{number(points[0][0])} {number(points[0][1])}{smooth(points)}"


def below(points: list[Point], bottom: float) -> str:
    """Return the area between the curve and the bottom."""
    return f"{curve(points)}V{number(bottom)}H{number(points[0][0])}z"


def scallops(points: list[Point]) -> str:
    """Return a path of foam: one round bump from each point to the next."""
    parts = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for here, there in itertools.pairwise(points):
        reach = math.dist(here, there)
        radius = number(reach * 0.56)
        step = f"{number(there[0] - here[0])} {number(there[1] - here[1])}"
        parts.append(f"a{radius} {radius} 0 0 1 {step}")
    return "".join(parts)


def sampled(height: Callable[[float], float], width: float, step: float) -> list[Point]:
    """Return points of a height curve at even distances."""
    count = round(width / step)
    return [(at * width / count, height(at * width / count)) for at in range(count + 1)]


def gradient(name: str, *stops: str, across: bool = False) -> str:
    """Return a linear gradient with evenly spread stops; a stop is `colour` or `colour/opacity`."""
    drawn = []
    for at, stop in enumerate(stops):
        colour, _, opacity = stop.partition("/")
        more = f' stop-opacity="{opacity}"' if opacity else ""
        place = number(100 * at / max(len(stops) - 1, 1))
        drawn.append(f'<stop offset="{place}%" stop-color="{colour}"{more}/>')
    end = 'x2="1" y2="0"' if across else 'x2="0" y2="1"'
    return f'<linearGradient id="{name}" x1="0" y1="0" {end}>{"".join(drawn)}</linearGradient>'


def glow(name: str, *stops: str) -> str:
    """Return a radial gradient: light without a filter."""
    linear = gradient(name, *stops)
    stops_only = linear[linear.index(">") + 1 : linear.rindex("</")]
    return f'<radialGradient id="{name}">{stops_only}</radialGradient>'


def picture(width: float, height: float, *parts: str) -> str:
    """Return a whole SVG file."""
    box = f"0 0 {number(width)} {number(height)}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"'
    size = f' width="{number(width)}" height="{number(height)}">'
    return head + size + "".join(parts) + "</svg>\n"


def line(d: str, colour: str, width: float, opacity: float = 1) -> str:
    """Return a round line."""
    faint = f' opacity="{opacity}"' if opacity < 1 else ""
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{number(width)}"'
        f' stroke-linecap="round" stroke-linejoin="round"{faint}/>'
    )


def area(d: str, fill: str, opacity: float = 1) -> str:
    """Return a filled shape."""
    faint = f' opacity="{opacity}"' if opacity < 1 else ""
    return f'<path d="{d}" fill="{fill}"{faint}/>'
