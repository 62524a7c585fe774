"""Leaves, blossom and fruit: round things that more than one tree is made of."""

import math

from tools.gift_art.keys import Animated, Json, Keys, keys
from tools.gift_art.shapes import Gradient, circle, ellipse, group, linear, path, radial, stroke

INK = "#14264a"


def cloud(x: float, y: float, radius: float, *, bumps: int = 9, depth: float = 0.2) -> str:
    """Return the path of a round thing with a scalloped edge: leaves, clouds, smoke."""
    data, step = "", math.tau / bumps
    for bump in range(bumps + 1):
        angle = bump * step + radius
        here = f"{x + radius * math.cos(angle):.1f} {y + radius * math.sin(angle):.1f}"
        if not bump:
            data = f"M{here}"
            continue
        far, half = radius * (1 + depth * 1.6), angle - step / 2
        data += f"Q{x + far * math.cos(half):.1f} {y + far * math.sin(half):.1f} {here}"
    return data + "Z"


def pop(at: float, *, size: float = 100, took: float = 0.7) -> Keys:
    """Return the scale of something that grows out of nothing and settles."""
    return keys((at, (0, 0)), (at + took, (size, size), "back"))


def bloom(
    x: float, y: float, size: float, *, at: float, gone: float, inks: tuple[str, str]
) -> Json:
    """Return a blossom of five petals that opens and gives way to the fruit."""
    petals: list[Json] = []
    for turn in range(5):
        angle = math.tau * turn / 5 - math.pi / 2
        petals += circle(size * 0.52 * math.cos(angle), size * 0.52 * math.sin(angle), size * 0.46)
    return group(
        group(*petals, fill=inks[0]),
        group(circle(0, 0, size * 0.32), fill=inks[1]),
        at=(x, y),
        scale=keys(
            (at, (0, 0)), (at + 0.5, (100, 100), "back"), (gone, (100, 100)), (gone + 0.4, (0, 0))
        ),
        rotate=keys((at, -60), (at + 0.7, 0, "out"), (gone, 10, "linear")),
    )


def fruit(x: float, y: float, size: float, *, at: float, lit: float) -> Json:
    """Return a fruit that ripens at `at` and shines from `lit` on."""
    skin = radial(
        [(0, "#fffbe0"), (0.45, "#ffc95a"), (1, "#f08030")], (-size * 0.25, -size * 0.3), size * 1.3
    )
    glow = radial(
        [(0, "#fff3b0", 1), (0.36, "#ffe08a", 0.75), (0.65, "#ffd070", 0.25), (1, "#ffc95a", 0)],
        (0, 0),
        size * 3.4,
    )
    shining: Animated = keys(
        (at + 0.3, 0), (at + 0.8, 30, "soft"), (lit, 30, "hold"), (lit + 0.6, 100, "out")
    )  # fmt: skip
    return group(
        group(circle(0, 0, size * 2.7), fill=glow, opacity=shining),
        group(path(f"M0 {-size * 0.9:.1f}q{size * 0.05:.1f} {-size * 0.5:.1f} {size * 0.5:.1f} {-size * 0.8:.1f}"), line=stroke(INK, size * 0.28)),
        group(circle(0, 0, size), fill=skin, line=stroke("#a03a34", size * 0.2)),
        group(circle(0, 0, size * 0.82), fill="#ffe88a", opacity=keys((lit, 0), (lit + 0.5, 55, "out"))),
        group(ellipse((-size * 0.34, -size * 0.36), (size * 0.5, size * 0.34)), fill="#ffffff", opacity=90),
        at=(x, y),
        scale=keys((at, (0, 0)), (at + 0.8, (100, 100), "back"), (lit, (100, 100)), (lit + 0.3, (122, 122), "out"), (lit + 0.9, (106, 106), "sine")),
        rotate=keys((at, 0), (lit, 0, "hold"), (lit + 0.5, 8, "sine"), (lit + 1.4, 0, "sine")),
    )  # fmt: skip


def leaves(light: str, middle: str, dark: str, radius: float) -> Gradient:
    """Return the paint of a ball of leaves, lit from above."""
    return linear(
        [(0, light), (0.42, middle), (1, dark)], (-radius * 0.6, -radius), (radius * 0.5, radius)
    )
