import pytest

from tools.gift_art.scenery.__main__ import FOLDER, SCENES

DRAWN = {name: text for draw in SCENES for name, text in draw().items()}


@pytest.mark.parametrize("name", DRAWN)
def test_a_piece_is_what_its_script_draws(name: str) -> None:
    written = (FOLDER / f"{name}.svg").read_text()
    assert written == DRAWN[name], "Run: python -m tools.gift_art.scenery"
