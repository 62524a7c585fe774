"""Draws the stalls, lamps, signs and the cat of Night Market: each stall dark and lit, in its own colours."""

from tools.gift_art.scenery.outlines import INK, area, glow, gradient, line, number, picture

WIDTH, HEIGHT = 200, 210
# Stall: (stripe, pale stripe, wood above, wood below, goods)
STALLS = {
    "red": ("#ff5f5c", "#fff1d2", "#c4705c", "#6b3570"),
    "teal": ("#2fb0b4", "#d8fff4", "#5f8fa8", "#2f3f7c"),
    "violet": ("#8470f2", "#e6e0ff", "#7a63b8", "#3b2f7c"),
    "amber": ("#ffb648", "#fff6dc", "#b0704c", "#5f3560"),
    "pink": ("#f4709c", "#ffe6ee", "#b0628c", "#55306f"),
    "off": ("#24335c", "#2f3f6e", "#22305a", "#182344"),
}
OUT = f'stroke="{INK}" stroke-width="6" stroke-linejoin="round"'

FRUIT = (
    f'<g stroke="{INK}" stroke-width="4"><circle cx="38" cy="132" r="9" fill="#ff6b5e"/>'
    '<circle cx="55" cy="133" r="8.5" fill="#ff8a4a"/><circle cx="46" cy="119" r="8.5" fill="#ffb648"/>'
    '<path fill="#4cc9c0" d="M146 141c-3-10 1-14 2-24h8c0 8 6 12 3 24z"/>'
    '<path fill="#f4709c" d="M163 141v-20c0-6 12-6 12 0v20z"/></g>'
)
TEA = (
    f'<g stroke="{INK}" stroke-width="4" stroke-linejoin="round"><path fill="#fff1d2" d="M28 122h28c1 12-4 19-14 19s-15-7-14-19z"/>'
    '<path fill="none" d="M56 126c7-1 7 9-2 9"/><path fill="#9d8cff" d="M148 141v-14l5-4v-8h10v8l5 4v14z"/>'
    '<circle cx="178" cy="133" r="7.5" fill="#4cc9c0"/></g>'
)
FLOWERS = (
    f'<g stroke="{INK}" stroke-width="3.6" stroke-linejoin="round"><path fill="#4cc9c0" d="M30 126h22l-4 15H34z"/>'
    '<circle cx="33" cy="117" r="7" fill="#ff8fb0"/><circle cx="48" cy="115" r="7" fill="#ffb648"/><circle cx="41" cy="107" r="7" fill="#ff6b5e"/>'
    '<path fill="#fff1d2" d="M146 132c10-8 24-6 30 2-8 8-20 9-30 2-3 4-7 5-10 4 2-4 2-8 0-11 4-1 7 0 10 3z"/></g>'
)
GOODS = {"red": FRUIT, "teal": TEA, "violet": FLOWERS, "amber": TEA, "pink": FRUIT, "off": ""}


def awning(stripe: str, pale: str) -> str:
    """Return the roof of cloth: seven stripes, a round end to each."""
    shapes, (top, low) = [], (16, 54)
    for at in range(7):
        left, right = 46 + at * 108 / 7, 46 + (at + 1) * 108 / 7
        below, beyond = 8 + at * 184 / 7, 8 + (at + 1) * 184 / 7
        half = number((beyond - below) / 2)
        d = f"M{number(left)} {top}H{number(right)}L{number(beyond)} {low}a{half} 12 0 0 1 {number(below - beyond)} 0z"
        shapes.append(f'<path d="{d}" fill="{pale if at % 2 else stripe}"/>')
    inside = "".join(shapes)
    shade = area("M8 46H192L194 67H6z", "#8f1f55", 0.16) + area(
        "M140 16H154L192 58H168z", "#3b1760", 0.2
    )
    shine = line("M52 24L30 48M66 22L58 34", "#ffffff", 4, 0.6 if pale != STALLS["off"][1] else 0.1)
    return f'<g stroke="{INK}" stroke-width="11" stroke-linejoin="round">{inside}</g>{inside}{shade}{shine}'


def stall(name: str) -> dict[str, str]:
    """Return a stall's back (under its keeper) and its front (over the keeper)."""
    stripe, pale, wood, low = STALLS[name]
    dark = name == "off"
    light = "<stop stop-color='#22305a'/><stop offset='1' stop-color='#141d3a'/>" if dark else (
        "<stop stop-color='#fff3c0'/><stop offset='.5' stop-color='#ffc25a'/><stop offset='1' stop-color='#dd6a4f'/>"
    )  # fmt: skip
    inside = f'<radialGradient id="i" cx=".5" cy=".35" r=".85">{light}</radialGradient>'
    back = picture(
        WIDTH, HEIGHT,
        f"<defs>{inside}</defs>",
        f'<path d="M26 36H174V146H26z" fill="url(#i)" {OUT}/>',
        "" if dark else area("M30 54H170V72C140 84 60 84 30 72z", "#a8384a", 0.4),
    )  # fmt: skip
    front = picture(
        WIDTH, HEIGHT,
        f"<defs>{gradient('w', wood, low)}</defs>",
        GOODS[name],
        f'<path d="M20 150H180V206H20z" fill="url(#w)" {OUT}/>',
        area("M23 154H177V160H23zM160 160H177V203H140C152 198 158 184 160 160z", "#2a1248", 0.36),
        f'<path d="M60 168h80v26H60z" fill="{pale}" opacity=".16"/>' if not dark else "",
        f'<path d="M10 140H190V152H10z" fill="{"#2b3a68" if dark else "#ffd58c"}" {OUT}/>',
        "" if dark else line("M18 144H96", "#fff3d0", 3),
        awning(stripe, pale),
    )  # fmt: skip
    return {f"night-market-{name}-back": back, f"night-market-{name}-front": front}


def lamp(lit: bool) -> str:
    """Return a paper lamp, dark or lit with its halo."""
    halo = glow("h", "#ffb648/.6", "#ff9a3d/.18", "#ff9a3d/0")
    body = "<stop stop-color='#fffbe0'/><stop offset='.5' stop-color='#ffc65a'/><stop offset='1' stop-color='#f0643f'/>"
    if not lit:
        body = "<stop stop-color='#33416f'/><stop offset='1' stop-color='#1b2650'/>"
    ribs, rim = ("#c0473f", "#5c1740") if lit else ("#1b2650", INK)
    return picture(
        100, 110,
        f'<defs>{halo}<radialGradient id="l" cx=".45" cy=".55" r=".6">{body}</radialGradient></defs>',
        '<circle cx="50" cy="55" r="50" fill="url(#h)"/>' if lit else "",
        line("M50 8V32", INK, 6),
        f'<ellipse cx="50" cy="55" rx="25" ry="23" fill="url(#l)" stroke="{rim}" stroke-width="6"/>',
        line("M41 35c-7 14-7 26 0 40M59 35c7 14 7 26 0 40", ribs, 3),
        line("M40 32h20M40 78h20", rim, 8),
        line("M50 82v12", "#ffb648" if lit else INK, 4),
    )  # fmt: skip


def sign() -> str:
    """Return the board that a name is written on."""
    return picture(
        220, 70,
        f"<defs>{gradient('w', '#fff6dc', '#ffdf9c', '#f0b268')}</defs>",
        line("M46 2V20M174 2V20", INK, 9), line("M46 2V20M174 2V20", "#ffcf85", 4),
        f'<path d="M18 16H202C212 16 216 20 216 28V54C216 62 212 66 202 66H18C8 66 4 62 4 54V28C4 20 8 16 18 16z" fill="url(#w)" {OUT}/>',
        line("M16 24H150", "#ffffff", 3.5, 0.9),
        line("M60 60H204", "#c8742f", 3, 0.55),
        f'<g fill="#a8562c" stroke="{INK}" stroke-width="2.4"><circle cx="16" cy="41" r="4"/><circle cx="204" cy="41" r="4"/></g>',
    )  # fmt: skip


def string() -> str:
    """Return the cord of the lamps; it is drawn as wide as the frame is."""
    d = "M-4 6C120 74 330 80 500 40C670 80 880 74 1004 6"
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 80" width="1000" height="80" preserveAspectRatio="none">'
    thin = 'fill="none" vector-effect="non-scaling-stroke"'
    return f'{head}<path d="{d}" {thin} stroke="{INK}" stroke-width="7"/><path d="{d}" {thin} stroke="#ffd389" stroke-width="2.6"/></svg>\n'


def cat() -> str:
    """Return the keeper of the middle stall, as on the gift's tile."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="40 62 48 42" width="192" height="168">'
        f'<g stroke="{INK}" stroke-linejoin="round"><path fill="#3d3b86" stroke-width="3" d="M45 104c0-8 3-14 7-16-4-6-4-12-2-20l8 6c4-1 8-1 12 0l8-6c2 8 2 14-2 20 4 2 7 8 7 16z"/></g>'
        '<path fill="#8c86e0" d="M53 72l5 5c-2 1-4 2-5 4-1-3-1-6 0-9zM56 88c4 2 12 2 16 0-1 4-2 9-3 16H59c-1-7-2-12-3-16z" opacity=".75"/>'
        f'<ellipse cx="58" cy="83" rx="3.6" ry="4.2" fill="#ffe58f"/><ellipse cx="71" cy="83" rx="3.6" ry="4.2" fill="#ffe58f"/><ellipse cx="58.3" cy="83" rx="1.5" ry="3.4" fill="{INK}"/><ellipse cx="70.7" cy="83" rx="1.5" ry="3.4" fill="{INK}"/><path fill="#ff8f9c" d="M62.5 87.5h4l-2 2.2z"/>'
        '<path fill="none" stroke="#ffe0c0" stroke-width="1.2" stroke-linecap="round" d="M49 86l5 1M49 90l5-1M80 86l-5 1M80 90l-5-1"/></svg>\n'
    )


def market() -> dict[str, str]:
    """All pieces of Night Market."""
    pieces = {
        "night-market-lamp": lamp(lit=True), "night-market-lamp-off": lamp(lit=False),
        "night-market-sign": sign(), "night-market-string": string(),
        "night-market-cat": cat(),
    }  # fmt: skip
    for name in STALLS:
        pieces |= stall(name)
    return pieces
