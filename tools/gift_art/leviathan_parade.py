"""Leviathan Parade: a whale of paper. Its outline draws itself, patches with initials land on it, a light goes on inside."""

from tools.gift_art.film import Film, Layer
from tools.gift_art.keys import Json, Keys, keys, sway
from tools.gift_art.plants import INK
from tools.gift_art.shapes import circle, ellipse, group, linear, path, radial, star, stroke, trim

SECONDS = 12.0
LIT = 5.6
DOWN = 190  # how far the whale stands below the upper edge: its fountain needs the room

BODY = "M50 330C44 200 150 96 330 84C520 72 660 150 790 214C860 248 930 262 985 236L1012 286C990 372 920 440 800 486C640 546 420 556 250 520C120 492 54 430 50 330Z"
FLUKE = "M968 258C1006 234 1014 190 1000 140C990 104 1010 70 1050 50C1062 96 1060 130 1072 156C1096 140 1130 132 1172 142C1160 186 1120 216 1076 222C1056 252 1036 282 1000 296C984 290 972 276 968 258Z"
BELLY = "M30 344C150 402 300 404 372 350C440 398 560 414 660 402C800 380 920 330 1020 262V620H30Z"
MOUTH = "M52 346C150 402 300 404 366 352C374 344 374 334 368 326"
PLEATS = "M120 404c8 40 26 66 52 88M190 414c8 46 28 76 58 100M270 416c8 44 26 78 54 108M352 394c10 56 28 100 54 142M440 404c8 44 18 86 40 134M530 416c4 40 8 80 16 120M620 414c0 38-2 74-8 112M712 402c-4 34-12 66-24 98M800 380c-10 30-20 56-38 84"
FIN = "M430 470C500 462 560 500 590 570C600 596 590 612 566 608C500 600 440 560 420 500C416 482 420 472 430 470Z"
STREAMERS = (
    ("M330 86C322 20 270 -40 214 -30C172 -22 166 26 196 34C214 38 224 22 214 10", "#ff6b5e", 0.0),
    (
        "M336 84C340 0 400 -90 462 -84C510 -78 514 -22 480 -16C460 -14 452 -32 464 -42",
        "#ffb648",
        0.1,
    ),
    (
        "M333 84C330 -20 340 -110 320 -150C306 -176 274 -168 276 -144C278 -128 296 -126 300 -138",
        "#fff1d2",
        0.2,
    ),
    ("M334 84C350 30 420 -10 500 4C560 16 566 66 530 70", "#7de0d6", 0.3),
    ("M331 84C306 40 250 10 170 30C126 42 116 80 142 88", "#b8a6ff", 0.15),
)

# Where the paper changes on the back: x above, x below; and the height of the seam there.
SEAMS = (
    (20, 20),
    (225, 176),
    (350, 330),
    (488, 480),
    (622, 622),
    (742, 756),
    (840, 880),
    (1030, 1040),
)
LEVELS = (232, 232, 234, 238, 250, 270, 288, 300)
PAPERS = (
    ("#3fb9c6", "#ff8fa6", "#ffb648", "#6f7bf0", "#f2709c", "#4cc9a0", "#ffd27a"),
    ("#2f9fc0", "#2f9fc0", "#7b68e6", "#ff7466", "#35b8a8", "#ffb648", "#8f7af0"),
)
# Panels that carry an initial, the first ones where the eye falls first: row, column, x, y, size.
SPOTS = (
    (0, 2, 420, 178, 62), (1, 3, 552, 344, 68), (0, 3, 552, 192, 60), (0, 1, 290, 182, 58), (1, 4, 684, 348, 62),
    (1, 2, 416, 336, 60), (0, 4, 676, 226, 46), (0, 0, 160, 214, 50), (1, 5, 800, 344, 48),
)  # fmt: skip
FLUKE_SPOT, FIN_SPOT = (1040, 214, 40), (512, 540, 46)


def lands(number: int) -> float:
    """Return the second at which a patch is there; the page lets papers fly so that they meet it."""
    return 2.7 + number * 0.22


def _mix(paper: str, toward: int, share: float) -> str:
    parts = [int(paper[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (toward - part) * share):02x}" for part in parts)


def _panel(row: int, column: int, at: float) -> Json:
    top, left, right = 40, SEAMS[column], SEAMS[column + 1]
    seam, next_seam = LEVELS[column], LEVELS[column + 1]
    upper, lower = ((left[0], top), (right[0], top)), ((left[1], 620), (right[1], 620))
    middle = (((left[0] + left[1]) / 2, seam), ((right[0] + right[1]) / 2, next_seam))
    corners = (*upper, middle[1], middle[0]) if row == 0 else (*middle, lower[1], lower[0])
    outline = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in corners) + "Z"
    fold = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in (corners[0], corners[1], corners[2])) + "Z"
    x, y = sum(x for x, _ in corners) / 4, sum(y for _, y in middle) / 2 + (70 if row else -60)
    paper = PAPERS[row][column]
    sheet = linear(
        [(0, _mix(paper, 255, 0.28)), (0.55, paper), (1, _mix(paper, 20, 0.3))],
        (x - 90, y - 110),
        (x + 80, y + 130),
    )
    return group(
        group(path(outline), fill=sheet, line=stroke(_mix(paper, 10, 0.45), 5)),
        group(path(fold), fill="#ffffff", opacity=13),
        anchor=(x, y), at=keys((at - 0.18, (x, y + 26)), (at + 0.4, (x, y), "out")),
        scale=keys((at - 0.18, (55, 55)), (at + 0.5, (100, 100), "back")),
        opacity=keys((at - 0.18, 0), (at + 0.1, 100, "soft")),
    )  # fmt: skip


def _skin() -> list[Json]:
    spots = {(row, column): number for number, (row, column, *_) in enumerate(SPOTS)}
    rest = [(row, column) for row in (0, 1) for column in range(7) if (row, column) not in spots]
    when = {place: lands(number) for place, number in spots.items()}
    when |= {place: 2.8 + number * 0.36 for number, place in enumerate(rest)}
    skin = [_panel(row, column, when[row, column]) for row, column in sorted(when)]
    cream = linear([(0, "#fffaf0"), (0.6, "#ffe6c4"), (1, "#d79a80")], (300, 360), (360, 560))
    skin += [
        group(path(BELLY), fill=cream, line=stroke("#c98a6a", 5), opacity=keys((3.2, 0), (3.8, 100)), at=keys((3.2, (0, 60)), (4, (0, 0), "out"))),
        group(path(PLEATS), line=stroke("#c07a5a", 6, opacity=75), cut=trim(0, keys((3.8, 0), (5, 100, "inout")))),
        group(path("M20 420C200 560 700 600 1010 300V640H20Z"), fill="#5a2a5a", opacity=keys((3.4, 0), (4.2, 20))),
        group(path("M92 250C120 176 190 122 270 106"), line=stroke("#ffffff", 13, opacity=65), cut=trim(0, keys((4.4, 0), (5.2, 100, "out")))),
        group(*(star((x, y), 4, size, size * 0.36) for x, y, size in ((902, 292, 17), (742, 296, 12), (612, 292, 11), (476, 282, 11), (344, 262, 10))), fill="#fff3c0", scale=(100, 100), opacity=keys((4.6, 0), (5.2, 95))),
        group(path("M226 110L330 236L494 236L622 246L742 266L880 288"), line=stroke("#fff1d2", 4, opacity=75, dash=(9, 11)), cut=trim(0, keys((4.4, 0), (5.4, 100)))),
    ]  # fmt: skip
    return skin


def _light() -> list[Json]:
    inside = radial(
        [(0, "#fff6c4", 0.95), (0.35, "#ffd97a", 0.6), (0.75, "#ffb648", 0.16), (1, "#ffb648", 0)],
        (440, 380),
        520,
    )
    return [group(ellipse((440, 380), (1040, 1040)), fill=inside, opacity=keys((LIT, 0), (LIT + 0.7, 62, "out"), (LIT + 1.5, 26, "sine")))]  # fmt: skip


def _chalk(outline: str, begin: float, took: float, width: float = 7) -> list[Json]:
    """A line of light that draws itself and pales once there is paper to see."""
    cut = trim(0, keys((begin, 0), (begin + took, 100, "inout")))
    pale = keys((LIT, 100), (LIT + 0.6, 0))
    return [
        group(
            path(outline), line=stroke("#ffd98a", width * 2.8, opacity=26), cut=cut, opacity=pale
        ),
        group(path(outline), line=stroke("#fff6dc", width), cut=cut, opacity=pale),
    ]


def _ink(outline: str, width: float = 9) -> Json:
    return group(
        path(outline), line=stroke(INK, width), opacity=keys((LIT - 0.3, 0), (LIT + 0.4, 100))
    )


def _words(
    number: int, x: float, y: float, size: float, at: float, lean: float = -4, parent: str = "whale"
) -> Layer:
    come: Keys = keys((at, (0, 0)), (at + 0.45, (100, 100), "back"))
    return Layer(
        name=f"initial-{number + 1}", words="A", ink="#fff9e8", size=size, at=(x, y + size * 0.34),
        scale=come, rotate=lean, born=at, parent=parent,
    )  # fmt: skip


def _eye() -> Layer:
    lid = keys((LIT - 0.1, (100, 6)), (LIT + 0.35, (100, 108), "back"), (7.9, (100, 100)), (8.02, (100, 8)), (8.16, (100, 100)), (9.4, (100, 100)), (9.5, (100, 8)), (9.64, (100, 100)))  # fmt: skip
    return Layer(
        name="eye", at=(282, 312), parent="whale", born=4.9,
        shapes=[
            group(
                group(circle(0, 0, 34), fill="#fff8ea", line=stroke(INK, 9)),
                group(circle(-5, 4, 21), fill=INK),
                group(circle(-13, -6, 8), fill="#ffffff"),
                group(circle(4, 12, 4), fill="#ffffff", opacity=80),
                scale=lid,
            ),
            group(path("M-40 -44C-22 -62 22 -62 42 -42"), line=stroke(INK, 8), opacity=keys((LIT, 0), (LIT + 0.4, 100))),
            group(ellipse((-62, 46), (50, 28)), fill="#ff8f7a", opacity=keys((LIT, 0), (LIT + 0.7, 60))),
        ],
    )  # fmt: skip


def _fluke() -> Layer:
    at = lands(9)
    paper = linear([(0, "#ffc0cc"), (0.5, "#ff7e8e"), (1, "#b2457c")], (1000, 60), (1090, 290))
    return Layer(
        name="tail", parent="whale", anchor=(990, 262), at=(990, 262),
        rotate=sway(0, 9, every=2.6, until=SECONDS, begin=LIT + 0.4),
        shapes=[
            group(path(FLUKE), fill=paper, opacity=keys((at - 0.1, 0), (at + 0.2, 100)), scale=keys((at - 0.1, (70, 70)), (at + 0.5, (100, 100), "back")), anchor=(990, 262), at=(990, 262)),
            group(path("M1004 250C1030 200 1040 150 1042 84M1010 258C1060 220 1100 190 1146 158"), line=stroke("#fff1d2", 5, opacity=70, dash=(10, 12)), cut=trim(0, keys((at + 0.3, 0), (at + 1, 100)))),
            *_chalk(FLUKE, 1.9, 1.1),
            _ink(FLUKE),
        ],
    )  # fmt: skip


def _fin() -> Layer:
    at = lands(10)
    paper = linear([(0, "#aef5ea"), (0.5, "#3fb9c6"), (1, "#2560aa")], (430, 470), (590, 610))
    return Layer(
        name="fin", parent="whale", anchor=(440, 486), at=(440, 486),
        rotate=sway(0, 11, every=2.2, until=SECONDS, begin=LIT + 0.6),
        shapes=[
            group(path(FIN), fill=paper, opacity=keys((at - 0.1, 0), (at + 0.2, 100)), scale=keys((at - 0.1, (60, 60)), (at + 0.5, (100, 100), "back")), anchor=(440, 486), at=(440, 486)),
            group(path("M452 488C500 504 540 536 566 578"), line=stroke("#d4fff5", 5, opacity=75, dash=(10, 11)), opacity=keys((at, 0), (at + 0.4, 100))),
            *_chalk(FIN, 2.3, 0.8, 6),
            _ink(FIN),
        ],
    )  # fmt: skip


def _fountain() -> Layer:
    def ribbon(data: str, paint: str, late: float) -> list[Json]:
        begin = LIT + 0.7 + late
        cut = trim(
            keys((begin + 1.3, 0), (begin + 2.6, 100, "in")),
            keys((begin, 0), (begin + 0.9, 100, "out")),
        )
        return [
            group(path(data), line=stroke(INK, 20), cut=cut),
            group(path(data), line=stroke(paint, 11), cut=cut),
        ]

    return Layer(
        name="fountain", parent="whale", born=LIT + 0.6,
        shapes=[part for ribbon_of in STREAMERS for part in ribbon(*ribbon_of)],
    )  # fmt: skip


def films() -> dict[str, Film]:
    """Return the whale."""
    film = Film(1220, 860, SECONDS, best=6.9)
    film.add(
        Layer(name="whale", at=(10, DOWN)), _fountain(), _fluke(),
        Layer(name="skin", parent="whale", window=BODY, shapes=_skin()),
        Layer(name="light", parent="whale", window=BODY, shapes=_light()),
        Layer(name="lines", parent="whale", shapes=[*_chalk(BODY, 0.7, 2.0), *_chalk(MOUTH, 1.7, 0.8, 6), _ink(BODY), _ink(MOUTH, 8), *_chalk("M248 318C262 336 302 336 316 318", 2.2, 0.4, 6)]),
        _eye(), _fin(),
        *(_words(number, x, y, size, lands(number)) for number, (_, _, x, y, size) in enumerate(SPOTS)),
        _words(9, *FLUKE_SPOT, lands(9), lean=14, parent="tail"), _words(10, *FIN_SPOT, lands(10), lean=22, parent="fin"),
    )  # fmt: skip
    return {"leviathan-parade": film}
