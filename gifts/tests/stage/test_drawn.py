"""Uploads are counted as drawn: a small file whose picture is not is refused at once."""

import json
import time

import pytest

from gifts.stage.uploads import inspect_animation, inspect_picture
from gifts.tests.stage.files import (
    FILL,
    RECT,
    copies,
    drawing,
    film,
    group,
    nested,
    refusal,
    shapes,
    still,
)

MANY = "Too much is drawn: more than 20,000 parts, most of them by "
FRAME = "Too much is drawn: more than 6,000 parts, most of them by "


LARGER = " has a number that is too large: 1e9."
MARKED = "M0 0" + "h1v1" * 300
BLUR = '<feGaussianBlur stdDeviation="1"/>'


@pytest.mark.parametrize(
    ("inside", "cause"),
    [
        (nested("pattern", "fill"), "patterns and gradients."),
        (nested("pattern", "stroke"), "patterns and gradients."),
        (nested("pattern", "fill").replace('fill="url(#a5)"', "style='fill:url(\"#a5\")'"), ""),
        (nested("pattern", "fill").replace("url(#a5)", "URL( #%61%35 ) red"), ""),
        (nested("mask", "mask"), "masks."),
        (nested("clipPath", "clip-path"), "clips."),
        (nested("marker", "marker-mid"), "markers."),
        (nested("marker", "marker-start"), "markers."),
        (nested("marker", "marker-end"), "markers."),
        (nested("marker", "style").replace('style="url', 'style="marker:url'), "markers."),
        # What a group has, its shapes have.
        (
            '<pattern id="a" width="1" height="1">' + "<rect/>" * 300 + "</pattern>"
            '<g fill="url(#a)">' + "<path d='M0 0h9'/>" * 300 + "</g>",
            "patterns and gradients.",
        ),
        # A copy has what the place has where it is put.
        (
            '<pattern id="a" width="1" height="1">' + "<rect/>" * 300 + "</pattern>"
            '<defs><g id="b">' + "<path d='M0 0h9'/>" * 300 + "</g></defs>"
            '<use href="#b" fill="url(#a)"/>',
            "patterns and gradients.",
        ),
        ('<mask id="m"><rect/></mask>' + '<rect mask="url(#m)"/>' * 400, "masks."),
        (
            '<mask id="m"><rect/></mask>' + '<g mask="url(#m)"><rect mask="inherit"/></g>' * 200,
            "masks.",
        ),
        ('<g opacity=".9">' * 20 + "</g>" * 20 + '<g opacity=".9"/>' * 900, "its own shapes."),
        # A marker stands on each point of an outline.
        (
            f'<marker id="a">{"<rect/>" * 100}</marker><path marker-mid="url(#a)" d="{MARKED}"/>',
            "markers.",
        ),
        # So many short ones at the end of a short path.
        (f'<filter id="f">{BLUR * 300}</filter><rect filter="url(#f)"/>', "filters."),
        (f'<filter id="f">{BLUR}</filter>' + '<g filter="url(#f)"/>' * 300, "filters."),
        (f'<g style="filter:{"blur(1px) " * 300}"/>', "filters."),
        (f'<g filter="{"drop-shadow(0 0 1px red) " * 300}"/>', "filters."),
        # Each step reads the one before it twice: 2 to the power of 30 in all.
        (
            '<filter id="f">'
            + '<feBlend in2="SourceGraphic" result="a"/>'
            + '<feBlend in="a" in2="a" result="a"/>' * 30
            + '</filter><g filter="url(#f)"/>',
            "filters.",
        ),
        (
            '<filter id="f">'
            + ('<feMerge result="a">' + '<feMergeNode in="a"/>' * 9 + "</feMerge>") * 9
            + '</filter><g filter="url(#f)"/>',
            "filters.",
        ),
        ('<path d="M0 0h9" stroke-dasharray=".000001"/>', "dashes."),
        ('<g stroke-dasharray=".00001"><path d="M0 0h9"/></g>', "dashes."),
        ('<circle r="9" style="stroke-dasharray:.00001 .00001"/>', "dashes."),
        ('<path d="M0 0h9" stroke-dasharray="1" pathLength="999999"/>', "dashes."),
        ('<path d="M0 0A9 9 0 1 0 9 9" stroke-dasharray=".0001px,0"/>', "dashes."),
        ('<polygon points="0,0 9,0 9,9" stroke-dasharray=".0001"/>', "dashes."),
        (
            '<path id="a" d="' + "M0 0h1" * 20_000 + '"/>' + '<use href="#a"/>' * 20,
            "copies (<use>).",
        ),
        ('<text id="a">' + "x" * 1_000 + "</text>" + '<use href="#a"/>' * 40, "copies (<use>)."),
    ],
)
def test_a_drawing_is_counted_as_drawn(inside: str, cause: str) -> None:
    began = time.monotonic()
    assert refusal(inspect_picture, drawing(inside)).startswith(MANY + cause)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        (
            '<pattern id="a" width=".001" height=".001"/><rect fill="url(#a)"/>',
            "Line 2: the tiles of this pattern are too small: more than 40,000 of them.",
        ),
        (
            '<pattern id="a" patternUnits="userSpaceOnUse" width=".01" height=".01"/>'
            '<rect fill="url(#a)"/>',
            "Line 2: the tiles of this pattern are too small: more than 40,000 of them.",
        ),
        (
            f'<filter id="a" width="11">{BLUR}</filter><rect filter="url(#a)"/>',
            "Line 2: the filter is wider than 3 times what it is laid on.",
        ),
        (
            f'<filter id="a" filterUnits="userSpaceOnUse" height="400">{BLUR}</filter>'
            '<rect filter="url(#a)"/>',
            "Line 2: the filter is wider than 3 times what it is laid on.",
        ),
        (
            '<filter id="a"><feDropShadow stdDeviation="1 900"/></filter><rect filter="url(#a)"/>',
            "Line 2: the blur is wider than a quarter of the drawing: 900.",
        ),
        (
            '<filter id="a" primitiveUnits="objectBoundingBox">'
            '<feGaussianBlur stdDeviation="2"/></filter><rect filter="url(#a)"/>',
            "Line 2: the blur is wider than a quarter of the drawing: 2.",
        ),
        (
            '<rect filter="blur(900px)"/>',
            "Line 2: the blur is wider than a quarter of the drawing: 900px.",
        ),
        (
            '<rect style="filter:blur(10vw)"/>',
            "Line 2: the blur is wider than a quarter of the drawing: 10vw.",
        ),
        ('<rect stroke-dasharray="1em"/>', "Line 2: stroke-dasharray takes plain numbers."),
        ('<path d="M0 0h1e9"/>', "The number 1e9 is too large."),
        ('<rect width="1e300"/>', "Line 2: width on <rect> has a number that is too large: 1e300."),
        (
            '<g transform="scale(99999999)"/>',
            "Line 2: transform on <g> has a number that is too large: 99999999.",
        ),
        ('<text font-size="1e9">x</text>', "Line 2: font-size on <text>" + LARGER),
        (
            '<rect style="mask-image:linear-gradient(red,blue)"/>',
            "Line 2: mask-image in style on <rect> is not allowed.",
        ),
        ('<rect style="--a:1"/>', "Line 2: --a in style on <rect> is not allowed."),
        (
            '<rect fill="var(--a)"/>',
            "Line 2: var in fill on <rect> is not allowed. Use plain values.",
        ),
        (
            '<rect fill="context-fill"/>',
            "Line 2: context-fill in fill on <rect> is not allowed. Use plain values.",
        ),
        ("<feTurbulence/>", "Line 2: <feTurbulence> is not allowed."),
        ("<feConvolveMatrix/>", "Line 2: <feConvolveMatrix> is not allowed."),
        ("<feMorphology/>", "Line 2: <feMorphology> is not allowed."),
        (
            '<g id="a"/>\n<g id="a"/>',
            "Line 3: the id “a” is used twice or has a space, quote or bracket.",
        ),
        (
            '<pattern id="a" width="1" height="1"><rect fill="url(#a)"/></pattern>'
            '<rect fill="url(#a)"/>',
            "Line 2: <rect> refers to itself.",
        ),
        (
            '<linearGradient id="a" href="#b"/>\n<linearGradient id="b" href="#a"/>'
            '<rect fill="url(#a)"/>',
            "Line 3: <linearGradient> refers to itself.",
        ),
        (
            '<g id="a0"/>'
            + "".join(f'<g id="a{n}"><use href="#a{n - 1}"/></g>' for n in range(1, 99)),
            "Line 2: references nested more than 32 levels deep.",
        ),
    ],
)
def test_a_drawing_stays_within_bounds(inside: str, sentence: str) -> None:
    assert refusal(inspect_picture, drawing(inside)) == sentence


@pytest.mark.parametrize("box", ["0 0 inf 9", "0 0 1e400 9", "0 0 nan 9"])
def test_a_drawing_has_a_size(box: str) -> None:
    file = drawing().replace(b"0 0 10 10", box.encode())
    assert refusal(inspect_picture, file).startswith(("Longer side", "The width or height is zero"))


@pytest.mark.parametrize(
    "inside",
    [
        # A glow, a shadow, dots, hatching and arrows, as drawing programs save them.
        '<filter id="a" x="-50%" y="-50%" width="200%" height="200%">'
        '<feGaussianBlur in="SourceAlpha" stdDeviation=".5" result="b"/><feOffset dy=".2"/>'
        '<feFlood flood-color="#000"/><feComposite in2="b" operator="in"/>'
        '<feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter>'
        + '<g filter="url(#a)"><path d="M0 0h9"/></g>'
        * 10,
        '<pattern id="a" patternUnits="userSpaceOnUse" width=".5" height=".5"><path d="M0 0h1"/>'
        '</pattern><g fill="url(#a)">' + "<rect/>" * 100 + "</g>",
        '<marker id="a"><path d="M0 0l3 3"/></marker><path marker-end="url(#a)" d="M0 0h9"/>',
        '<path d="M0 0c1 1 2 2 3 3s4-4 5 5t1 1q.5.5 1 1a1 1 0 01.5.5z" stroke-dasharray=".2 .3"/>',
        '<path style="fill:#12345678;-inkscape-stroke:none;mix-blend-mode:screen"/>',
        "<desc>" + "A long story. " * 3_000 + "</desc><path d='M0 0'/>",
        '<use href="#max"/><g id="max" aria-label="99999999"/>',
    ],
)
def test_what_drawing_programs_save_is_let_through(inside: str) -> None:
    assert inspect_picture(drawing(inside)).suffix == "svg"


# --- Lottie ---------------------------------------------------------------------------------


def compositions(depth: int, each: int) -> bytes:
    inner = [{"id": "0", "layers": [{"ty": 4}]}]
    for n in range(1, depth):
        inner.append({"id": str(n), "layers": [{"ty": 0, "refId": str(n - 1)}] * each})
    return film(layers=[{"ty": 0, "refId": str(depth - 1)}], assets=inner)


NESTED = "assets.2968.layers[0]: compositions nested more than 32 levels deep."
SAME = "layers[1]: another layer has the same ind."
SLOTS = "slots are not allowed. Save their values where they are used."
LARGE = "The number 10000000000000000000 is too large."
MOVING = {"a": 1, "k": [{"t": 0, "s": [1], "e": [2_000_000]}, {"t": 9, "s": [1]}]}
STAR = {"ty": "sr", "pt": still(2_000_000), "or": still(5), "p": still([0, 0])}
DASHED = {"ty": "st", "d": [{"n": "d", "v": still(0.0001)}, {"n": "o", "v": still(99)}]}


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (shapes(group(RECT, FILL), copies(still(2_000_000))), "repeaters."),
        (shapes(group(group(RECT, FILL), copies(still(300))), copies(still(300))), "repeaters."),
        (shapes(RECT, FILL, copies(still(100)), copies(still(100))), "repeaters."),
        (shapes(RECT, FILL, copies(MOVING)), "repeaters."),
        (shapes(RECT, FILL, copies(2_000_000)), "repeaters."),
        (shapes(RECT, FILL, copies(still([2_000_000]))), "repeaters."),
        (shapes(RECT, FILL, copies(still(-9e8))), "repeaters."),
        (shapes(RECT, FILL, *[copies(still(1e9))] * 200), "repeaters."),
        (shapes(STAR, FILL), "its own shapes."),
        (shapes(RECT, FILL, {"ty": "zz", "r": still(1e7)}), "its own shapes."),
        (shapes(RECT, *[FILL] * 50, copies(still(200))), "repeaters."),
        (shapes(*[RECT] * 50, *[{"ty": "tm"}] * 10), "its own shapes."),
        (shapes(RECT, {"ty": "gf", "g": {"p": 2_000_000, "k": still([])}}), "gradients."),
        (shapes(RECT, DASHED), "dashes."),
        (shapes(group(RECT), DASHED), "dashes."),
        (shapes(RECT, {"ty": "st", "d": [{"n": "d", "v": still(5e-324)}]}), "dashes."),
        # A layer that cuts out another is drawn for each: two that cut out each other never end.
        (film(layers=[{"ty": 4, "ind": n, "tt": 1, "tp": 1 - n} for n in (0, 1)]), "layers."),
        (shapes(ef=[{"ty": 29}] * 70), "effects."),
        (shapes(masksProperties=[{"mode": "a"}] * 130), "masks."),
        (film(layers=[{"ty": 5, "t": {"d": {"k": [{"s": {"t": "x" * 7_000}}]}}}]), "text."),
        (
            film(
                layers=[{"ty": 0, "refId": "a"}] * 100,
                assets=[{"id": "a", "layers": [{"ty": 4, "shapes": [RECT] * 90}]}],
            ),
            "its own shapes.",
        ),
    ],
)
def test_an_animation_is_counted_as_drawn(data: bytes, cause: str) -> None:
    began = time.monotonic()
    assert refusal(inspect_animation, data).startswith(FRAME + cause)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (compositions(3_000, 1), NESTED),
        (compositions(20, 10), "Layers, counted as drawn: 301 total. The limit is 300."),
        # A player follows each layer that has the parent's number: ten of ten, and so on.
        (film(layers=[{"ty": 4, "ind": 1}] * 2), "layers[1]: another layer has the same ind."),
        (film(layers=[{"ty": 4, "ind": 1.0}, {"ty": 4, "ind": 1}]), SAME),
        (film(layers=[{"ty": 4, "ind": "1"}]), "layers[0]: ind and parent are numbers."),
        (film(layers=[{"ty": 4, "ind": 1, "parent": 1}]), "layers[0]: a layer is its own parent."),
        (
            film(layers=[{"ty": 4, "ind": n, "parent": (n + 1) % 3} for n in range(3)]),
            "layers[0]: a layer is its own parent.",
        ),
        (
            shapes(masksProperties=[{"x": still(5_000)}]),
            "layers[0]: a mask is expanded by more than 100 pixels.",
        ),
        (shapes(RECT, copies(still("2000000"))), "layers[0].shapes[1]: this is not a number."),
        (shapes(RECT, copies(still([[2_000_000]]))), "layers[0].shapes[1]: this is not a number."),
        (
            shapes(RECT, copies({"sid": "a"}), more=1),
            "layers[0].shapes[1].c.sid: " + SLOTS,
        ),
        (shapes({"ty": "xx"}), "layers[0].shapes[0]: this shape type is not supported."),
        (
            film(chars=[{"ch": "a", "t": 1, "data": {"refId": "a"}}]),
            "chars[0]: a letter that is a composition is not supported.",
        ),
        (film().replace(b'"w": 200', b'"w": 1' + b"0" * 400), LARGE),
        (film().replace(b'"w": 200', b'"w": 1e400'), "The number 1e400 is too large."),
        (film().replace(b'"w": 200', b'"w": 1' + b"0" * 9_000), LARGE),
        (film(more=json.loads("[" * 70 + "]" * 70)), "Nested more than 60 levels deep."),
        (b"[" * 900_000, "Nested more than 60 levels deep."),
        (b'{"a": "' + b'\\"' * 400_000, "This is not valid JSON."),
        (film(layers=[{"ty": [1]}]), "layers[0].ty: unknown layer or shape type."),
    ],
)
def test_an_animation_stays_within_bounds(data: bytes, sentence: str) -> None:
    assert refusal(inspect_animation, data) == sentence


def test_repeaters_within_bounds_are_let_through() -> None:
    assert inspect_animation(shapes(group(RECT, FILL), copies(still(12)))).plays_ms == 2_000
