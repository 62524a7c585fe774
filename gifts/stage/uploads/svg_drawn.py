"""Counting what an SVG draws: a part counts as often as it comes to the screen."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from foundation.figures import figure
from gifts.stage.uploads.budget import (
    CLIP,
    DEEPEST_REFERENCE,
    EFFECT,
    LAYER,
    MASK,
    POINTS_PER_PART,
    Budget,
)
from gifts.stage.uploads.limits import FARTHEST, UploadRefused
from gifts.stage.uploads.parts import MARKED, REFERRED, SHAPES, Context, Part, references

MOST_DRAWN = 20_000
MOST_TILES = 40_000.0
WIDEST_FILTER = 3.0  # times the part that it is laid on
LARGEST_BLUR = 0.25  # of the drawing's longer side
MOST_STEPS = 1_000_000
SOURCES = ("SourceGraphic", "SourceAlpha", "FillPaint", "StrokePaint")
LENGTH = re.compile(r"(\d+\.?\d*|\.\d+)(?:px)?")
WITH_UNIT = re.compile(r"(?<![#\w.])([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)([a-z%]*)")
BLURS = re.compile(r"(blur|drop-shadow)\(([^)]*)")
FUNCTIONS = re.compile(r"(?<!url)\(")


class Lead(NamedTuple):
    """A reference from a part to another one, which it draws so many times."""

    target: Part
    id: str
    times: int
    cause: str


class Step(NamedTuple):
    """What a part draws where it has these properties: the same each time, so reckoned once."""

    context: Context
    parts: int
    more: tuple[tuple[str, int], ...]
    leads: tuple[Lead, ...]
    inside: tuple[Part, ...]


class Visit(NamedTuple):
    """One coming of a part to the screen."""

    part: Part
    context: Context
    chain: tuple[str, ...]  # the ids that led here
    times: int
    cause: str


def count_drawn(root: Part, named: dict[str, Part]) -> None:
    """Refuse a drawing that draws too much. Raises `UploadRefused` or `OverflowError`."""
    budget = Budget(MOST_DRAWN)
    known: dict[tuple[Part, Context], Step] = {}
    todo = [Visit(root, Context(), (), 1, _("its own shapes"))]
    while todo:
        visit = todo.pop()
        key = (visit.part, visit.context)
        if key not in known:
            known[key] = step_of(*key, named)
        step = known[key]
        budget.spend(visit.cause, visit.times * step.parts)
        for cause, parts in step.more:
            budget.spend(cause, visit.times * parts)
        todo += [follow(visit, step.context, lead) for lead in step.leads]
        todo += [visit._replace(part=one, context=step.context) for one in step.inside]


def step_of(part: Part, before: Context, named: dict[str, Part]) -> Step:
    """Return what a part draws. Raises `UploadRefused` for what is too much by itself."""
    context = part.context(before)
    if part.tag == "filter":
        return Step(context, 1, ((_("filters"), EFFECT * steps_of(part)),), (), ())
    if part.tag == "pattern":
        refuse_small_tiles(part)
    more = (
        (_("dashes"), dashes(part, context)),
        (_("filters"), EFFECT * functions(part, context)),
    )
    found = (
        Lead(named[name], name, times, cause)
        for name, times, cause in leads(part, context)
        if name in named
    )
    inside = tuple(one for one in part.inside if one.tag not in REFERRED)
    return Step(context, weight(part), tuple(one for one in more if one[1]), tuple(found), inside)


def follow(visit: Visit, context: Context, lead: Lead) -> Visit:
    """Return the visit that a reference leads to. Raises `UploadRefused` for one without end."""
    if lead.id in visit.chain:
        raise refuse(visit.part, _("<%(tag)s> refers to itself."), tag=visit.part.tag)
    if len(visit.chain) >= DEEPEST_REFERENCE:
        raise refuse(
            visit.part,
            _("references nested more than %(most)s levels deep."),
            most=DEEPEST_REFERENCE,
        )
    # A copy has the colours of where it is put; everything else those of where it stands.
    around = context if visit.part.tag == "use" else lead.target.home
    times = visit.times * lead.times
    return Visit(lead.target, around, (*visit.chain, lead.id), times, lead.cause)


def refuse(part: Part, sentence: str, **facts: object) -> UploadRefused:
    """Return the refusal of a part."""
    said = sentence % facts
    return UploadRefused(_("Line %(line)s: %(said)s") % {"line": part.line, "said": said})


def weight(part: Part) -> int:
    """Return how many parts one part counts as, without what it refers to."""
    parts = 1 + part.outline.pieces // POINTS_PER_PART
    if part.tag in ("text", "tspan"):
        parts += part.letters
    if part.tag == "mask":
        parts += MASK
    if part.tag == "clipPath":
        parts += CLIP
    if {"opacity", "mix-blend-mode", "isolation"} & part.values.keys() and part.tag not in SHAPES:
        parts += LAYER
    return parts


def leads(part: Part, context: Context) -> Iterator[tuple[str, int, str]]:
    """Give the ids that a part refers to, each with how often it draws them, and the cause."""
    paints = _("patterns and gradients")
    copies = _("copies (<use>)") if part.tag == "use" else paints
    found = [(name, 1, copies) for name in part.links()]
    addresses = [
        (context.mask, 1, _("masks")),
        (context.clip_path, 1, _("clips")),
        (context.filter, 1, _("filters")),
    ]
    if part.tag in SHAPES or part.tag in ("text", "tspan"):
        addresses += [(context.fill, 1, paints), (context.stroke, 1, paints)]
    if part.tag in MARKED:
        markers = _("markers")
        addresses += [
            (context.marker_start, 1, markers),
            (context.marker_mid, part.outline.pieces, markers),
            (context.marker_end, 1, markers),
        ]
    yield from found
    for value, times, cause in addresses:
        yield from ((name, times, cause) for name in references(value))


def dashes(part: Part, context: Context) -> int:
    """Return the work of a dashed outline. Raises `UploadRefused` for what is no dash."""
    if part.tag not in SHAPES:
        return 0
    try:
        period = period_of(context.stroke_dasharray)
    except ValueError:
        raise refuse(part, _("stroke-dasharray takes plain numbers.")) from None
    length = max(part.outline.length, abs(part.number("pathLength")))
    return round(min(length / period, FARTHEST)) // POINTS_PER_PART if period else 0


def period_of(said: str) -> float:
    """Return the length after which dashes repeat, 0 for none. Raises `ValueError`."""
    periods = []
    for one in said.split(";"):
        words = one.replace(",", " ").split()
        if words and words[0] not in ("none", "inherit"):
            lengths = [LENGTH.fullmatch(word) for word in words]
            periods.append(sum(float(length[1]) for length in lengths if length))
            if not all(lengths):
                raise ValueError(one)
    return min((period for period in periods if period), default=0.0)


def refuse_small_tiles(part: Part) -> None:
    """Refuse a pattern whose tiles are too many to lay. Raises `UploadRefused`."""
    whole = part.side if part.values.get("patternUnits") == "userSpaceOnUse" else 1.0
    width, height = (abs(part.number(name, whole)) for name in ("width", "height"))
    if width and height and (whole / width) * (whole / height) > MOST_TILES:
        raise refuse(
            part, _("the tiles of this pattern are too small: more than %(most)s of them."),
            most=figure(int(MOST_TILES)),
        )  # fmt: skip


def steps_of(part: Part) -> int:
    """Return how many steps a filter takes: one that two others read is taken twice.

    Raises `UploadRefused` for one that is too wide or blurs too far.
    """
    whole = part.side if part.values.get("filterUnits") == "userSpaceOnUse" else 1.0
    for name in ("width", "height"):
        if abs(part.number(name, whole, whole)) > WIDEST_FILTER * whole:
            raise refuse(
                part, _("the filter is wider than %(most)s times what it is laid on."),
                most=f"{WIDEST_FILTER:g}",
            )  # fmt: skip
    reach = 1.0 if part.values.get("primitiveUnits") == "objectBoundingBox" else part.side
    taken: dict[str | None, int] = dict.fromkeys(SOURCES, 0)
    before = most = 0
    for step in part.inside:
        refuse_wide_blur(step, step.values.get("stdDeviation", ""), reach)
        inputs = [step.values.get("in"), *(one.values.get("in") for one in step.inside)]
        if step.tag in ("feBlend", "feComposite"):
            inputs.append(step.values.get("in2"))
        # Without a name, or with one that is not there, it is what came before.
        steps = 1 + len(step.inside) + sum(taken.get(name, before) for name in inputs)
        before = taken[step.values.get("result")] = min(steps, MOST_STEPS)
        most = max(most, before)
    return most


def functions(part: Part, context: Context) -> int:
    """Return how many filter functions a part has. Raises `UploadRefused` for a wide blur."""
    said = context.filter.lower()
    if "(" not in said:
        return 0
    for _name, arguments in BLURS.findall(said):
        refuse_wide_blur(part, arguments, part.side)
    return len(FUNCTIONS.findall(said))


def refuse_wide_blur(part: Part, text: str, reach: float) -> None:
    """Refuse a blur that reaches over much of the drawing. Raises `UploadRefused`."""
    for number, unit in WITH_UNIT.findall(text.lower()):
        if unit not in ("", "px") or abs(float(number)) > LARGEST_BLUR * reach:
            raise refuse(
                part, _("the blur is wider than a quarter of the drawing: %(value)s."),
                value=number + unit,
            )  # fmt: skip
