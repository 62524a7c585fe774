"""Uploads: accepted files, and refused ones with a sentence on what is wrong and where."""

from pathlib import Path
from typing import Any

import pytest

from gifts.stage.uploads import inspect_animation, inspect_picture
from gifts.tests.stage.files import chunk, drawing, film, moving, part, reel, refusal

SHIPPED = Path(__file__).parents[2] / "static" / "gifts"


# --- SVG ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", sorted((SHIPPED / "art").glob("*.svg")), ids=lambda file: file.stem
)
def test_every_drawing_of_ours_is_let_through(file: Path) -> None:
    assert inspect_picture(file.read_bytes()).suffix == "svg"


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<script>alert(1)</script>", "Line 2: <script> is a script."),
        ('<g>\n<rect onload="x()"/></g>', "Line 3: onload on <rect> runs a script."),
        ('<rect ONCLICK="x()"/>', "Line 2: ONCLICK on <rect> runs a script."),
        ("<foreignObject/>", "Line 2: <foreignObject> is not allowed."),
        ('<image href="x.png"/>', "Line 2: <image> is not allowed."),
        ("<a/>", "Line 2: <a> is not allowed."),
        ("<feImage/>", "Line 2: <feImage> is not allowed."),
        ("<iframe/>", "Line 2: <iframe> is not allowed."),
        (
            "<style>*{}</style>",
            "Line 2: <style> is not allowed. Save styles as attributes.",
        ),
        ("<animate/>", "Line 2: <animate> is animated. Upload the motion as an animation."),
        ("<set/>", "Line 2: <set> is animated. Upload the motion as an animation."),
        (
            '<use href="https://example.com/a.svg#b"/>',
            "Line 2: href on <use> links outside the drawing.",
        ),
        ('<use href=" //example.com"/>', "Line 2: href on <use> links outside the drawing."),
        ('<use href="data:image/svg+xml,x"/>', "Line 2: href on <use> links outside the drawing."),
        (
            '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="a.svg#b"/>',
            "Line 2: href on <use> links outside the drawing.",
        ),
        (
            '<use xmlns:l="http://www.w3.org/1999/xlink" l:href="javascript:x()"/>',
            "Line 2: href on <use> contains code.",
        ),
        (
            '<rect fill="url(https://example.com/x)"/>',
            "Line 2: url() in fill on <rect> links outside the drawing.",
        ),
        (
            "<rect fill=\"URL( '//example.com' )\"/>",
            "Line 2: url() in fill on <rect> links outside the drawing.",
        ),
        (
            '<rect style="background:url(x)"/>',
            "Line 2: url() in style on <rect> links outside the drawing.",
        ),
        (
            "<rect style=\"background:image-set('//example.com/x' 1x)\"/>",
            "Line 2: image-set() in style on <rect> links outside the drawing.",
        ),
        ('<rect style="@import x"/>', "Line 2: style on <rect> contains code."),
        ('<rect style="fill:\\75rl(x)"/>', "Line 2: style on <rect> contains code."),
        ('<rect src="x"/>', "Line 2: src on <rect> is not allowed."),
        (
            '<rect xmlns:i="http://inkscape.org/x" i:label="x"/>',
            "Line 2: label on <rect> is not an SVG attribute. Save it as plain SVG.",
        ),
        (
            '<rect xml:base="https://example.com/"/>',
            "Line 2: base on <rect> is not an SVG attribute. Save it as plain SVG.",
        ),
        (
            '<p xmlns="http://www.w3.org/1999/xhtml"/>',
            "Line 2: <p> is not an SVG element. Save it as plain SVG.",
        ),
        ("<g>" * 40 + "</g>" * 40, "Line 2: groups nested more than 32 levels deep."),
        ("<g/>" * 5_000, "Line 2: more than 4000 parts. Simplify the drawing."),
        ('<g id="a"><use href="#a"/></g>', "Line 2: <use> refers to itself."),
        ("<?xml-stylesheet href='x'?>", "Line 2: <?xml-stylesheet?> is not allowed."),
        ("<rect>", "Line 2: this is not valid XML."),
    ],
)
def test_a_drawing_only_draws(inside: str, sentence: str) -> None:
    assert refusal(inspect_picture, drawing(inside)) == sentence


def test_copies_of_copies_are_counted_as_drawn() -> None:
    bomb = '<g id="a0"><rect/></g>' + "".join(
        f'<g id="a{n}">{f"""<use href="#a{n - 1}"/>""" * 10}</g>' for n in range(1, 7)
    )
    assert "most of them by copies (<use>)" in refusal(inspect_picture, drawing(bomb))
    assert inspect_picture(drawing('<g id="a"><rect/></g>' + '<use href="#a"/>' * 100))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"<!DOCTYPE svg><svg/>",
            "The file contains a DOCTYPE or an entity. Save it as plain SVG.",
        ),
        (
            b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
            "The file contains a DOCTYPE or an entity. Save it as plain SVG.",
        ),
        (b"<svg/>", "Line 1: this is not an SVG file."),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg"/>',
            "Line 1: the drawing has no viewBox and can't be scaled.",
        ),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>',
            "The width or height is zero.",
        ),
        (b"<svg \xff>", "The text is not UTF-8. Save the file as UTF-8."),
        (
            b'<?xml version="1.0" encoding="UTF-7"?><svg/>',
            "The text is not UTF-8. Save the file as UTF-8.",
        ),
        (b"hello", "This picture is not an SVG file."),
        (
            drawing("<!--" + "x" * 200_000 + "-->"),
            "SVG file size: 200.1 KB. The limit is 200.",
        ),
    ],
)
def test_what_is_no_drawing(data: bytes, sentence: str) -> None:
    assert refusal(inspect_picture, data) == sentence


def test_what_a_drawing_may_do() -> None:
    inside = (
        '<defs><linearGradient id="a"><stop stop-color="#fff"/></linearGradient></defs>'
        '<g filter="url(#f)" style="mix-blend-mode:screen"><path fill="url(\'#a\')" d="M0 0"/></g>'
        '<text xml:space="preserve">Hello &lt;script&gt;</text>'
    )
    assert inspect_picture(drawing(inside)).plays_ms == 0


# --- Lottie ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", sorted((SHIPPED / "lottie").glob("*.json")), ids=lambda file: file.stem
)
def test_every_lottie_of_ours_is_let_through(file: Path) -> None:
    assert inspect_animation(file.read_bytes()).suffix == "json"


def test_a_lottie_says_how_long_it_plays() -> None:
    found = inspect_animation(film())
    assert (found.suffix, found.plays_ms) == ("json", 2_000)


def layers(**fields: Any) -> bytes:
    return film(layers=[{"ty": 4, "ks": {}} | fields])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            layers(ks={"r": {"a": 0, "k": 0, "x": "alert(1)"}}),
            "layers[0].ks.r.x: expressions are not allowed.",
        ),
        (
            layers(ks={"r": {"a": 0, "k": 0, "x": [["alert(1)"]]}}),
            "layers[0].ks.r.x: expressions are not allowed.",
        ),
        (layers(ty=2, refId="a"), "layers[0]: image layers are not allowed. Use shapes."),
        (layers(ty=6), "layers[0]: this layer type is not supported."),
        (layers(ty="4"), "layers[0]: this layer type is not supported."),
        (layers(ln="submit"), "layers[0].ln: page names (ids and classes) are not allowed."),
        (layers(cl="toast"), "layers[0].cl: page names (ids and classes) are not allowed."),
        (layers(td="<b>"), "layers[0].td: links out of the file are not allowed."),
        (
            film(assets=[{"id": "a", "p": "a.png"}]),
            "assets[0].p: external images are not allowed. Use shapes.",
        ),
        (
            film(assets=[{"id": "a", "u": "img/"}]),
            "assets[0].u: external images are not allowed. Use shapes.",
        ),
        (
            film(fonts={"list": [{"fName": "A", "fPath": "https://example.com/a.css"}]}),
            "fonts.list[0].fPath: external files are not allowed.",
        ),
        (film(more={"at": "//example.com"}), "more.at: links out of the file are not allowed."),
        (
            film(more=[{"at": ["javascript:x()"]}]),
            "more[0].at: links out of the file are not allowed.",
        ),
        (layers(ty=0, refId="b"), "layers[0]: a composition is missing from the file."),
        (
            film(
                layers=[{"ty": 0, "refId": "a"}],
                assets=[{"id": "a", "layers": [{"ty": 0, "refId": "a"}]}],
            ),
            "assets.a.layers[0]: a composition contains itself.",
        ),
        (film(layers=[{"ty": 4}] * 301), "Layers, counted as drawn: 301 total. The limit is 300."),
        (
            film(
                layers=[{"ty": 0, "refId": "a"}] * 50,
                assets=[{"id": "a", "layers": [{"ty": 4}] * 10}],
            ),
            "Layers, counted as drawn: 301 total. The limit is 300.",
        ),
        (film(layers={}), "layers: this is not a list of layers."),
        (film(op=0), "The animation has no duration."),
        (film(op=30 * 16), "Duration: 16 seconds. The limit is 15."),
        (film(fr=0), "fr: 0.0 frames per second. Use 1 to 120."),
        (film(w=5_000), "Longer side: 5,000 pixels. The limit is 1,920."),
        (film(w="200"), "w is not a number."),
        (film(h=0), "The width or height is zero."),
        (b"{}", "Not a Lottie file: layers is missing."),
        (b"[]", "Not a Lottie file: it contains no object."),
        (b'{"a": NaN}', "This is not valid JSON."),
        (b"{" * 5, "This is not valid JSON."),
        (b"[" * 100_000, "Nested more than 60 levels deep."),
        (film(more=[0] * 130_000), "More than 120,000 values. Simplify the drawing."),
        (
            b"{" + b" " * 1_000_000 + b"}",
            "Lottie file size: 1,000.1 KB. The limit is 1,000.",
        ),
    ],
)
def test_a_lottie_only_moves_shapes(data: bytes, sentence: str) -> None:
    assert refusal(inspect_animation, data) == sentence


def test_what_an_author_calls_things_is_nobodys_business() -> None:
    names = layers(
        nm="see https://example.com", ks={"o": {"a": 1, "k": [{"i": {"x": [1]}, "t": 0}]}}
    )
    assert inspect_animation(names)


# --- APNG -----------------------------------------------------------------------------------


def test_a_moving_picture_says_how_long_it_plays() -> None:
    found = inspect_animation(moving())
    assert (found.suffix, found.plays_ms) == ("png", 1_000)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (moving() + b"<script>", "Byte 197: the PNG is damaged here."),
        (moving() + chunk(b"tEXt"), "Byte 197: unexpected data in the PNG."),
        (moving()[:-12], "This PNG file is incomplete."),
        (moving()[:-5], "Byte 185: the PNG is damaged here."),
        (moving().replace(b"acTL", b"acTX"), "Byte 33: the PNG is damaged here."),
        (moving(extra=chunk(b"EVIL")), "Byte 185: EVIL is not a PNG chunk."),
        (moving(frames=3), "The file declares 3 frames but contains 2."),
        (moving(frames=500, shown=500, hold=1), "Frames: 500 total. The limit is 450."),
        (moving(side=3), "Byte 53: a frame is larger than the picture."),
        (moving(side=4_294_967_295), "Byte 53: a frame is larger than the picture."),
        (moving(hold=5_000), "Duration: 100 seconds. The limit is 15."),
        (moving(hold=0), "The animation has no duration."),
        (moving(width=4_000), "Longer side: 4,000 pixels. The limit is 1,920."),
        (moving(width=0), "The width or height is zero."),
        (
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0\0\0\2" * 3 + b"\0") + chunk(b"IEND"),
            "This PNG is not animated. Upload an APNG.",
        ),
        (b"\x89PNG\r\n\x1a\n", "Not a valid PNG: the header is missing."),
        (moving() + b"\0" * 4_000_000, "APNG file size: 4.1 MB. The limit is 4."),
    ],
)
def test_a_moving_picture_is_one_to_the_last_byte(data: bytes, sentence: str) -> None:
    assert refusal(inspect_animation, data) == sentence


# --- WebM -----------------------------------------------------------------------------------


def test_a_film_says_how_long_it_plays() -> None:
    found = inspect_animation(reel())
    assert (found.suffix, found.plays_ms) == ("webm", 2_000)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (reel(doctype=b"matroska"), "This is not a WebM file."),
        (reel(kinds=(1, 2)), "Remove the sound and subtitles. Gift videos are silent."),
        (reel(kinds=(1, 1)), "The file has 2 video tracks. Use only one."),
        (reel(kinds=()), "The file has 0 video tracks. Use only one."),
        (reel(codec=b"V_MPEG4"), "The codec is V_MPEG4. Use VP8, VP9 or AV1."),
        (reel(width=4_096), "Longer side: 4,096 pixels. The limit is 1,920."),
        (reel(width=0), "The width or height is zero."),
        (reel(duration=16_000.0), "Duration: 16 seconds. The limit is 15."),
        (reel(blocks=901), "Frames: 901 total. The limit is 900."),
        (reel(last=60_000), "Duration: 60 seconds. The limit is 15."),
        (
            reel(duration=float("nan")),
            "The duration is missing. Export it as a file, not a stream.",
        ),
        (
            reel(extra=part(0x1941A469, b"x")),
            "Byte 228: attachments are not allowed in a WebM.",
        ),
        (reel()[:-3], "Byte 26: the WebM is incomplete."),
        (reel() + b"<script>", "Byte 216: the WebM is incomplete."),
        (b"\x1a\x45\xdf\xa3", "Byte 4: this is not valid WebM."),
        (b"MZ", "This animation is not a Lottie (JSON), WebM or APNG file."),
        (b"", "This animation is not a Lottie (JSON), WebM or APNG file."),
    ],
)
def test_a_film_is_one_silent_track_of_pictures(data: bytes, sentence: str) -> None:
    assert refusal(inspect_animation, data) == sentence
