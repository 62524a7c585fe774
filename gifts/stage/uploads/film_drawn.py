"""Counting what a Lottie animation draws: each frame draws it again."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from gifts.stage.uploads.budget import DEEPEST_REFERENCE, EFFECT, LAYER, MASK, Budget
from gifts.stage.uploads.film_shapes import count_shapes
from gifts.stage.uploads.film_values import Path, items, largest, points_of, refuse
from gifts.stage.uploads.limits import check_bound

MOST_DRAWN = 6_000  # in each frame
MOST_LAYERS = 300
FARTHEST_EXPANSION = 100  # of a mask's edge, in pixels
COMPOSITION, PICTURE, SHAPES, TEXT = 0, 2, 4, 5
KINDS = {COMPOSITION, 1, 3, SHAPES, TEXT}  # 1: a plain, 3: nothing
Layer = dict[str, Any]


class Visit(NamedTuple):
    """One coming of a layer to the screen: where it stands, and the compositions around it."""

    layers: list[Layer]
    at: int
    where: Path
    chain: tuple[str, ...]


def count_drawn(film: dict[str, Any]) -> None:
    """Refuse an animation that draws too much. Raises `UploadRefused`."""
    budget = Budget(MOST_DRAWN)
    assets = [asset for asset in film.get("assets") or [] if isinstance(asset, dict)]
    compositions = {str(asset.get("id")): asset.get("layers") for asset in assets}
    glyph = largest_glyph(film)
    todo = list(layers_of(film["layers"], ("layers",), ()))
    drawn = 0
    while todo:
        visit = todo.pop()
        layer = visit.layers[visit.at]
        drawn += 1
        check_bound(_("Layers, counted as drawn"), drawn, MOST_LAYERS, _("total"))
        count_layer(budget, layer, (*visit.where, visit.at), glyph)
        todo += mattes(visit)
        if layer["ty"] == COMPOSITION:
            todo += inside(visit, compositions)


def layers_of(of: object, where: Path, chain: tuple[str, ...]) -> Iterator[Visit]:
    """Give the layers of a list, each of a kind that we play. Raises `UploadRefused`."""
    if not isinstance(of, list) or not all(isinstance(layer, dict) for layer in of):
        raise refuse(where, _("this is not a list of layers"))
    check_bound(_("Layers, counted as drawn"), len(of), MOST_LAYERS, _("total"))
    refuse_endless_parents(of, where)
    for at, layer in enumerate(of):
        kind = layer.get("ty")
        if kind == PICTURE:
            raise refuse((*where, at), _("image layers are not allowed. Use shapes"))
        if kind not in KINDS:
            raise refuse((*where, at), _("this layer type is not supported"))
        yield Visit(of, at, where, chain)


def refuse_endless_parents(layers: list[Layer], where: Path) -> None:
    """Refuse layers that are their own parents, however far above. Raises `UploadRefused`."""
    parents = parents_of(layers, where)
    for at, layer in enumerate(layers):
        above, steps = layer.get("parent"), 0
        while above is not None and steps <= len(parents):
            above, steps = parents.get(above), steps + 1
        if above is not None:
            raise refuse((*where, at), _("a layer is its own parent"))


def parents_of(layers: list[Layer], where: Path) -> dict[float, float | None]:
    """Return the parent of each layer by its number.

    Raises `UploadRefused` for two of one number: a player follows both, and what is above each.
    """
    parents: dict[float, float | None] = {}
    for at, layer in enumerate(layers):
        number, parent = layer.get("ind"), layer.get("parent")
        if not isinstance(number, int | float | None) or not isinstance(parent, int | float | None):
            raise refuse((*where, at), _("ind and parent are numbers"))
        if number in parents:
            raise refuse((*where, at), _("another layer has the same ind"))
        if number is not None:
            parents[number] = parent
    return parents


def inside(visit: Visit, compositions: dict[str, object]) -> Iterator[Visit]:
    """Give the layers of the composition that a layer shows. Raises `UploadRefused`."""
    name = str(visit.layers[visit.at].get("refId"))
    here = (*visit.where, visit.at)
    if name in visit.chain:
        raise refuse(here, _("a composition contains itself"))
    if name not in compositions:
        raise refuse(here, _("a composition is missing from the file"))
    if len(visit.chain) >= DEEPEST_REFERENCE:
        said = _("compositions nested more than %(most)s levels deep")
        raise refuse(here, said % {"most": DEEPEST_REFERENCE})
    yield from layers_of(compositions[name], ("assets", name, "layers"), (*visit.chain, name))


def mattes(visit: Visit) -> Iterator[Visit]:
    """Give the layer that this one is cut out with: it is drawn once more."""
    layer = visit.layers[visit.at]
    if not layer.get("tt"):
        return
    wanted = layer.get("tp")
    for at, other in enumerate(visit.layers):
        named = wanted is not None and other.get("ind") == wanted
        if named or (wanted is None and at == visit.at - 1):
            yield visit._replace(at=at)


def count_layer(budget: Budget, layer: Layer, here: Path, glyph: int) -> None:
    """Count one layer without the composition that it may show. Raises `UploadRefused`."""
    budget.spend(_("layers"), 1 + (LAYER if layer.get("tt") or layer.get("bm") else 0))
    effects = [one for name in ("ef", "sy") for one in items(layer.get(name))]
    budget.spend(_("effects"), EFFECT * len(effects))
    for mask in items(layer.get("masksProperties")):
        budget.spend(_("masks"), MASK + points_of(mask) // 10)
        edge = largest(mask.get("x"), (*here, "masksProperties"))
        if edge > FARTHEST_EXPANSION:
            said = _("a mask is expanded by more than %(most)s pixels")
            raise refuse(here, said % {"most": FARTHEST_EXPANSION})
        budget.spend(_("masks"), EFFECT if edge else 0)
    if layer["ty"] == TEXT:
        budget.spend(_("text"), letters_of(layer) * glyph)
    if layer["ty"] == SHAPES:
        count_shapes(budget, layer.get("shapes"), (*here, "shapes"))


def letters_of(layer: Layer) -> int:
    """Return how many letters a text layer has, each once more for what moves it."""
    text = layer.get("t")
    if not isinstance(text, dict):
        return 0
    document = text.get("d")
    said = items(document.get("k")) if isinstance(document, dict) else []
    lengths = [len(str(one["s"].get("t"))) for one in said if isinstance(one.get("s"), dict)]
    return max(lengths, default=0) * (1 + len(items(text.get("a"))))


def largest_glyph(film: dict[str, Any]) -> int:
    """Return the work of the most intricate letter. Raises `UploadRefused` for a film as one."""
    most = 1
    for at, one in enumerate(items(film.get("chars"))):
        if one.get("t"):
            raise refuse(("chars", at), _("a letter that is a composition is not supported"))
        most = max(most, 1 + points_of(one) // 10)
    return most
