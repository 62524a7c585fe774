"""Draws what Clockwork Fox leaves behind and sets going."""

import math

from tools.gift_art.scenery.outlines import INK, glow, gradient, line, number, picture


def brass() -> dict[str, str]:
    """The props of Clockwork Fox: a paw print, a cogwheel."""
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
