"""Looking through a Lottie animation: shapes that move, and nothing that runs or is fetched."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from gifts.stage.uploads.limits import (
    Inspected,
    UploadRefused,
    check_bound,
    check_sides,
    duration_of,
)

LARGEST = 1_000_000
MOST_LAYERS = 300
MOST_VALUES = 120_000
DEEPEST = 60
COMPOSITION = 0
KINDS = {0, 1, 3, 4, 5}  # a composition, a plain, nothing, shapes, text
PICTURE = 2
OUTSIDE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//)|[<>]", re.IGNORECASE)
NAMES = {"nm", "mn", "t", "meta", "v"}  # what an author calls things, and words to be read
Path = tuple[str | int, ...]


def inspect(data: bytes) -> Inspected:
    """Return what this animation is. Raises `UploadRefused`."""
    check_bound(_("Lottie file size"), len(data) / 1_000, LARGEST / 1_000, "KB")
    film = read(data)
    for key in ("layers", "w", "h", "fr", "ip", "op"):
        if key not in film:
            raise UploadRefused(_("Not a Lottie file: %(key)s is missing.") % {"key": key})
    width, height, rate, first, last = (number(film, key) for key in ("w", "h", "fr", "ip", "op"))
    check_sides(width, height)
    if not 1 <= rate <= 120:
        raise UploadRefused(_("fr: %(rate)s frames per second. Use 1 to 120.") % {"rate": rate})
    for path, key, value in walk(film):
        check(path, key, value)
    assets = [asset for asset in film.get("assets") or [] if isinstance(asset, dict)]
    count_layers(film["layers"], {str(asset.get("id")): asset for asset in assets})
    return Inspected("json", duration_of((last - first) / rate * 1_000))


def read(data: bytes) -> dict[str, Any]:
    """Return the file as JSON. Raises `UploadRefused`."""

    def unreal(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        film = json.loads(data.decode("utf-8"), parse_constant=unreal)
    except (ValueError, RecursionError):
        raise UploadRefused(_("This is not valid JSON.")) from None
    if not isinstance(film, dict):
        raise UploadRefused(_("Not a Lottie file: it contains no object."))
    return film


def number(film: dict[str, Any], key: str) -> float:
    """Return a number of the file. Raises `UploadRefused`."""
    value = film[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UploadRefused(_("%(key)s is not a number.") % {"key": key})
    return float(value)


def walk(film: dict[str, Any]) -> Iterator[tuple[Path, str, Any]]:
    """Give every value with where it stands and its key. Raises `UploadRefused`."""
    todo: list[tuple[Path, Any]] = [((), film)]
    seen = 0
    while todo:
        path, node = todo.pop()
        seen += 1
        if seen > MOST_VALUES:
            raise UploadRefused(
                _("More than %(most)s values. Simplify the drawing.") % {"most": f"{MOST_VALUES:,}"}
            )
        if len(path) > DEEPEST:
            raise refuse(path, _("nested more than %(most)s levels deep") % {"most": DEEPEST})
        if isinstance(node, dict):
            for key, value in node.items():
                yield path, key, value
                todo.append(((*path, key), value))
        elif isinstance(node, list):
            todo += [((*path, at), value) for at, value in enumerate(node)]


def refuse(path: Path, what: str) -> UploadRefused:
    """Return the refusal of what stands at this path."""
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return UploadRefused(f"{where.lstrip('.') or 'file'}: {what}.")


def check(path: Path, key: str, value: object) -> None:
    """Refuse one value that is code, or leads out of the file. Raises `UploadRefused`."""
    here = (*path, key)
    if key == "x" and _holds_text(value):
        raise refuse(here, _("expressions are not allowed"))
    if key in ("ln", "cl") and value:
        raise refuse(here, _("page names (ids and classes) are not allowed"))
    if path and path[0] == "assets" and key in ("p", "u") and len(path) == 2 and value:
        raise refuse(here, _("external images are not allowed. Use shapes"))
    if key in ("fPath", "sound") and value:
        raise refuse(here, _("external files are not allowed"))
    texts = value if isinstance(value, list) else [value]
    for text in texts:
        if (
            isinstance(text, str)
            and key not in NAMES
            and "meta" not in path
            and OUTSIDE.search(text)
        ):
            raise refuse(here, _("links out of the file are not allowed"))
    if key == "ty" and not isinstance(value, int | str):
        raise refuse(here, _("unknown layer or shape type"))


def _holds_text(value: object) -> bool:
    """Return whether it is text, also within lists: a script in a list runs like one without."""
    if isinstance(value, list):
        return any(_holds_text(one) for one in value)
    return isinstance(value, str)


def count_layers(layers: object, assets: dict[str, dict[str, Any]]) -> None:
    """Refuse too many layers, those of compositions inside of compositions counted as drawn.

    Raises `UploadRefused`.
    """
    sizes: dict[str, int] = {}

    def size(of: object, where: Path, inside: tuple[str, ...]) -> int:
        total = 0
        for at, layer in enumerate(layers_of(of, where)):
            total += 1
            if layer["ty"] == COMPOSITION:
                name = str(layer.get("refId"))
                refuse_composition(name, inside, assets, (*where, at))
                if name not in sizes:
                    below = assets[name].get("layers")
                    sizes[name] = size(below, ("assets", name, "layers"), (*inside, name))
                total += sizes[name]
            check_bound(_("Layers"), total, MOST_LAYERS, _("total"))
        return total

    size(layers, ("layers",), ())


def layers_of(of: object, where: Path) -> list[dict[str, Any]]:
    """Return the layers, each of a kind that we play. Raises `UploadRefused`."""
    if not isinstance(of, list) or not all(isinstance(layer, dict) for layer in of):
        raise refuse(where, _("this is not a list of layers"))
    for at, layer in enumerate(of):
        kind = layer.get("ty")
        if kind == PICTURE:
            raise refuse((*where, at), _("image layers are not allowed. Use shapes"))
        if kind not in KINDS:
            raise refuse((*where, at), _("this layer type is not supported"))
    return of


def refuse_composition(
    name: str, inside: tuple[str, ...], assets: dict[str, dict[str, Any]], here: Path
) -> None:
    """Refuse a composition that is missing or never ends. Raises `UploadRefused`."""
    if name in inside:
        raise refuse(here, _("a composition contains itself"))
    if name not in assets:
        raise refuse(here, _("a composition is missing from the file"))
