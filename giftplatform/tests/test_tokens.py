"""Everybody can read our colours: 4.5:1 for words, 3:1 for the edges of controls (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parent.parent / "static" / "css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);")
MORNING, NIGHT = 0, 1

SHEET = (CSS / "tokens.css").read_text()
TOKENS: dict[str, tuple[str, str]] = {
    name: (day, night) for name, day, night in PAIR.findall(SHEET)
}

# Solid colours lie under nothing; "-text" colours also lie on a tint of their own over any ground.
WORDS = ("foam", "mist", "lantern-text", "coral-text", "tide-text", "iris-text")
GROUNDS = ("water", "deck")
SOLID = (
    ("lantern-ink", "lantern"),
    ("lantern-ink", "lantern-press"),
    ("coral-ink", "coral"),
    ("coral-ink", "coral-press"),
)
TINTS = {
    "foam": ("foam", 11),
    "mist": ("foam", 6),
    "lantern-text": ("coin", 15),
    "coral-text": ("coral", 12),
    "tide-text": ("tide", 12),
    "iris-text": ("iris", 13),
}
THEMES = pytest.mark.parametrize("theme", [MORNING, NIGHT], ids=["morning", "night"])


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: tuple[int, int, int]) -> float:
    """Return the relative luminance as WCAG defines it, 0 to 1."""
    red, green, blue = (
        c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def over(top: str, percent: int, ground: str) -> tuple[int, int, int]:
    """Return the colour that one sees where a share of `top` lies over `ground`."""
    mixed = [
        round((a * percent + b * (100 - percent)) / 100)
        for a, b in zip(channels(top), channels(ground), strict=True)
    ]
    return mixed[0], mixed[1], mixed[2]


def of(name: str, theme: int) -> str:
    return TOKENS[name][theme]


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("word", WORDS)
def test_words_can_be_read_on_every_ground_and_tint(word: str, ground: str, theme: int) -> None:
    tint, percent = TINTS[word]
    assert contrast(channels(of(word, theme)), channels(of(ground, theme))) >= 4.5
    tinted = over(of(tint, theme), percent, of(ground, theme))
    assert contrast(channels(of(word, theme)), tinted) >= 4.5


@THEMES
@pytest.mark.parametrize(("ink", "solid"), SOLID)
def test_words_can_be_read_on_solid_buttons(ink: str, solid: str, theme: int) -> None:
    assert contrast(channels(of(ink, theme)), channels(of(solid, theme))) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", ["water", "deck"])
@pytest.mark.parametrize("edge", ["rail-strong", "lantern", "coral", "tide"])
def test_edges_of_controls_can_be_seen(edge: str, ground: str, theme: int) -> None:
    assert contrast(channels(of(edge, theme)), channels(of(ground, theme))) >= 3


def test_tints_are_as_strong_as_this_file_believes() -> None:
    for word, (colour, percent) in TINTS.items():
        if word.endswith("-text"):
            name = word.removesuffix("-text") + "-tint"
            assert (
                f"--{name}: color-mix(in srgb, var(--{colour}) {percent}%, transparent);" in SHEET
            )


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda sheet: sheet.name)
def test_colours_have_names(sheet: Path) -> None:
    """A colour by its number stands in tokens.css, on paper, or where tokens.css is not loaded."""
    if sheet.name in {"tokens.css", "print.css", "staff.css"}:
        return
    found = re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"url\([^)]*\)", "", sheet.read_text()))
    assert set(found) <= {"#fff"}
