"""Counting the shapes of a Lottie layer: repeaters draw them again, and so does each paint."""

import math
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from gifts.stage.uploads.budget import POINTS_PER_PART, Budget
from gifts.stage.uploads.film_values import (
    Path,
    items,
    largest,
    points_of,
    reach_of,
    refuse,
    smallest_sum,
)
from gifts.stage.uploads.limits import FARTHEST

OUTLINES = frozenset(["rc", "el", "sr", "sh"])
PAINTS = frozenset(["fl", "st", "gf", "gs", "no"])
# What changes outlines, and the work that it makes of each one.
CHANGES = {"tm": 2, "rd": 2, "pb": 2, "tw": 2, "op": 4, "mm": 1}
KINDS = OUTLINES | PAINTS | CHANGES.keys() | {"gr", "tr", "rp", "zz"}
Shape = dict[str, Any]


class Group(NamedTuple):
    """Shapes that stand together, and what the groups around them do to them."""

    shapes: object
    here: Path
    times: int = 1
    paints: int = 0
    period: float = math.inf  # of the tightest dashes
    cause: str = ""


def count_shapes(budget: Budget, shapes: object, here: Path) -> None:
    """Count the shapes of a layer as drawn. Raises `UploadRefused`."""
    todo = [Group(shapes, here, cause=_("its own shapes"))]
    while todo:
        group = joined(todo.pop())
        for at, shape in enumerate(items(group.shapes)):
            where = (*group.here, at)
            kind = shape.get("ty")
            if kind not in KINDS:
                raise refuse(where, _("this shape type is not supported"))
            budget.spend(group.cause, group.times)
            if kind == "gr":
                todo.append(group._replace(shapes=shape.get("it"), here=(*where, "it")))
            elif kind in OUTLINES:
                count_outline(budget, group, shape, where)
            elif kind in ("gf", "gs"):
                budget.spend(_("gradients"), group.times * stops_of(shape, where))


def joined(group: Group) -> Group:
    """Return the group with what stands in it done to it: copies, changes, paints and dashes."""
    times, paints, period, cause = group.times, group.paints, group.period, group.cause
    for at, shape in enumerate(items(group.shapes)):
        kind = shape.get("ty")
        here = (*group.here, at)
        if kind == "rp":
            times *= max(1, math.ceil(largest(shape.get("c"), here)))
            cause = _("repeaters")
        elif kind == "zz":
            times *= 1 + math.ceil(largest(shape.get("r"), here))
        elif kind in CHANGES:
            times *= CHANGES[kind]
        elif kind in PAINTS:
            paints += 1
            period = min(period, smallest_sum(items(shape.get("d"))) or math.inf)
    return group._replace(times=times, paints=paints, period=period, cause=cause)


def count_outline(budget: Budget, group: Group, shape: Shape, here: Path) -> None:
    """Count one outline, once for each paint. Raises `UploadRefused`."""
    points = points_of(shape)
    if shape["ty"] == "sr":
        points += 2 * math.ceil(largest(shape.get("pt"), here))
    times = group.times * max(1, group.paints)
    budget.spend(group.cause, times * (points // POINTS_PER_PART))
    # Each piece is at most from one end of what it reaches to the other, and its handles as far.
    length = 6 * max(points, 4) * reach_of(shape)
    budget.spend(
        _("dashes"), times * (math.ceil(min(length / group.period, FARTHEST)) // POINTS_PER_PART)
    )


def stops_of(shape: Shape, here: Path) -> int:
    """Return how many stops a gradient has."""
    colours = shape.get("g")
    return math.ceil(largest(colours.get("p"), here)) if isinstance(colours, dict) else 0
