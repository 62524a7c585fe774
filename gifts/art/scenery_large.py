"""Draws the scenery of the large gifts and of three full-screen ones, in the tile drawings' style.

`python -m gifts.art.scenery_large` writes the files anew. Pieces that move apart are files of
their own, so that each is painted once and then only moved.
"""

import itertools
import math
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "gifts" / "scenery"
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


def hump(x: float, crest: float, rise: float, front: float, tail: float) -> float:
    """Return the height of a rolling wave at x: steep before the crest, long behind it."""
    reach = front if x > crest else tail
    return rise * math.exp(-(((x - crest) / reach) ** 2))


def tide() -> dict[str, str]:
    """The wave of Tide Hello in two planes: the swell behind the hand, the foam before it."""
    width, bottom = 2400.0, 1300.0

    def back(x: float) -> float:
        return 400 - hump(x, 1560, 330, 330, 980) - 14 * math.sin(x / 58) * (x < 2150)

    def front(x: float) -> float:
        return 400 - hump(x, 1500, 130, 430, 1050) - 9 * math.sin(x / 74 + 2)

    swell = sampled(back, width, 60)
    inner = [(x, y + 26 + 10 * math.sin(x / 90)) for x, y in swell if 420 < x < 1880]
    deep = [(x, y + 78 + 22 * math.sin(x / 130)) for x, y in swell]
    streaks = "".join(
        line(
            curve(
                [(x, back(x) + d), (x + 70, back(x + 70) + d - 8), (x + 150, back(x + 150) + d + 6)]
            ),
            "#c5fff2",
            6,
            0.55,
        )
        for x, d in ((700, 66), (1010, 100), (1260, 70), (1330, 150), (1640, 96), (1000, 190))
    )
    behind = picture(
        width,
        bottom,
        f"<defs>{gradient('w', '#8ff0e0', '#35b6c2', '#2270b0', '#2a3d94', '#22307c', '#1c2868', '#1c2868')}</defs>",
        area(below(swell, bottom), "url(#w)"),
        area(below(deep, bottom), "#1c3f9c", 0.42),
        line(curve(swell), INK, 10),
        line(curve(inner), "#eafffb", 9, 0.8),
        streaks,
    )
    bumps = sampled(front, width, 66)
    under = [(x, y + 44 + 8 * math.sin(x / 60)) for x, y in bumps]
    second = [(x, y + 92 + 14 * math.sin(x / 84 + 1)) for x, y in sampled(front, width, 90)]
    dots = "".join(
        f'<circle cx="{number(x)}" cy="{number(front(x) + d)}" r="{r}" fill="none" stroke="#7fbfe8" stroke-width="5"/>'
        for x, d, r in ((860, 26, 8), (1090, 30, 6), (1330, 24, 9), (1610, 30, 7), (1820, 26, 6))
    )
    before = picture(
        width,
        bottom,
        f"<defs>{gradient('f', '#ffffff', '#e4fbff', '#93cdf0', '#93cdf0')}{gradient('w', '#3cc0bd', '#2277a8', '#223c8a', '#1c2f74')}</defs>",
        f'<path d="{scallops(bumps)}V{number(bottom)}H0z" fill="url(#f)" stroke="{INK}" stroke-width="10" stroke-linejoin="round"/>',
        f'<path d="{below(under, bottom)}" fill="url(#w)" stroke="{INK}" stroke-width="8" stroke-opacity=".55"/>',
        line(curve(second), "#bdf7f0", 6, 0.6),
        dots,
    )
    return {"tide-hello-back": behind, "tide-hello-front": before}


def brass() -> dict[str, str]:
    """What Clockwork Fox leaves and sets going: a print of its paw, a cogwheel."""
    pads = ((20, 15, 6, 8.5, -18), (34, 11, 6, 9, 6), (48, 17, 6, 8.5, 24))
    toes = "".join(
        f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" transform="rotate({turn} {x} {y})"/>'
        for x, y, rx, ry, turn in pads
    )
    pad = '<path d="M33 27c9 0 16 9 16 17 0 7-7 8-15 7-9 1-17 1-17-6 0-8 7-18 16-18z"/>'
    paw = picture(
        68,
        64,
        f"<defs>{glow('g', '#ffb648/.55', '#ffb648/0')}{gradient('p', '#fff2b8', '#ffb648')}</defs>",
        '<circle cx="34" cy="32" r="32" fill="url(#g)"/>',
        f'<g fill="url(#p)" stroke="{INK}" stroke-width="4" paint-order="stroke">{toes}{pad}</g>',
    )
    teeth, points = 14, []
    for at in range(teeth):
        for turn, radius in ((-0.3, 74), (-0.2, 92), (0.2, 92), (0.3, 74)):
            angle = 2 * math.pi * (at + turn) / teeth
            points.append(
                f"{number(100 + radius * math.cos(angle))} {number(100 + radius * math.sin(angle))}"
            )
    spokes = "".join(
        f'<path d="M100 100L{number(100 + 56 * math.cos(a))} {number(100 + 56 * math.sin(a))}"/>'
        for a in (math.pi * n / 3 for n in range(6))
    )
    wheel = picture(
        200,
        200,
        "<defs>",
        '<linearGradient id="b" x1=".1" y1="0" x2=".9" y2="1"><stop stop-color="#fff2b8"/><stop offset=".5" stop-color="#ffb648"/><stop offset="1" stop-color="#a8562c"/></linearGradient></defs>',
        f'<path d="M{"L".join(points)}z" fill="url(#b)" stroke="{INK}" stroke-width="7" stroke-linejoin="round"/>',
        f'<circle cx="100" cy="100" r="57" fill="#3a1640" stroke="{INK}" stroke-width="6"/>',
        f'<g stroke="{INK}" stroke-width="21" stroke-linecap="round">{spokes}</g><g stroke="#e99a45" stroke-width="12">{spokes}</g>',
        f'<circle cx="100" cy="100" r="24" fill="url(#b)" stroke="{INK}" stroke-width="6"/><circle cx="100" cy="100" r="8" fill="#3a1640"/>',
        line("M44 62A68 68 0 0 1 84 34", "#fff8dc", 6, 0.85),
        line("M160 130A68 68 0 0 1 122 164", "#c4a8ff", 5, 0.8),
    )
    return {"clockwork-fox-paw": paw, "clockwork-fox-wheel": wheel}


def main() -> None:
    """Write every piece."""
    from gifts.art.scenery_dragons import dragons
    from gifts.art.scenery_harbour import harbour
    from gifts.art.scenery_lighthouse import lighthouse
    from gifts.art.scenery_market import market

    FOLDER.mkdir(exist_ok=True)
    for draw in (tide, brass, market, harbour, lighthouse, dragons):
        for name, text in draw().items():
            (FOLDER / f"{name}.svg").write_text(text)


if __name__ == "__main__":
    main()
