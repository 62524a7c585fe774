"""Clockwork Fox at a gallop: key and gear turn, the tail flows. It runs on the spot; the page moves it."""

import math

from tools.gift_art.film import Film, Layer
from tools.gift_art.keys import Key, Keys
from tools.gift_art.shapes import Gradient, circle, group, linear, path, stroke

INK = "#14264a"
STRIDE = 0.4  # seconds of one leap
LENGTH = 2 * STRIDE

FUR = ((0.0, "#ffc46b"), (0.4, "#ff8344"), (1.0, "#b83252"))
BRASS = ((0.0, "#fff2b8"), (0.5, "#ffb648"), (1.0, "#a8562c"))
CREAM = ((0.0, "#fffaf0"), (1.0, "#f2c9a8"))
RIM = (
    (0.08, "#fff3c8", 1.0),
    (0.42, "#fff3c8", 0.0),
    (0.62, "#b18cff", 0.0),
    (0.95, "#c4a8ff", 1.0),
)

TAIL = "M70 100C52 118 14 116 4 88C-3 68 8 52 10 34C22 44 34 54 48 60C64 68 76 84 70 100z"
TIP = "M4 88C-3 68 8 52 10 34C17 40 24 46 32 51L30 60L21 61L20 71L11 74L10 84z"
BODY = "M58 82C64 64 92 60 120 63C146 62 170 66 174 84C177 104 158 114 134 113C104 115 70 122 58 104C54 97 55 89 58 82z"
BELLY = "M66 108C90 104 128 104 160 96C156 108 146 113 134 113C110 114 82 119 66 108z"
HEAD = (
    "M14 8c12 2 20 8 26 16 8-2 16-2 24 0 6-8 14-14 26-16 3 14 2 26-2 36 4 5 7 11 9 18-8 4-12 5-15 8"
    "-6 9-16 16-30 16s-24-7-30-16c-3-3-7-4-15-8 2-7 5-13 9-18-4-10-5-22-2-36z"
)
GEAR = (
    "M-2.5-13h5l1 4 3 1.2 3.6-2 3.5 3.5-2 3.6 1.2 3 4 1v5l-4 1-1.2 3 2 3.6-3.5 3.5-3.6-2-3 1.2-1 4"
    "h-5l-1-4-3-1.2-3.6 2-3.5-3.5 2-3.6-1.2-3-4-1v-5l4-1 1.2-3-2-3.6 3.5-3.5 3.6 2 3-1.2z"
)
KEY = (
    "M0 8c-4-2-5-6-4-9-6 4-18 2-18-9s12-14 22-5c10-9 22-6 22 5s-12 13-18 9c1 3 0 7-4 9z"
    "M-6-8c-3-5-9-6-10-2s6 6 10 2zM6-8c3-5 9-6 10-2s-6 6-10 2z"
)


def fur(left: float, top: float, right: float, bottom: float) -> Gradient:
    """Return the fur's light over a part of this size."""
    return linear(FUR, (left, top), (right, bottom))


def round_and_round(reach: float, *, phase: float = 0, middle: float = 0) -> Keys:
    """Return a swing of one stride, there and back twice."""
    moments = []
    for step in range(17):
        at = LENGTH * step / 16
        value = middle + reach * math.sin(2 * math.pi * (at / STRIDE + phase))
        moments.append(Key(at, round(value, 1), "linear"))
    return tuple(moments)


def tail() -> Layer:
    """Return the tail; it sways about its root."""
    shapes = [
        group(path(TAIL), fill=INK, line=stroke(INK, 9)),
        group(path(TAIL), fill=fur(10, 40, 70, 112)),
        group(
            path("M70 100C52 118 14 116 4 88C20 104 48 102 66 84C72 90 73 95 70 100z"),
            fill="#8f1f4f",
            fill_opacity=45,
        ),
        group(path(TIP), fill=linear(CREAM, (4, 34), (30, 84))),
        group(path("M14 46C8 60 4 72 9 88"), line=stroke("#fff3c8", 3.4, opacity=80)),
    ]
    return Layer(
        name="tail",
        parent="fox",
        shapes=shapes,
        at=(66, 94),
        anchor=(66, 94),
        rotate=round_and_round(11, phase=0.15, middle=6),
    )


def leg(name: str, hip: tuple[float, float], phase: float, *, far: bool, hind: bool) -> list[Layer]:
    """Return a leg of two parts: thigh from the hip, shin with its boot from the knee."""
    paint: str | Gradient = "#a8384f" if far else fur(-12, -10, 14, 34)
    wide = 13.0 if hind else 10.5
    thigh = f"M{-wide} -4C{-wide} -14 {wide} -14 {wide} -4C{wide} 8 7 18 6 26H-6C-7 18 {-wide} 8 {-wide} -4z"
    boot = "M-7 8C-8 16 -9 20 -9 25H13C14 18 9 14 6.5 12L6 8z"
    upper = [group(path(thigh), fill=INK, line=stroke(INK, 8)), group(path(thigh), fill=paint)]
    lower = [
        group(path("M-5.5 -4H5.5L5 12H-6z"), fill=INK, line=stroke(INK, 8)),
        group(path(boot), fill=INK, line=stroke(INK, 8)),
        group(path("M-5.5 -4H5.5L5 12H-6z"), fill=paint),
        group(path(boot), fill="#431035" if far else "#5c1740"),
        group(path("M-3 19c2-2 5-3 8-2"), line=stroke("#c4618a", 2.2)),
        group(circle(0, -1, 4.4), fill="#c98a3e" if far else "#ffc860", line=stroke(INK, 2.6)),
    ]
    fold = round_and_round(34, phase=phase + 0.3, middle=30 if hind else -30)
    return [
        Layer(
            name=name,
            parent="fox",
            shapes=upper,
            at=hip,
            rotate=round_and_round(44, phase=phase, middle=6 if hind else -4),
        ),
        Layer(name=f"{name}-shin", parent=name, shapes=lower, at=(0, 24), rotate=fold),
    ]


def body() -> Layer:
    """Return the body with the cogwheel that turns in its side."""
    teeth = [
        group(circle(0, 0, 17), fill="#3a1640", line=stroke(INK, 4.6)),
        group(path(GEAR), fill=linear(BRASS, (-13, -13), (13, 13)), at=(0, 0), anchor=(0, -0.5), scale=(84, 84),
              rotate=(Key(0, 0), Key(LENGTH, 180, "linear"))),
        group(circle(0, 0, 4.6), fill="#3a1640"),
        group(circle(0, 0, 17.6), line=stroke("#ffd27a", 2.8)),
    ]  # fmt: skip
    shapes = [
        group(path(BODY), fill=INK, line=stroke(INK, 9)),
        group(path(BODY), fill=fur(80, 56, 150, 124)),
        group(
            path("M58 104C70 122 104 115 134 113C158 114 177 104 174 84C160 104 96 110 58 98z"),
            fill="#8f1f4f",
            fill_opacity=38,
        ),
        group(path(BELLY), fill=linear(CREAM, (66, 100), (160, 116))),
        group(path("M64 80C74 69 96 66 122 68"), line=stroke("#fff3c8", 3.6, opacity=85)),
        group(path("M170 78C173 92 166 104 154 108"), line=stroke("#c4a8ff", 3, opacity=80)),
        group(*teeth, at=(108, 88)),
    ]
    return Layer(name="body", parent="fox", shapes=shapes)


def key() -> Layer:
    """The key in its back: it turns about its stem, so that it grows thin and wide again."""
    wide = []
    for step in range(17):
        turn = math.cos(2 * math.pi * step / 16)
        wide.append(Key(LENGTH * step / 16, (round(100 * turn, 1), 100), "linear"))
    shapes = [
        group(path(KEY), fill=linear(BRASS, (-20, -24), (20, 8)), line=stroke(INK, 4.4)),
    ]
    stem = [
        group(path("M0 6V24"), line=stroke(INK, 10)),
        group(path("M0 4V24"), line=stroke("#ffb648", 4.6)),
        group(shapes[0], scale=tuple(wide)),
    ]
    return Layer(name="key", parent="fox", shapes=stem, at=(92, 42), rotate=-14)


def head() -> Layer:
    """Return the head, as on the gift's tile."""
    eye = [
        group(circle(0, 0, 10), fill=linear(BRASS, (-9, -9), (9, 9)), line=stroke(INK, 3)),
        group(circle(0, 0, 6.6), fill="#12384f"),
        group(circle(0.8, 0, 4.4), fill="#4cc9c0"),
        group(circle(1.2, 0, 2.4), fill="#0b2038"),
        group(circle(-1.6, -2, 1.7), fill="#ffffff"),
    ]
    mask = (
        "M7 62C16 59 24 60 31 62C39 65 45 66 52 56C59 66 65 65 73 62C80 60 88 59 97 62"
        "C89 66 85 67 82 70C76 79 66 86 52 86S28 79 22 70C19 67 15 66 7 62z"
    )
    shapes = [
        group(path(HEAD), fill=INK, line=stroke(INK, 8)),
        group(path(HEAD), fill=fur(14, 8, 84, 86)),
        group(
            path(
                "M88 44c2 4 7 11 9 18-8 4-12 5-15 8-6 9-16 16-30 16l4-10c14-2 24-9 28-18 3-5 4-9 4-14z"
            ),
            fill="#a8284f",
            fill_opacity=38,
        ),
        group(
            path(
                "M20 15c7 2 11 6 14 11-4 3-7 6-9 11-4-7-5-14-5-22zM84 15c-7 2-11 6-14 11 4 3 7 6 9 11 4-7 5-14 5-22z"
            ),
            fill="#5c1740",
        ),
        group(path(mask), fill=linear(CREAM, (20, 56), (70, 92))),
        group(path("M52 26v20"), line=stroke("#8c2f3f", 1.8)),
        group(
            circle(45, 31, 2.6), circle(59, 31, 2.6), fill="#ffc860", line=stroke("#8c2f3f", 1.4)
        ),
        group(path(HEAD), line=stroke(linear(RIM, (6, 6), (98, 88)), 3.4)),
        group(*eye, at=(34, 51)),
        group(
            path("M63 52c3-5 11-5 14 0M25 38c4-3 9-3 13-1M63 42c4-3 9-3 13 0"),
            line=stroke(INK, 4.4),
        ),
        group(path("M45 68c3-2 11-2 14 0 1 4-3 7-7 7s-8-3-7-7z"), fill=INK),
        group(path("M48 69c2-1 4-1 5 0-1 1-4 2-5 0z"), fill="#ffffff", fill_opacity=70),
        group(path("M52 75v3c-3 4-8 4-11 1M52 78c3 4 9 4 13-1"), line=stroke(INK, 3.2)),
    ]
    return Layer(
        name="head",
        parent="fox",
        shapes=shapes,
        at=(172, 62),
        anchor=(52, 52),
        scale=(88, 88),
        rotate=round_and_round(5, phase=0.4, middle=5),
    )


def films() -> dict[str, Film]:
    """Return the galloping fox; two leaps, one turn of the key."""
    film = Film(240, 170, LENGTH, 0.1)
    film.add(
        Layer(
            name="fox",
            at=tuple(
                Key(LENGTH * step / 16, (0, round(-7 * math.sin(math.pi * step / 4), 1)), "linear")
                for step in range(17)
            ),
        ),
        tail(),
        *leg("far-hind", (84, 100), 0.12, far=True, hind=True),
        *leg("far-fore", (156, 100), 0.62, far=True, hind=False),
        key(),
        body(),
        *leg("near-hind", (74, 102), 0.0, far=False, hind=True),
        *leg("near-fore", (148, 102), 0.5, far=False, hind=False),
        head(),
    )
    return {"clockwork-fox": film}
