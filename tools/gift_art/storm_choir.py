"""The three voices of Storm Choir: each cloud breathes in, sings its note, joins the chord, and bows.

Light grows and fades inside the clouds over half a second and more; nothing flickers.
"""

from dataclasses import dataclass

from tools.gift_art.film import Film, Layer
from tools.gift_art.keys import Key, Keys, Value, keys
from tools.gift_art.shapes import Gradient, ellipse, group, linear, path, radial, stroke

INK = "#14264a"
LENGTH = 6.0
CHORD = (3.0, 4.85)  # all three together
BOW = 5.05

CLOUD = (
    "M-28 22c-12 0-17-8-15-16 2-7 8-10 14-9-2-11 6-19 15-19 3-8 11-12 19-10 6 1 10 5 12 10 9-2 17 5 15 15 "
    "8-1 13 4 13 12 0 10-7 17-17 17z"
)
SHADE = "M45 5c-2 10-11 9-19 5-6 6-16 6-22 0-6 7-16 6-22 0-8 5-18 4-25-2 0 8 5 14 15 14h56c9 0 16-7 17-17z"
TIE = "M0 0l-9-5v10zM0 0l9-5v10z"
SHUT = "M-7 8C-4 11 4 11 7 8C5 12 2 13 0 13S-5 12 -7 8z"
OPEN = "M-7 5C-6 0 6 0 7 5C8 13 4 19 0 19S-8 13 -7 5z"
WIDE = "M-9 4C-8 -2 8 -2 9 4C10 14 5 21 0 21S-10 14 -9 4z"
BOLT = "M3 0L14 -3L10 8L19 6L2 31L6 15L-3 17z"


@dataclass(frozen=True)
class Voice:
    """One singer: its light, its tie, when it sings alone."""

    stops: tuple[str, str, str]
    tie: str
    solo: tuple[float, float]
    breath: float  # how far it swells


VOICES = {
    "storm-choir": Voice(("#b9c8ff", "#6f86e0", "#3a3fa8"), "#ffb648", (0.95, 1.6), 7),
    "storm-choir-alto": Voice(("#c2fff2", "#55b9c9", "#256a9e"), "#ff5d5d", (1.6, 2.2), 8),
    "storm-choir-soprano": Voice(("#ffe3ea", "#e29ad4", "#8a55c0"), "#4cc9c0", (2.2, 2.85), 9),
}


def shaded(voice: Voice) -> Gradient:
    """Return the light on a cloud."""
    return linear(tuple(zip((0, 0.5, 1), voice.stops, strict=True)), (-18, -34), (8, 24))


def singing(shut: Value, alone: Value, together: Value, voice: Voice, *, lead: float = 0.0) -> Keys:
    """Return a value that is `shut` but for the solo and the chord."""
    (a, b), (c, d) = voice.solo, CHORD
    moments = [
        Key(0, shut), Key(a - 0.12 - lead, shut), Key(a + 0.1, alone, "back"), Key(b - 0.14, alone),
        Key(b + 0.06, shut, "soft"), Key(max(b + 0.07, c - 0.14 - lead), shut),
        Key(c + 0.12, together, "back"), Key(d - 0.2, together), Key(d + 0.05, shut, "soft"),
    ]  # fmt: skip
    return tuple(moments)


def breathing(voice: Voice) -> Keys:
    """Return the body's swelling: in before a note, tall while it sounds, low for the bow."""
    (a, b), (c, d), up = voice.solo, CHORD, voice.breath
    calm, deep, tall = (100, 100), (100 + up, 100 - up), (100 - up * 0.6, 100 + up)
    moments = [
        (0, calm),
        (a - 0.3, calm, "sine"),
        (a - 0.05, deep, "sine"),
        (a + 0.16, tall, "back"),
    ]
    moments += [(b - 0.1, (100 - up * 0.4, 100 + up * 0.8), "sine"), (b + 0.16, calm, "back")]
    if c - 0.3 > b + 0.18:
        moments.append((c - 0.3, calm, "sine"))
    moments += [(c - 0.03, deep, "sine"), (c + 0.2, tall, "back")]
    at, turn = c + 0.36, 1
    while at < d - 0.2:  # the held note trembles
        moments.append((at, (100 - up * (0.6 - 0.25 * turn), 100 + up * (1 - 0.25 * turn)), "sine"))
        at, turn = at + 0.17, -turn
    moments += [
        (d + 0.1, calm, "back"),
        (BOW + 0.1, (112, 84), "sine"),
        (BOW + 0.38, (112, 84), "sine"),
        (BOW + 0.66, calm, "back"),
    ]
    return keys(*moments)  # type: ignore[arg-type]


def light(voice: Voice, alone: float, together: float) -> Keys:
    """Return a glow that rises with the note within half a second and fades in longer."""
    (a, b), (c, d) = voice.solo, CHORD
    fall = min(b + 0.55, c - 0.08)
    return keys((0, 0), (a - 0.05, 0), (a + 0.5, alone, "sine"), (fall, 8, "sine"), (c + 0.65, together, "sine"), (d - 0.4, together), (d + 0.6, 0, "sine"))  # fmt: skip


def cloud(voice: Voice, halo: str) -> list[Layer]:
    """Return a singer's layers; `halo` is the light inside it."""
    bolt = [
        group(
            path(BOLT),
            fill="#ffc65a",
            line=stroke("#8c2148", 2.4),
            at=(x, 20),
            scale=(turn * 62, 62),
            rotate=lean,
        )
        for x, turn, lean in ((-20, -1, 6), (22, 1, -6))
    ]
    bolts = group(
        *bolt,
        opacity=light(voice, 0, 100),
        anchor=(0, 20),
        at=(0, 20),
        scale=keys(
            (0, (80, 20)),
            (CHORD[0], (80, 20)),
            (CHORD[0] + 0.5, (100, 100), "back"),
            (CHORD[1], (100, 100)),
            (CHORD[1] + 0.5, (90, 30), "in"),
        ),
    )
    body = [
        group(path(CLOUD), fill=INK, line=stroke(INK, 7)),
        group(path(CLOUD), fill=shaded(voice)),
        group(
            path(CLOUD),
            fill=radial(((0, "#fffbe0", 0.95), (0.45, halo, 0.7), (1, halo, 0.0)), (0, 6), 44),
            opacity=light(voice, 45, 80),
        ),
        group(path(SHADE), fill="#2a2380", fill_opacity=36),
        group(
            path("M-23-6c0-6 4-10 10-10M-7-20c2-4 5-5 9-5"), line=stroke("#ffffff", 4, opacity=80)
        ),
        group(path("M28 22c10 0 16-6 17-15"), line=stroke("#7df0e4", 2.6, opacity=85)),
        group(
            path("M-41 4c2-6 7-8 12-7M-28-10c1-7 7-12 13-12"),
            line=stroke("#ffe2a6", 1.8, opacity=60),
        ),
    ]
    lids = "M-19-3c2-4 8-4 10 0M9-3c2-4 8-4 10 0"
    face = [
        group(path(lids), line=stroke(INK, 3.4), at=singing((0, 1), (0, -2), (0, -3.4), voice)),
        group(
            path("M-20 -9c3-2 7-3 10-1M20 -9c-3-2-7-3-10-1"),
            line=stroke(INK, 2.2),
            at=singing((0, 3), (0, -3), (0, -5), voice),
            opacity=singing(0, 100, 100, voice),
        ),
        group(path(singing(SHUT, OPEN, WIDE, voice)), fill="#4a123f", line=stroke(INK, 3)),
        group(
            ellipse((0, 15.5), (8, 6)),
            fill="#ff8f8f",
            scale=singing((30, 0), (100, 100), (120, 110), voice),
            anchor=(0, 17),
            at=(0, 17),
        ),
        group(
            ellipse((-17, 5), (9.2, 6)),
            ellipse((17, 5), (9.2, 6)),
            fill="#ff8a9a",
            opacity=singing(62, 95, 100, voice),
        ),
    ]
    tie = group(path(TIE), fill=voice.tie, line=stroke(INK, 2.2), at=(0, 25), scale=(140, 140))
    return [
        Layer(
            name="whole",
            at=(90, 88),
            anchor=(0, 22),
            scale=breathing(voice),
            shapes=[bolts, *body, *face, tie],
        ),
    ]


def films() -> dict[str, Film]:
    """Return the three voices."""
    halos = {
        "storm-choir": "#d9d4ff",
        "storm-choir-alto": "#aefbe8",
        "storm-choir-soprano": "#ffd0ec",
    }
    made = {}
    for name, voice in VOICES.items():
        film = Film(180, 140, LENGTH, 3.9)
        film.add(*cloud(voice, halos[name]))
        made[name] = film
    return made
