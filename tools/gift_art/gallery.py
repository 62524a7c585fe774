"""All films of the gifts: each module `tools/gift_art/<slug>.py` with a function `films`."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from tools.gift_art.film import Film

SLUGS = sorted(
    path.stem.replace("_", "-")
    for path in Path(__file__).parent.glob("*.py")
    if "def films(" in path.read_text() and path.stem != "gallery"
)


def films(*slugs: str) -> Iterator[tuple[str, Film]]:
    """Yield (file name, film) of every gift, or of these, in order."""
    for slug in slugs or SLUGS:
        module = importlib.import_module(f"tools.gift_art.{slug.replace('-', '_')}")
        drawn: dict[str, Film] = module.films()
        yield from drawn.items()
