"""Write every piece of scenery again: `python -m tools.gift_art.scenery`.

Pieces that move apart are files of their own, so that each is painted once and then only moved.
"""

from pathlib import Path

from tools.gift_art.scenery.dragons import dragons
from tools.gift_art.scenery.fox import brass
from tools.gift_art.scenery.harbour import harbour
from tools.gift_art.scenery.lighthouse import lighthouse
from tools.gift_art.scenery.market import market
from tools.gift_art.scenery.tide import tide

FOLDER = Path(__file__).resolve().parents[3] / "gifts" / "static" / "gifts" / "scenery"

SCENES = (tide, brass, market, harbour, lighthouse, dragons)

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for draw in SCENES:
        for name, text in draw().items():
            (FOLDER / f"{name}.svg").write_text(text)
