"""The Lottie files are what their scripts draw, small, and without anything from outside."""

import json

import pytest

from tools.gift_art.film import FOLDER, Film, Layer
from tools.gift_art.gallery import films
from tools.gift_art.keys import keys, prop
from tools.gift_art.paths import bezier, curves
from tools.gift_art.shapes import group, path

LARGEST = 200_000
DRAWN = dict(films())


@pytest.mark.parametrize("name", DRAWN)
def test_a_file_is_what_its_script_draws(name: str) -> None:
    written = (FOLDER / f"{name}.json").read_text()
    assert written == DRAWN[name].text(), "Run: python -m tools.gift_art"
    assert len(written.encode()) < LARGEST
    for outside in ("http", "data:", '"x":"', "<"):
        assert outside not in written


def test_there_is_a_script_for_every_file() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(DRAWN)


def test_the_still_frame_lies_within_the_film() -> None:
    for film in DRAWN.values():
        told = json.loads(film.text())
        assert 0 <= told["markers"][0]["tm"] < told["op"]


def test_path_data_becomes_corners_and_handles() -> None:
    assert bezier("M0 0h10v10H0z") == {
        "c": True,
        "v": [[0, 0], [10, 0], [10, 10], [0, 10]],
        "i": [[0, 0]] * 4,
        "o": [[0, 0]] * 4,
    }
    assert [len(curve["v"]) for curve in curves("M0 0l1 1M5 5c1 0 2 1 2 2s1 2 2 2")] == [2, 3]
    half = bezier("M10 10a5 5 0 0110 0")
    assert half["v"] == [[10, 10], [15, 5], [20, 10]]
    assert half["o"][0] == [0, -2.76]


def test_a_value_moves_between_its_keys() -> None:
    moving = prop(keys((0, 0), (1.5, 100, "out"), (2, 7, "hold")))
    assert [moment["t"] for moment in moving["k"]] == [0, 45, 60]
    assert moving["k"][1]["h"] == 1
    assert prop((1 / 3, 2)) == {"a": 0, "k": [0.33, 2]}


def test_what_comes_later_covers_what_was_there() -> None:
    film = Film(10, 10, 1, best=0)
    film.add(
        Layer(name="under"), Layer(name="over", shapes=[group(path("M0 0h1"), fill="#ffffff")])
    )
    assert [layer["nm"] for layer in film.told()["layers"]] == ["over", "under"]
