"""Write every Lottie file of the gifts again: `python -m tools.gift_art [slug ...]`."""

import sys

from tools.gift_art.film import FOLDER
from tools.gift_art.gallery import films

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, film in films(*sys.argv[1:]):
        text = film.text()
        (FOLDER / f"{name}.json").write_text(text)
        sys.stdout.write(f"{name}.json {len(text.encode()) // 1000} KB\n")
