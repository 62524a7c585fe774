"""The values of a Lottie animation: one, or several that follow each other."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from gifts.stage.uploads.limits import UploadRefused

Path = tuple[str | int, ...]


def refuse(path: Path, what: str) -> UploadRefused:
    """Return the refusal of what stands at this path."""
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return UploadRefused(f"{where.lstrip('.') or 'file'}: {what}.")


def items(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def largest(value: object, here: Path) -> float:
    """Return the largest size that a value takes. Raises `UploadRefused` for what is no number."""
    most: float = 0
    for one in _numbers(value):
        if not isinstance(one, int | float | None):
            raise refuse(here, _("this is not a number"))
        most = max(most, abs(one or 0))
    return most


def smallest_sum(dashes: list[dict[str, Any]]) -> float:
    """Return the shortest length after which dashes repeat, 0 for none."""
    total = 0.0
    for one in dashes:
        found = [abs(size) for size in _numbers(one.get("v")) if isinstance(size, int | float)]
        if one.get("n") != "o":  # the offset
            total += min(found, default=0)
    return total


def _numbers(value: object) -> Iterator[object]:
    """Give a value's numbers, whether it stays or moves, and what stands in place of them."""
    kept = value.get("k", 0) if isinstance(value, dict) else value
    for one in kept if isinstance(kept, list) else [kept]:
        if isinstance(one, dict):
            for side in (one.get("s"), one.get("e")):
                yield from side if isinstance(side, list) else [side]
        else:
            yield one


def points_of(shape: object) -> int:
    """Return how many points the largest outline in this value has."""
    most = 0
    todo = [shape]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            if isinstance(points := one.get("v"), list):
                most = max(most, len(points))
            todo += one.values()
        elif isinstance(one, list):
            todo += one
    return most


def reach_of(shape: object) -> float:
    """Return the largest number in a value: its outlines go no further."""
    most = 0.0
    todo = [shape]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            todo += one.values()
        elif isinstance(one, list):
            todo += one
        elif isinstance(one, int | float):
            most = max(most, abs(one))
    return most
