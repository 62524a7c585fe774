"""Draws the harbour at night that the full-screen gifts play in: sky, sea in three planes, what floats there."""

import math

from tools.gift_art.scenery.outlines import (
    INK,
    Point,
    area,
    below,
    curve,
    gradient,
    line,
    number,
    picture,
    sampled,
)

LONG = 2400.0  # the planes of the sea repeat every 200 units, so they may drift for ever


def sea(
    top: str, low: str, crest: str, *, height: float, swell: float, every: float, phase: float
) -> str:
    """Return one plane of water with a soft edge and lines of foam."""

    def edge(x: float) -> float:
        turn = 2 * math.pi * x / every
        return 24 + swell * math.sin(turn + phase)

    surface = sampled(edge, LONG, every / 8)
    foam = []
    count = round(LONG / every)
    for at in range(count):
        # Each crest carries a line of foam under its edge, every other wave a short one deeper down.
        x = (at + 0.25 - phase / (2 * math.pi) + 0.36) * every
        foam.append(
            curve([(x + every * d, edge(x + every * d) + 12) for d in (0, 0.07, 0.14, 0.21, 0.28)])
        )
        if at % 2:
            y = height * 0.34
            foam.append(
                curve(
                    [
                        (x, y + 6),
                        (x + every * 0.08, y),
                        (x + every * 0.2, y + 1),
                        (x + every * 0.28, y + 6),
                    ]
                )
            )
    return picture(
        LONG, height,
        f"<defs>{gradient('w', top, low)}</defs>",
        area(below(surface, height), "url(#w)"),
        line(curve(surface), INK, 6),
        line("".join(foam), crest, 5, 0.75),
    )  # fmt: skip


def spread(seed: int, count: int, width: float, height: float) -> list[tuple[float, float, float]]:
    """Return points spread evenly but not in rows, each with a number from 0 to 1."""
    found = []
    for at in range(count):
        x = ((at + seed) * 0.754877666) % 1
        y = ((at + seed) * 0.569840296) % 1
        found.append((x * width, y * height, ((at + seed) * 0.618033989) % 1))
    return found


def stars() -> str:
    """Return stars for a whole sky, more of them above."""
    dots, big = [], []
    for x, low, size in spread(3, 90, 1600, 900):
        y = low * low / 900
        if size > 0.93:
            r = 7.0
            big.append(
                f"M{number(x)} {number(y - r)}l{r * 0.28:.1f} {r * 0.72:.1f} {r * 0.72:.1f} {r * 0.28:.1f}-{r * 0.72:.1f} {r * 0.28:.1f}-{r * 0.28:.1f} {r * 0.72:.1f}-{r * 0.28:.1f}-{r * 0.72:.1f}-{r * 0.72:.1f}-{r * 0.28:.1f} {r * 0.72:.1f}-{r * 0.28:.1f}z"
            )
        else:
            dots.append(
                f'<circle cx="{number(x)}" cy="{number(y)}" r="{1 + size * 1.6:.1f}" opacity="{0.35 + size * 0.6:.2f}"/>'
            )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 900" width="1600" height="900" preserveAspectRatio="xMidYMin slice">'
        f'<g fill="#fff3d0">{"".join(dots)}<path d="{"".join(big)}"/></g></svg>\n'
    )


def note() -> str:
    """Return a note, as on the tile of Storm Choir."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-9 -23 26 30" width="104" height="120">'
        f'<path d="M5-14v13a5 4 0 1 1-3-3.5V-18c3 2 8 2 8 9-1-3-3-4-5-5z" fill="#ffc65a" stroke="{INK}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"/></svg>\n'
    )


def staves() -> str:
    """Return the wind with five lines that the notes float on."""
    lines = []
    for at in range(5):
        points = [
            (x, 140 + (at - 2) * (20 + 9 * math.sin(x / 340)) + 56 * math.sin(x / 250 + 0.12 * at))
            for x in range(0, 1601, 80)
        ]
        lines.append(line(curve([(float(x), y) for x, y in points]), "#ffe9c0", 3, 0.5))
    fade = gradient("f", "#fff/0", "#fff/1", "#fff/1", "#fff/0", across=True)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 280" width="1600" height="280" preserveAspectRatio="none">'
        f'<defs>{fade}<mask id="m"><path d="M0 0H1600V280H0z" fill="url(#f)"/></mask></defs><g mask="url(#m)">{"".join(lines)}</g></svg>\n'
    )


def bank(top: str, low: str, seed: int) -> str:
    """Return a long bank of far clouds without faces."""
    bumps: list[Point] = []
    x, at = 0.0, seed
    while x < 1600:
        x += 46 + 70 * ((at * 0.618) % 1)
        bumps.append((x, 110 - 60 * abs(math.sin(x / 210 + seed)) - 16 * ((at * 0.754) % 1)))
        at += 1
    d = f"M0 150V{number(bumps[0][1])}"
    before = (0.0, bumps[0][1])
    for there in bumps:
        reach = number(math.dist(before, there) * 0.55)
        d += f"A{reach} {reach} 0 0 1 {number(there[0])} {number(there[1])}"
        before = there
    return picture(
        1600, 150, f"<defs>{gradient('c', top, low)}</defs>", area(f"{d}V150z", "url(#c)")
    )


def harbour() -> dict[str, str]:
    """All pieces that the full-screen gifts share or that are theirs."""
    return {
        "harbour-sea-far": sea(
            "#4a7fc0", "#2f5aa8", "#9fd8f0", height=200, swell=5, every=100, phase=0
        ),
        "harbour-sea-mid": sea(
            "#2f8fb8", "#22559c", "#b9fff0", height=240, swell=9, every=150, phase=2
        ),
        "harbour-sea-near": sea(
            "#2a86b4", "#182f74", "#d4fff5", height=420, swell=13, every=200, phase=4
        ),
        "harbour-night-far": sea(
            "#33509c", "#25408a", "#8fb8ec", height=200, swell=5, every=100, phase=0
        ),
        "harbour-night-mid": sea(
            "#27488f", "#1c3478", "#86b8e8", height=240, swell=9, every=150, phase=2
        ),
        "harbour-night-near": sea(
            "#1f3f86", "#121f58", "#9fd8f0", height=420, swell=13, every=200, phase=4
        ),
        "harbour-stars": stars(),
        "storm-choir-note": note(),
        "storm-choir-staves": staves(),
        "storm-choir-bank-far": bank("#7a70e0", "#5a4fc4", 2),
        "storm-choir-bank-near": bank("#4d47b4", "#35308f", 9),
    }
