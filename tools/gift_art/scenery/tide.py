"""Draws the wave of Tide Hello."""

import math

from tools.gift_art.scenery.outlines import (
    INK,
    area,
    below,
    curve,
    gradient,
    line,
    number,
    picture,
    sampled,
    scallops,
)


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
