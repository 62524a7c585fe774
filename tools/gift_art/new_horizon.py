"""New Horizon: the sun that wakes up, the boat that sails into the day, the birds."""

import math

from tools.gift_art.film import Film, Layer
from tools.gift_art.keys import Json, keys, later, sway
from tools.gift_art.plants import INK
from tools.gift_art.shapes import circle, ellipse, group, linear, path, radial, stroke

SECONDS = 15.0
WAKES = 7.4


def _sun() -> Film:
    film = Film(600, 600, SECONDS, best=9.6)
    skin = radial([(0, "#fffef2"), (0.5, "#ffec9e"), (1, "#ffbe4f")], (280, 270), 250)
    lid = keys((WAKES, (100, 4)), (WAKES + 0.5, (100, 106), "back"), (10.6, (100, 100)), (10.72, (100, 8)), (10.86, (100, 100)), (12.8, (100, 100)), (12.9, (100, 8)), (13.04, (100, 100)))  # fmt: skip
    asleep = keys((WAKES, 100), (WAKES + 0.25, 0))
    eyes: list[Json] = []
    for side in (-1, 1):
        x = 300 + 74 * side
        eyes += [
            group(path(f"M{x - 30} 290c8 18 52 18 60 0"), line=stroke("#c8632f", 13), opacity=asleep),
            group(
                group(ellipse((0, 0), (46, 60)), fill="#6a2f3a"),
                group(circle(-8, -12, 9), fill="#ffffff"),
                group(circle(8, 12, 5), fill="#ffffff", opacity=70),
                at=(x, 286), scale=lid, opacity=keys((WAKES, 0), (WAKES + 0.12, 100)),
            ),
            group(path(f"M{x - 26} 238c12 -14 40 -14 52 0"), line=stroke("#c8632f", 9), opacity=keys((WAKES + 0.2, 0), (WAKES + 0.6, 100)), at=keys((WAKES + 0.2, (0, 16)), (WAKES + 0.7, (0, 0), "back"))),
            group(ellipse((300 + 128 * side, 346), (66, 40)), fill="#ff8a6b", opacity=keys((0, 30), (WAKES, 30), (WAKES + 0.8, 70))),
        ]  # fmt: skip
    smile = keys(
        (WAKES - 0.2, "M268 352C282 362 318 362 332 352"),
        (WAKES + 0.7, "M238 346C262 402 338 402 362 346", "back"),
    )
    film.add(
        Layer(
            name="sun",
            shapes=[
                group(circle(300, 300, 236), fill="#ffd98a", opacity=38),
                group(circle(300, 300, 216), fill=skin),
                group(
                    path("M128 236C156 158 222 112 300 106"), line=stroke("#ffffff", 15, opacity=80)
                ),
                group(circle(300, 300, 216), line=stroke("#fff6d4", 8, opacity=85)),
                *eyes,
                group(path(smile), line=stroke("#c8632f", 13)),
            ],
        )
    )
    return film


def _wave(points: int, width: float, height: float, phase: float) -> str:
    """Return a pennant in the wind at one moment: as many corners at every phase."""
    upper, lower = [], []
    for number in range(points + 1):
        share = number / points
        bend = math.sin(share * math.pi * 1.6 + phase) * height * 0.42 * share
        half = height / 2 * (1 - share * 0.86)
        upper.append(f"{share * width:.1f} {bend - half:.1f}")
        lower.append(f"{share * width:.1f} {bend + half:.1f}")
    return "M" + "L".join([*upper, *reversed(lower)]) + "Z"


def _pennant(width: float, height: float, every: float) -> Json:
    phases = 4
    turns = int(SECONDS / every) + 1
    moments = [
        (
            every * (turn + phase / phases),
            _wave(4, width, height, -math.tau * phase / phases),
            "linear",
        )
        for turn in range(turns)
        for phase in range(phases)
    ]
    return group(path(keys(*moments)), fill="#ffb648", line=stroke(INK, 6))


def _boat() -> Film:
    film = Film(560, 600, SECONDS, best=9.6)
    cloth = linear([(0, "#fffbea"), (1, "#ffc58a")], (80, 120), (270, 440))
    red = linear([(0, "#ff9a80"), (1, "#d8486a")], (300, 160), (430, 430))
    hull = linear([(0, "#9a62c8"), (1, "#4a2f8c")], (200, 470), (230, 560))
    main = keys(
        (0, "M268 132C240 230 210 340 92 436H268Z"), (3.5, "M268 132C216 220 150 340 78 436H268Z", "sine"),
        (6.5, "M268 132C196 214 118 330 60 436H268Z", "sine"), (9.5, "M268 132C214 222 146 338 74 436H268Z", "sine"),
        (12.5, "M268 132C198 214 120 330 62 436H268Z", "sine"), (15, "M268 132C212 222 140 338 72 436H268Z", "sine"),
    )  # fmt: skip
    jib = keys(
        (0, "M288 156C330 230 372 330 400 436H288Z"), (4, "M288 156C368 210 430 320 446 436H288Z", "sine"),
        (7, "M288 156C350 220 404 326 424 436H288Z", "sine"), (10, "M288 156C372 208 436 318 450 436H288Z", "sine"),
        (13, "M288 156C350 220 406 326 426 436H288Z", "sine"), (15, "M288 156C364 212 426 320 442 436H288Z", "sine"),
    )  # fmt: skip
    lamp = radial([(0, "#fff6c0", 0.95), (0.4, "#ffd070", 0.5), (1, "#ffb648", 0)], (0, 0), 74)
    out = keys((0, 100), (7.2, 100), (8.2, 0))
    film.add(
        Layer(name="boat", anchor=(276, 540), at=(276, 540), rotate=sway(0, 2.2, every=4.2, until=SECONDS), shapes=[
            group(path("M278 470V96"), line=stroke(INK, 15)),
            group(path("M278 470V100"), line=stroke("#b06a4a", 7)),
            group(_pennant(104, 34, 1.2), at=(280, 112)),
            group(path(main), fill=cloth, line=stroke(INK, 11)),
            group(path("M214 300C190 350 160 396 124 424M250 220C236 300 214 370 190 424"), line=stroke("#e0986a", 5, opacity=55)),
            group(path(jib), fill=red, line=stroke(INK, 11)),
            group(path("M304 208C340 260 372 330 386 400"), line=stroke("#ffffff", 8, opacity=45)),
            # A small captain with a cap, and an arm that greets the day.
            group(
                group(path("M-30 62C-32 18 -20 4 0 4S32 18 30 62Z"), fill="#3fb8b4", line=stroke(INK, 8)),
                group(path("M0 0C18 -14 30 -34 34 -58"), line=stroke(INK, 22), anchor=(14, 14), at=(14, 20), rotate=sway(4, 18, every=1.1, until=13, begin=8)),
                group(path("M0 0C18 -14 30 -34 34 -58"), line=stroke("#ffd0a0", 10), anchor=(14, 14), at=(14, 20), rotate=sway(4, 18, every=1.1, until=13, begin=8)),
                group(circle(0, -20, 25), fill="#ffd0a0", line=stroke(INK, 8)),
                group(path("M-27 -26C-26 -54 26 -54 27 -26C40 -26 44 -20 42 -16H-27Z"), fill="#fff1d2", line=stroke(INK, 7)),
                group(circle(8, -14, 3.4), fill=INK), group(path("M4 -4c4 4 10 4 13 0"), line=stroke(INK, 4)),
                at=(392, 408),
            ),
            group(path("M46 462H500C494 526 448 558 386 558H166C104 558 58 520 46 462Z"), fill=hull, line=stroke(INK, 13)),
            group(path("M62 472H486L480 498H72Z"), fill="#ffb648"),
            group(path("M104 536C220 536 360 524 474 500C452 540 420 552 386 552H166C140 552 120 546 104 536Z"), fill="#2f2070", opacity=55),
            group(path("M84 516C110 530 150 536 190 536"), line=stroke("#ffffff", 7, opacity=40)),
            group(path("M470 458V404"), line=stroke(INK, 11)),
            group(circle(470, 392, 19), fill="#fff0b0", line=stroke("#8c3a2c", 6)),
            group(group(circle(0, 0, 74), fill=lamp), at=(470, 392), opacity=out),
        ]),
        Layer(name="foam", shapes=[
            group(path("M20 566C90 546 150 582 226 566S380 548 450 570S530 566 548 562"), line=stroke("#fff6e4", 13, opacity=90, dash=(90, 34), shift=keys((0, 0), (SECONDS, 1300, "linear")))),
            group(path("M60 586C140 570 210 600 300 584S440 574 510 588"), line=stroke("#ffe0c0", 8, opacity=70, dash=(60, 44), shift=keys((0, 0), (SECONDS, 900, "linear")))),
        ]),
    )  # fmt: skip
    return film


BIRDS = ((60, 150, 1.0, 0.0), (190, 80, 0.78, 0.31), (210, 210, 0.7, 0.62), (330, 120, 0.6, 0.15), (360, 230, 0.52, 0.47), (440, 60, 0.46, 0.78))  # fmt: skip
BEAT = 1.0


def _birds() -> Film:
    """A flock: every bird beats its wings and glides in a rhythm of its own. It runs in a circle."""
    up = "M0 0C-18 -34 -54 -52 -92 -40C-64 -34 -34 -14 -10 12C-4 18 4 18 10 12C34 -14 64 -34 92 -40C54 -52 18 -34 0 0Z"
    flat = "M0 0C-22 -12 -58 -14 -98 4C-66 0 -34 4 -12 14C-4 18 4 18 12 14C34 4 66 0 98 4C58 -14 22 -12 0 0Z"
    down = "M0 0C-20 4 -52 18 -80 50C-58 32 -32 20 -12 16C-4 18 4 18 12 16C32 20 58 32 80 50C52 18 20 4 0 0Z"
    film = Film(540, 300, BEAT * 3, best=0.1)
    beat = keys(
        *(
            (BEAT * turn + at, shape, "sine")
            for turn in range(-1, 4)
            for at, shape in ((0, up), (0.3, flat), (0.5, down), (0.75, flat))
        )
    )
    flock = [
        group(
            path(later(beat, late)), fill="#fff8ea", line=stroke(INK, 7),
            at=(x, y), scale=(size * 100, size * 100),
        )
        for x, y, size, late in BIRDS
    ]  # fmt: skip
    film.add(Layer(name="flock", shapes=flock))
    return film


def films() -> dict[str, Film]:
    """Return the sun, the boat and the birds."""
    return {
        "new-horizon-sun": _sun(), "new-horizon-boat": _boat(), "new-horizon-birds": _birds(),
    }  # fmt: skip
