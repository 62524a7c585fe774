"""Sky Orchard: islands that float, each with a tree that blossoms and bears glowing fruit."""

import random
from dataclasses import dataclass

from tools.gift_art.film import Film, Layer
from tools.gift_art.keys import Json, keys
from tools.gift_art.plants import INK, bloom, cloud, fruit, leaves, pop
from tools.gift_art.shapes import circle, ellipse, group, linear, path, stroke, trim

SECONDS = 10.0
LIT = 6.1

CROWN = (
    (190, 300, 84),
    (412, 296, 86),
    (250, 226, 92),
    (356, 214, 96),
    (300, 160, 88),
    (302, 290, 104),
)
SMALL_CROWN = ((214, 318, 76), (390, 316, 78), (302, 246, 98), (300, 322, 84))


@dataclass(frozen=True)
class Tree:
    """One kind of tree: its leaves, its blossom, when it starts to grow."""

    leaf: tuple[str, str, str]
    blossom: tuple[str, str]
    crown: tuple[tuple[float, float, float], ...]
    starts: float
    fruits: int
    water: bool = False


TREES = {
    "great": Tree(
        ("#e0fbb0", "#52cf86", "#147a80"), ("#fff3f6", "#ffc95a"), CROWN, 1.3, 11, water=True
    ),
    "rose": Tree(("#ffe3e6", "#ee7a9c", "#80358c"), ("#fff8ea", "#ffb648"), SMALL_CROWN, 1.9, 7),
    "jade": Tree(("#c8fff0", "#3fc3b8", "#1e5c96"), ("#ffe6f0", "#ffd06a"), SMALL_CROWN, 2.4, 7),
}

ROCK = "M96 560C104 540 200 530 300 530S496 540 504 560C510 578 478 590 452 596C446 622 410 626 384 634C372 664 344 690 312 726C304 734 296 734 290 726C280 704 262 690 254 668C226 660 218 640 200 630C168 628 152 612 146 596C118 590 90 578 96 560Z"
GRASS = "M90 562C92 538 190 524 300 524S508 538 510 562C500 574 484 566 470 580C456 592 446 570 428 580C410 592 400 574 380 586C362 596 352 574 332 584C314 594 300 576 280 586C260 594 250 572 230 582C212 592 204 572 186 582C168 592 156 570 140 578C122 582 100 576 90 562Z"
TRUNK = "M262 560C280 520 276 470 262 420C250 380 226 350 204 330L222 316C246 334 266 356 280 382C284 340 284 300 280 262H312C312 300 314 340 318 372C334 346 356 326 384 312L398 332C364 352 342 384 334 424C328 470 330 520 346 560C330 552 318 554 304 562C292 552 276 552 262 560Z"


def _island(tree: Tree) -> list[Json]:
    earth = linear([(0, "#e8ad80"), (0.4, "#96597a"), (1, "#3b2a70")], (220, 540), (330, 730))
    turf = linear([(0, "#e6ffb0"), (0.35, "#74d68c"), (1, "#1d8a80")], (240, 520), (330, 600))
    drawn = [
        group(path(ROCK), fill=earth, line=stroke(INK, 8)),
        group(
            path("M470 592C440 640 390 640 350 684C336 700 322 716 304 728C300 700 330 660 366 634C400 626 440 622 452 596Z"),
            fill="#35215f", opacity=45,
        ),
        group(path("M176 604q14 10 34 12M214 640q14 4 22 14M262 676q10 12 22 16M300 620q18 8 34 4"), line=stroke("#ffd3a6", 6, opacity=70)),
        group(path("M210 606l18 22M404 604l-26 18M330 668l-20 26"), line=stroke("#35215f", 5, opacity=55)),
    ]  # fmt: skip
    if tree.water:
        drawn += [
            group(path("M420 566C446 590 452 640 448 724C440 752 420 752 414 724C420 660 410 600 396 570Z"), fill=linear([(0, "#d8fbff"), (0.6, "#8fe6ff"), (1, "#8fe6ff", 0)], (420, 560), (430, 745))),
            group(path("M418 586C430 630 434 680 430 736"), line=stroke("#ffffff", 5, opacity=85, dash=(26, 30), shift=keys((0, 0), (SECONDS, -1200, "linear")))),
            group(path("M436 600C442 650 444 690 442 730"), line=stroke("#ffffff", 4, opacity=60, dash=(18, 44), shift=keys((0, 20), (SECONDS, -1500, "linear")))),
        ]  # fmt: skip
    drawn += [
        group(path(GRASS), fill=turf, line=stroke(INK, 8)),
        group(path("M112 556C140 540 220 532 300 532C240 538 190 546 160 560C140 566 120 566 112 556Z"), fill="#f2ffd0", opacity=75),
        group(path("M392 552q8 -12 20 -12M420 560q6 -10 16 -12M150 556q4 -12 -2 -18M176 552q2 -10 10 -14"), line=stroke("#1d8a80", 5)),
    ]  # fmt: skip
    return drawn


def _trunk(tree: Tree) -> Layer:
    at = tree.starts
    bark = linear([(0, "#d9946a"), (0.5, "#96566a"), (1, "#54326e")], (250, 300), (350, 560))
    return Layer(
        name="trunk", anchor=(304, 560), at=(304, 560),
        scale=keys((at - 0.3, (20, 0)), (at + 0.9, (100, 100), "back")),
        shapes=[
            group(path(TRUNK), fill=bark, line=stroke(INK, 8)),
            group(path("M288 540C298 490 296 440 290 400M320 540C312 500 312 460 316 430"), line=stroke("#ffcf9e", 5, opacity=65), cut=trim(0, keys((at + 0.5, 0), (at + 1.4, 100, "out")))),
        ],
    )  # fmt: skip


def _crown(tree: Tree, chance: random.Random) -> list[Layer]:
    balls = [
        (x, y, radius, tree.starts + 0.7 + number * 0.16)
        for number, (x, y, radius) in enumerate(tree.crown)
    ]
    edge = [
        group(path(cloud(0, 0, radius)), fill=INK, line=stroke(INK, 16), at=(x, y), scale=pop(at))
        for x, y, radius, at in balls
    ]
    body = []
    for x, y, radius, at in balls:
        flecks = "".join(
            f"M{chance.uniform(-0.6, 0.5) * radius:.0f} {chance.uniform(-0.5, 0.6) * radius:.0f}q8 -11 18 -3"
            for _ in range(4)
        )
        shine = f"M{-radius * 0.66:.0f} {-radius * 0.2:.0f}C{-radius * 0.6:.0f} {-radius * 0.62:.0f} {-radius * 0.3:.0f} {-radius * 0.84:.0f} {radius * 0.08:.0f} {-radius * 0.86:.0f}"
        body.append(
            group(
                group(path(cloud(0, 0, radius)), fill=leaves(*tree.leaf, radius)),
                group(path(flecks), line=stroke(tree.leaf[2], 5, opacity=40)),
                group(path(shine), line=stroke("#ffffff", 8, opacity=50)),
                at=(x, y), scale=pop(at),
            )
        )  # fmt: skip
    return [
        Layer(name=name, anchor=(304, 400), at=(304, 400), shapes=shapes)
        for name, shapes in (("edge", edge), ("leaves", body))
    ]


def _harvest(tree: Tree, chance: random.Random) -> Layer:
    spots: list[tuple[float, float]] = []
    while len(spots) < tree.fruits:
        x, y, radius = chance.choice(tree.crown)
        spot = (x + chance.uniform(-0.7, 0.7) * radius, y + chance.uniform(-0.6, 0.75) * radius)
        if all((spot[0] - a) ** 2 + (spot[1] - b) ** 2 > 66**2 for a, b in spots):
            spots.append(spot)
    spots.sort()
    grown = []
    for number, (x, y) in enumerate(spots):
        opens, ripens = tree.starts + 1.9 + chance.random() * 0.8, 4.3 + chance.random() * 0.8
        grown += [
            bloom(x, y, 22, at=opens, gone=ripens - 0.1, inks=tree.blossom),
            fruit(x, y + 4, 17, at=ripens, lit=LIT + number * 0.07),
        ]
    for _ in range(tree.fruits):
        middle, level, radius = chance.choice(tree.crown)
        x = middle + chance.uniform(-0.8, 0.8) * radius
        y = level + chance.uniform(-0.8, 0.6) * radius
        grown.insert(
            0, bloom(x, y, 14, at=tree.starts + 2 + chance.random(), gone=99, inks=tree.blossom)
        )
    return Layer(name="harvest", anchor=(304, 400), at=(304, 400), shapes=grown)


def _film(name: str, tree: Tree) -> Film:
    chance = random.Random(name)  # drawn the same every time
    film = Film(600, 780, SECONDS, best=7.0)
    film.add(Layer(name="island", shapes=_island(tree)), _trunk(tree), *_crown(tree, chance))
    # Layers turn about the trunk: what is anchored there is drawn where it stands.
    film.add(_harvest(tree, chance))
    if tree.water:
        film.add(_hive())
    return film


def _hive() -> Layer:
    """A hive under the great tree, so that bees live there."""
    straw = linear([(0, "#fff0b8"), (0.5, "#ffc95a"), (1, "#c8743a")], (170, 486), (216, 552))
    return Layer(
        name="hive", anchor=(192, 552), at=(192, 552), scale=pop(2.6),
        shapes=[
            group(path("M158 552C150 540 156 530 160 526C154 516 160 506 166 504C166 494 176 486 192 486S218 494 218 504C224 506 230 516 224 526C228 530 234 540 226 552Z"), fill=straw, line=stroke(INK, 7)),
            group(path("M162 527C180 533 204 533 222 527M168 505C182 510 202 510 216 505"), line=stroke("#a85a34", 4)),
            group(ellipse((192, 542), (20, 18)), fill=INK),
            group(circle(0, 0, 4), fill="#ffe08a", at=keys((3, (192, 540)), (3.8, (240, 500), "sine"), (4.8, (160, 470), "sine"), (6, (236, 450), "sine"), (7.4, (150, 500), "sine"), (9, (192, 540), "sine")), opacity=keys((3, 0), (3.3, 100))),
        ],
    )  # fmt: skip


def films() -> dict[str, Film]:
    """Return an island with its tree, of three kinds."""
    return {f"sky-orchard-{name}": _film(name, tree) for name, tree in TREES.items()}
