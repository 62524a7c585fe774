"""The icons of the staff site as a small font: `python -m giftplatform.staff.icons` makes it again.

The theme loads a font of 3,800 icons, 285 KB, wherever one is shown. Ours has the same address and
name, so that Django serves it instead, and holds the icons that the theme's templates, ours and
the sidebar name. It needs fonttools and brotli, which the site has; a test compares what is used
with the list beside the font.
"""

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import unfold

from giftplatform.staff.theme import UNFOLD

ROOT = Path(__file__).parents[2]
THEME = Path(unfold.__file__).parent
FOLDER = "unfold/fonts/material-symbols"
FONT = "Material-Symbols-Outlined.woff2"
WHOLE = THEME / "static" / FOLDER / FONT
OURS = ROOT / "giftplatform" / "static" / FOLDER / FONT
LIST = OURS.with_name("icons.txt")

ELEMENT = re.compile(r"<span\b[^>]*material-symbols-outlined[^>]*>(.*?)</span>", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<.*", re.DOTALL)  # a span in it holds words, not a name
NAMED = re.compile(r"""\bicon=["']([a-z0-9_]+)["']""")
SWITCHED = re.compile(r"""material-symbols-outlined[^>]*x-text="([^"]+)\"""")
WORD = re.compile(r"[a-z][a-z0-9_]+")
IN_STYLES = re.compile(r'content:\s*"([a-z][a-z_]+)"')
# Packages of the theme that this site does not use.
LEFT_OUT = ("contrib/forms/", "contrib/guardian/", "contrib/import_export/")


def used() -> set[str]:
    """Return the names of all icons that a staff page can show."""
    styles = (THEME / "static/unfold/css/styles.css").read_text()
    return {*IN_STYLES.findall(styles), *_in_templates(), *_in_settings()}


def listed() -> tuple[str, set[str]]:
    """Return the SHA-256 of the font and the icons in it, as they were when it was made."""
    digest, *names = LIST.read_text().split()
    return digest, set(names)


def _in_templates() -> Iterator[str]:
    theirs = [*THEME.rglob("*.html"), *THEME.rglob("*.py")]
    for file in [*theirs, *(ROOT / "templates").rglob("*.html")]:
        if any(part in file.as_posix() for part in LEFT_OUT):
            continue
        text = file.read_text()
        for inside in ELEMENT.findall(text):
            yield from WORD.findall(TAG.sub(" ", inside))
        for words in SWITCHED.findall(text):
            yield from re.findall(r"'([a-z0-9_]+)'", words)
        if file in theirs:  # ours name icons of another set
            yield from NAMED.findall(text)


def _in_settings() -> Iterator[str]:
    from giftplatform.staff.navigation import HOME_ICON, JOBS  # they need the apps

    yield HOME_ICON
    yield UNFOLD["SITE_SYMBOL"]
    for _title, places in JOBS:
        yield from (place.icon for place in places)


def make() -> None:
    """Write the font and its list. A name that the theme's font does not have ends it."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    whole, names = TTFont(WHOLE), used()
    glyphs = _glyphs(whole)
    if unknown := sorted(names - glyphs.keys()):
        sys.exit(f"No such icon: {', '.join(unknown)}")
    options = subset.Options(flavor="woff2", layout_closure=False, layout_features=["*"])
    cutter = subset.Subsetter(options)
    cutter.populate(glyphs={glyphs[name] for name in names}, text="".join(names))
    cutter.subset(whole)
    OURS.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(whole, str(OURS), options)
    digest = hashlib.sha256(OURS.read_bytes()).hexdigest()
    LIST.write_text("\n".join([digest, *sorted(names)]) + "\n")
    OURS.with_name("LICENSE").write_bytes(WHOLE.with_name("LICENSE").read_bytes())
    print(f"{len(names)} icons, {OURS.stat().st_size} bytes")  # noqa: T201


def _glyphs(font: Any) -> dict[str, str]:
    """Return the glyph that each word becomes."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    found = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, ligatures in table.ligatures.items():
                for one in ligatures:
                    word = "".join(letters[part] for part in (first, *one.Component))
                    found[word] = one.LigGlyph
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftplatform.settings")
    django.setup()
    make()
