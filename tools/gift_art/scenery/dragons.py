"""Draws the pieces of Rowing Dragons: the boat, its rowers, oars and shields, hills, moon and moonlight."""

import math

from tools.gift_art.scenery.outlines import (
    INK,
    area,
    curve,
    glow,
    gradient,
    line,
    number,
    picture,
    sampled,
)

SHAPE = (
    "M24 208C8 176 16 148 44 140C60 108 92 84 132 84C188 84 224 124 220 180C220 228 196 260 212 300"
    "C300 334 690 338 772 300C788 260 776 228 800 192C840 236 848 316 812 376C730 436 270 436 188 372"
    "C148 332 152 276 172 228C140 248 76 252 60 212C50 222 34 222 24 208z"
)
MANE = "M36 24C34 14 38 6 46 3c-1 6 0 10 3 13 1-5 5-9 11-10-3 6-4 11-2 16 5-1 8 0 11 3-7 1-9 5-9 11 4 0 7 2 9 6-7-2-11 1-13 7 3 2 5 4 5 9-5-6-10-3-13 2z"
FACE = (
    f'<path fill="none" stroke="{INK}" stroke-width="3.6" stroke-linecap="round" d="M9 50c8 2 16 0 22-5M12 36c-1-2-4-2-4 1"/>'
    f'<g fill="#fff8ea" stroke="{INK}" stroke-width="1.8" stroke-linejoin="round"><path d="M13 50l3 6 3-6zM22 48.5l3 5 2-7z"/></g>'
    f'<circle cx="32" cy="33" r="7" fill="#fff8ea" stroke="{INK}" stroke-width="3.4"/><circle cx="30" cy="34" r="4" fill="{INK}"/><circle cx="28.8" cy="32.5" r="1.5" fill="#fff"/>'
    f'<path fill="none" stroke="{INK}" stroke-width="4" stroke-linecap="round" d="M23 24c5-2 10-1 14 2"/>'
    f'<path fill="none" stroke="{INK}" stroke-width="5.2" stroke-linecap="round" d="M10 45C4 47 3 55 8 60"/><path fill="none" stroke="#ffb648" stroke-width="2.6" stroke-linecap="round" d="M10 45C4 47 3 55 8 60"/>'
    '<ellipse cx="38" cy="47" rx="4" ry="2.8" fill="#ff9d86"/>'
)


def boat(body: tuple[str, str, str], deep: str, scales: str) -> str:
    """Return a dragon boat that looks to the left; 900 by 440, its deck at about y = 310."""
    rows = []
    for y, first in ((352, 236), (384, 264)):
        x = first
        while x < 740:
            rows.append(f"M{x} {y}c10 16 30 16 40 0")
            x += 40
    head = '<linearGradient id="d" x1=".1" y1="0" x2=".7" y2="1">'
    stops = "".join(
        f'<stop offset="{at}" stop-color="{c}"/>' for at, c in zip((0, 0.4, 1), body, strict=True)
    )
    rim = (
        '<linearGradient id="r" x1="0" y1="0" x2="1" y2="1"><stop offset=".04" stop-color="#ffe9b8"/><stop offset=".4" stop-color="#ffe9b8" stop-opacity="0"/>'
        '<stop offset=".65" stop-color="#b8a6ff" stop-opacity="0"/><stop offset=".96" stop-color="#c4b4ff"/></linearGradient>'
    )
    return picture(
        900, 440,
        f"<defs>{head}{stops}</linearGradient>{gradient('g', '#fff0b8', '#ffb648', '#c8642f')}{rim}",
        f'<clipPath id="c"><path d="{SHAPE}"/></clipPath></defs>',
        f'<path transform="translate(-6 0) scale(4)" d="{MANE}" fill="url(#g)" stroke="{INK}" stroke-width="4" stroke-linejoin="round"/>',
        f'<path d="M800 196C812 160 838 132 876 128C862 142 862 158 868 172C880 170 890 176 896 188C868 186 848 200 838 236z" fill="url(#g)" stroke="{INK}" stroke-width="14" stroke-linejoin="round"/>',
        f'<path d="{SHAPE}" fill="{INK}" stroke="{INK}" stroke-width="20" stroke-linejoin="round"/>',
        f'<g clip-path="url(#c)"><path d="{SHAPE}" fill="url(#d)"/>',
        area("M150 350C260 436 700 436 830 330V460H150zM160 176C192 200 200 240 184 288C200 256 232 224 224 160z", deep, 0.5),
        area("M132 224C152 232 168 232 180 224C152 280 156 328 188 376C140 344 120 288 132 224z", "#ffd9a0"),
        line("".join(rows), scales, 7, 0.9),
        '<path fill="url(#g)" d="M204 290C300 326 690 330 780 290V314C690 350 300 346 206 314z"/>',
        f'<path d="M206 316C300 350 690 352 782 316" fill="none" stroke="{INK}" stroke-width="5"/>',
        f'<path d="{SHAPE}" fill="none" stroke="url(#r)" stroke-width="14"/></g>',
        f'<g transform="scale(4)">{FACE}</g>',
    )  # fmt: skip


def rower() -> str:
    """Return a rower; `skin` and `band` take their colours when it is shown."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-14 -14 28 36">'
        f'<path fill="#fff1d2" stroke="{INK}" stroke-width="2.6" d="M-9 22c0-13 3-17 9-17s9 4 9 17z"/><path data-part="sash" fill="#ff5d5d" d="M-6.5 8.6l4-2.4L7.6 19v3H3z"/>'
        f'<circle data-part="skin" r="8.2" cy="-3" fill="#f7b98a" stroke="{INK}" stroke-width="2.6"/>'
        f'<path data-part="band" fill="#ff5d5d" stroke="{INK}" stroke-width="1.4" d="M-8.2-4.6c5-2.6 11.4-2.6 16.4 0v-3.2c-4-5.4-12.4-5.4-16.4 0z"/><path data-part="knot" fill="#ff5d5d" stroke="{INK}" stroke-width="1.2" stroke-linejoin="round" d="M8-7l5-3-1 4 2 2-6 .6z"/>'
        f'<g fill="{INK}"><circle cx="-4.6" cy="-1" r="1.3"/><circle cx="1.4" cy="-1" r="1.3"/></g><path fill="none" stroke="{INK}" stroke-width="1.4" stroke-linecap="round" d="M-3.6 2c1.2 1.4 2.8 1.4 4 0"/>'
        '<g fill="#ff8a7a" opacity=".7"><circle cx="-6.2" cy="1.4" r="1.3"/><circle cx="3.6" cy="1.4" r="1.3"/></g></svg>\n'
    )


def oar() -> str:
    """Return an oar that hangs from its upper end."""
    return picture(
        60, 200,
        line("M30 8V150", INK, 15), line("M30 8V150", "#ffcf85", 7),
        f'<path d="M30 128C46 138 48 172 40 188C36 196 24 196 20 188C12 172 14 138 30 128z" fill="#ff8a5c" stroke="{INK}" stroke-width="7"/>',
        line("M30 148V178", "#fff0c0", 5, 0.8),
    )  # fmt: skip


def splash() -> str:
    """Return what an oar throws up."""
    return picture(
        100, 50,
        f'<path d="M8 44C10 28 24 26 28 34C30 14 46 10 50 26C56 8 72 14 70 32C78 24 92 30 92 44z" fill="#eafffb" stroke="{INK}" stroke-width="6" stroke-linejoin="round"/>',
        line("M24 44C26 38 32 38 34 42M58 42C62 36 68 38 70 42", "#8fc8ee", 4),
    )  # fmt: skip


def bow() -> str:
    """Return the wave that the boat pushes along."""
    return picture(
        300, 80,
        f"<defs>{gradient('f', '#ffffff', '#bfe9fb', '#5a9ad8')}</defs>",
        f'<path d="M6 74C10 50 34 44 46 56C52 30 84 22 98 46C112 28 142 34 148 54C166 42 192 48 198 62C222 54 262 60 294 74z" fill="url(#f)" stroke="{INK}" stroke-width="8" stroke-linejoin="round"/>',
    )  # fmt: skip


def hills() -> str:
    """Return two ranges of hills at the far shore, with a few lights."""

    def far(x: float) -> float:
        return 80.0 - 46 * math.pow(abs(((x / 310) % 2) - 1), 1.6) - 16 * abs(((x / 127) % 2) - 1)

    def near(x: float) -> float:
        return (
            128.0
            - 40 * math.pow(abs(((x / 241 + 0.4) % 2) - 1), 1.4)
            - 12 * abs(((x / 93) % 2) - 1)
        )

    lights = "".join(
        f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in ((120, 148), (176, 152), (205, 146), (530, 150), (566, 146), (930, 152), (972, 147), (1000, 151), (1340, 149), (1390, 152))
    )  # fmt: skip
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 170" width="1600" height="170" preserveAspectRatio="none">'
        f"<defs>{gradient('a', '#6a7fd0', '#8f8cd0')}{gradient('b', '#34489c', '#2b3c88')}</defs>"
        + area(f"{curve(sampled(far, 1600, 50))}V170H0z", "url(#a)")
        + area(f"{curve(sampled(near, 1600, 40))}V170H0z", "url(#b)")
        + f'<g fill="#ffd27a">{lights}</g></svg>\n'
    )


def moon() -> str:
    """Return the full moon."""
    return picture(
        300, 300,
        f"<defs>{glow('g', '#ffedc0/.75', '#ffd98a/.26', '#ffd98a/0')}</defs>",
        '<circle cx="150" cy="150" r="150" fill="url(#g)"/>',
        f'<circle cx="150" cy="150" r="70" fill="#fff0c4" stroke="{INK}" stroke-width="7"/>',
        '<g fill="#f2c98a" opacity=".75"><circle cx="128" cy="128" r="14"/><circle cx="174" cy="172" r="19"/><circle cx="180" cy="118" r="9"/><circle cx="132" cy="182" r="8"/></g>',
        line("M94 138C98 116 112 100 132 94", "#ffffff", 7, 0.9),
    )  # fmt: skip


def moonlight() -> str:
    """Return the moon's way on the water: strokes that grow toward us."""
    strokes = []
    for at in range(13):
        y = 10 + at * 22 + at * at * 0.5
        half = 36 + at * 11 - (at * 17) % 30
        off = ((at * 29) % 40) - 20
        strokes.append(
            line(
                f"M{number(200 + off - half)} {number(y)}H{number(200 + off + half)}",
                "#ffe7ae",
                6 + at * 0.55,
                0.85 - at * 0.035,
            )
        )
    return picture(400, 400, *strokes)


def lantern() -> str:
    """Return a lantern that floats on the water."""
    return picture(
        90, 90,
        f"<defs>{glow('g', '#ffcf7a/.8', '#ffb648/.2', '#ffb648/0')}{gradient('l', '#fff3c0', '#ffb65a', '#f0643f')}</defs>",
        '<circle cx="45" cy="45" r="45" fill="url(#g)"/>',
        f'<path d="M28 30H62L66 58H24z" fill="url(#l)" stroke="{INK}" stroke-width="5" stroke-linejoin="round"/>',
        f'<path d="M14 58H76L68 70H22z" fill="#b5475f" stroke="{INK}" stroke-width="5" stroke-linejoin="round"/>',
        line("M38 34L36 54M52 34L54 54", "#e0603c", 3, 0.7),
    )  # fmt: skip


def dragons() -> dict[str, str]:
    """All pieces of Rowing Dragons."""
    return {
        "rowing-dragons-boat": boat(("#ffb38a", "#ff5f5c", "#a3265a"), "#7d1c55", "#ffb37a"),
        "rowing-dragons-far": boat(("#c4f7c0", "#48b98f", "#1a5f7c"), "#12405c", "#a6f0c0"),
        "rowing-dragons-rower": rower(), "rowing-dragons-oar": oar(),
        "rowing-dragons-splash": splash(), "rowing-dragons-bow": bow(),
        "rowing-dragons-hills": hills(), "rowing-dragons-moon": moon(),
        "rowing-dragons-moonlight": moonlight(), "rowing-dragons-lantern": lantern(),
    }  # fmt: skip
