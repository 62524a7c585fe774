"""Draws the pieces of Great Lighthouse: tower, rock, harbour town, boats and the beam."""

from tools.gift_art.scenery.outlines import INK, area, gradient, line, number, picture

OUT = f'stroke="{INK}" stroke-linejoin="round"'


def tower() -> str:
    """Return the tower with its lantern room; the lamp's middle is at (150, 92)."""
    body = "M108 176H192L214 600H86z"
    bands = "".join(
        f'<path fill="url(#b)" d="M80 {y}c40 16 100 16 140 0v{h}c-40 17 -100 17 -140 0z"/>'
        for y, h in ((214, 72), (352, 78), (496, 84))
    )
    windows = "".join(
        f'<path fill="#ffcf6b" stroke="{INK}" stroke-width="7" d="M138 {y}c0-17 24-17 24 0v22h-24z"/>'
        for y in (318, 458)
    )
    return picture(
        300, 620,
        "<defs>",
        gradient("t", "#fffaf0", "#ffe9cc", "#b98fb0", across=True),
        gradient("b", "#ff8a72", "#f2504f", "#8f2560", across=True),
        f'<clipPath id="c"><path d="{body}"/></clipPath></defs>',
        f'<path d="{body}" fill="{INK}" stroke-width="16" {OUT}/>',
        f'<g clip-path="url(#c)"><path d="{body}" fill="url(#t)"/>{bands}<path fill="#4a2478" opacity=".28" d="M176 170H200L222 610H184C190 470 188 300 176 170z"/>',
        '<path fill="#fff" opacity=".65" d="M116 176h14L112 604H96z"/></g>',
        windows,
        f'<path fill="#ffb648" stroke="{INK}" stroke-width="8" d="M128 604v-34c0-28 44-28 44 0v34z"/>',
        f'<g {OUT}><path fill="#fff3b8" stroke-width="12" d="M114 62H186V130H114z"/><path fill="none" stroke-width="6" d="M136 62v68M164 62v68"/>',
        '<circle cx="150" cy="92" r="19" fill="#fffdf0" stroke="#ff9a3d" stroke-width="7"/>',
        '<path fill="url(#b)" stroke-width="13" d="M96 66C102 32 122 16 150 8C178 16 198 32 204 66C170 76 130 76 96 66z"/>',
        '<path fill="#4b3f9e" stroke-width="12" d="M84 128H216L206 176H94z"/></g>',
        line("M122 48C126 36 132 30 142 26", "#ffc0a0", 7),
        line("M98 144H164", "#b8abff", 6),
        f'<path d="M86 128V108M108 128V112M192 128V112M214 128V108M82 110H218" fill="none" stroke="{INK}" stroke-width="6" stroke-linecap="round"/>',
    )  # fmt: skip


def rock() -> str:
    """Return the rock that the tower stands on."""
    d = "M10 190C14 150 40 130 74 132C80 100 112 84 142 92C164 62 262 58 296 88C330 78 356 96 366 124C400 122 424 146 432 190z"
    return picture(
        440, 200,
        f"<defs>{gradient('r', '#8d7fc0', '#5a4f9c', '#2b2a68')}</defs>",
        f'<path d="{d}" fill="url(#r)" stroke-width="12" {OUT}/>',
        area("M96 150C104 116 138 108 164 112C150 126 132 130 124 148C116 160 94 164 96 150zM44 170C50 156 70 148 82 152C74 160 72 168 66 174C58 180 42 180 44 170z", "#c4b8ec", 0.8),
        area("M286 100C320 106 330 150 322 186H424C414 150 390 132 360 134C350 104 322 88 286 100z", "#1f2260", 0.45),
    )  # fmt: skip


def town() -> str:
    """Return the far shore with its houses, a lit window in each."""
    shapes, windows = [], []
    x, at = 0, 0
    while x < 1600:
        wide = 44 + (at * 37) % 38
        high = 40 + (at * 53) % 66
        y = 150 - high
        tint = ("#34408f", "#2c367c", "#3d3b8c", "#28306e")[at % 4]
        roof = ("#4a4fa8", "#5a4fa0", "#3c4c98")[at % 3]
        shapes.append(
            f'<path fill="{tint}" d="M{x} 160V{y}H{x + wide}V160z"/><path fill="{roof}" d="M{x - 5} {y + 2}L{number(x + wide / 2)} {y - 22}L{x + wide + 5} {y + 2}z"/>'
        )
        for row in range(high // 34):
            if (at + row) % 3:
                windows.append(
                    f"M{x + 10 + (row * 13) % max(wide - 26, 1)} {y + 14 + row * 30}h9v12h-9z"
                )
        x += wide + 6 + (at * 29) % 40
        at += 1
    hill = "M0 160V96C120 60 240 92 380 76C520 58 640 96 800 84C980 66 1120 98 1280 78C1420 62 1520 88 1600 80V160z"
    return picture(
        1600, 160, area(hill, "#2a3178"), *shapes, area("".join(windows), "#ffd27a", 0.95)
    )


BOATS = {
    "coral": ("#b5475f", "#ffb08e", "#fff1d2", "#ff8a6a"),
    "teal": ("#1f7f90", "#9af5e4", "#e6fffa", "#4cc9c0"),
    "violet": ("#5a48b8", "#cfc4ff", "#f0ebff", "#9d8cff"),
}


def boat(name: str) -> str:
    """Return a small sailing boat; its lantern hangs at (58, 92)."""
    hull, shine, sail, jib = BOATS[name]
    return picture(
        200, 170,
        f"<defs>{gradient('h', shine, hull, hull)}</defs>",
        f'<g {OUT}><path stroke-width="9" fill="none" d="M104 14V128"/><path fill="{sail}" stroke-width="8" d="M96 20V112H40C70 88 90 60 96 20z"/>',
        f'<path fill="{jib}" stroke-width="8" d="M112 34C136 56 154 84 158 112H112z"/>',
        '<path fill="url(#h)" stroke-width="9" d="M16 122H184C180 148 164 164 144 164H54C34 162 20 148 16 122z"/></g>',
        line("M34 134H120", "#ffffff", 5, 0.7),
        f'<g {OUT}><circle cx="172" cy="104" r="11" fill="#ffdf8a" stroke-width="6"/><path fill="none" stroke-width="5" d="M172 92V84"/></g>',
    )  # fmt: skip


def shade() -> str:
    """Return a boat's shadow: it lies on every boat that the beam has not found yet."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 170" width="200" height="170"><g fill="#141d52" stroke="#141d52" stroke-width="9" stroke-linejoin="round">'
        '<path d="M104 14V128M96 20V112H40C70 88 90 60 96 20zM112 34C136 56 154 84 158 112H112zM16 122H184C180 148 164 164 144 164H54C34 162 20 148 16 122zM161 104a11 11 0 0 1 22 0a11 11 0 0 1 -22 0z"/></g></svg>\n'
    )


def beam() -> str:
    """Return the beam: from the lamp at its left end it grows wide and faint."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 400" width="1000" height="400" preserveAspectRatio="none">'
        '<defs><linearGradient id="l"><stop stop-color="#fff6d0" stop-opacity=".95"/><stop offset=".3" stop-color="#ffd98a" stop-opacity=".62"/><stop offset=".7" stop-color="#ffc95a" stop-opacity=".26"/><stop offset="1" stop-color="#ffb648" stop-opacity="0"/></linearGradient></defs>'
        '<path fill="url(#l)" opacity=".55" d="M0 192L1000 0V400L0 208z"/><path fill="url(#l)" opacity=".8" d="M0 196L1000 90V310L0 204z"/></svg>\n'
    )


def heart() -> str:
    """Return the small light that thanks."""
    return picture(
        64, 60,
        f"<defs>{gradient('h', '#fff0b8', '#ffb648', '#ff7a5c')}</defs>",
        f'<path d="M32 54C10 40 4 26 9 15C14 4 27 5 32 16C37 5 50 4 55 15C60 26 54 40 32 54z" fill="url(#h)" stroke-width="6" {OUT}/>',
        line("M16 22C17 16 20 13 24 13", "#ffffff", 4, 0.9),
    )  # fmt: skip


def lighthouse() -> dict[str, str]:
    """All pieces of Great Lighthouse."""
    return {
        "great-lighthouse-tower": tower(), "great-lighthouse-rock": rock(),
        "great-lighthouse-town": town(), "great-lighthouse-beam": beam(),
        "great-lighthouse-heart": heart(), "great-lighthouse-shade": shade(),
        **{f"great-lighthouse-boat-{name}": boat(name) for name in BOATS},
    }  # fmt: skip
