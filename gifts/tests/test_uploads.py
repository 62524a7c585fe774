"""What staff may upload, and what is refused: the sentence says what is wrong, and where."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gifts.tests.files import chunk, drawing, film, moving, part, reel
from gifts.uploads import UploadRefused, look_animation, look_picture

SHIPPED = Path(__file__).parents[1] / "static" / "gifts"


def refusal(look: Callable[[bytes], object], data: bytes) -> str:
    with pytest.raises(UploadRefused) as refused:
        look(data)
    assert refused.value.status == 422
    return refused.value.detail


# --- SVG ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", sorted((SHIPPED / "art").glob("*.svg")), ids=lambda file: file.stem
)
def test_every_drawing_of_ours_is_let_through(file: Path) -> None:
    assert look_picture(file.read_bytes()).suffix == "svg"


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<script>alert(1)</script>", "Line 2: <script> is a script."),
        ('<g>\n<rect onload="x()"/></g>', "Line 3: onload on <rect> starts a script."),
        ('<rect ONCLICK="x()"/>', "Line 2: ONCLICK on <rect> starts a script."),
        ("<foreignObject/>", "Line 2: <foreignObject> holds a page, not a drawing."),
        ('<image href="x.png"/>', "Line 2: <image> is not allowed."),
        ("<a/>", "Line 2: <a> is not allowed."),
        ("<feImage/>", "Line 2: <feImage> is not allowed."),
        ("<iframe/>", "Line 2: <iframe> is not allowed."),
        (
            "<style>*{}</style>",
            "Line 2: <style> is not allowed. Save it with the styles as attributes.",
        ),
        ("<animate/>", "Line 2: <animate> moves. Upload the movement as an animation."),
        ("<set/>", "Line 2: <set> moves. Upload the movement as an animation."),
        (
            '<use href="https://example.com/a.svg#b"/>',
            "Line 2: href on <use> leads out of the drawing.",
        ),
        ('<use href=" //example.com"/>', "Line 2: href on <use> leads out of the drawing."),
        ('<use href="data:image/svg+xml,x"/>', "Line 2: href on <use> leads out of the drawing."),
        (
            '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="a.svg#b"/>',
            "Line 2: href on <use> leads out of the drawing.",
        ),
        (
            '<use xmlns:l="http://www.w3.org/1999/xlink" l:href="javascript:x()"/>',
            "Line 2: href on <use> holds code.",
        ),
        (
            '<rect fill="url(https://example.com/x)"/>',
            "Line 2: url() in fill on <rect> leads out of the drawing.",
        ),
        (
            "<rect fill=\"URL( '//example.com' )\"/>",
            "Line 2: url() in fill on <rect> leads out of the drawing.",
        ),
        (
            '<rect style="background:url(x)"/>',
            "Line 2: url() in style on <rect> leads out of the drawing.",
        ),
        (
            "<rect style=\"background:image-set('//example.com/x' 1x)\"/>",
            "Line 2: image-set() in style on <rect> leads out of the drawing.",
        ),
        ('<rect style="@import x"/>', "Line 2: style on <rect> holds code."),
        ('<rect style="fill:\\75rl(x)"/>', "Line 2: style on <rect> holds code."),
        ('<rect src="x"/>', "Line 2: src on <rect> is not allowed."),
        (
            '<rect xmlns:i="http://inkscape.org/x" i:label="x"/>',
            "Line 2: label on <rect> is not of SVG. Save it as plain SVG.",
        ),
        (
            '<rect xml:base="https://example.com/"/>',
            "Line 2: base on <rect> is not of SVG. Save it as plain SVG.",
        ),
        (
            '<p xmlns="http://www.w3.org/1999/xhtml"/>',
            "Line 2: <p> is not of SVG. Save it as plain SVG.",
        ),
        ("<g>" * 40 + "</g>" * 40, "Line 2: more than 32 groups in one another."),
        ("<g/>" * 5_000, "Line 2: more than 4000 parts. Draw it simpler."),
        ('<g id="a"><use href="#a"/></g>', "Line 2: <use> goes round in a circle."),
        ("<?xml-stylesheet href='x'?>", "Line 2: <?xml-stylesheet?> is not allowed."),
        ("<rect>", "Line 2: this is no XML."),
    ],
)
def test_a_drawing_only_draws(inside: str, sentence: str) -> None:
    assert refusal(look_picture, drawing(inside)) == sentence


def test_copies_of_copies_are_counted_as_drawn() -> None:
    bomb = '<g id="a0"><rect/></g>' + "".join(
        f'<g id="a{n}">{f"""<use href="#a{n - 1}"/>""" * 10}</g>' for n in range(1, 7)
    )
    assert "What it draws, copies included" in refusal(look_picture, drawing(bomb))
    assert look_picture(drawing('<g id="a"><rect/></g>' + '<use href="#a"/>' * 100))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<!DOCTYPE svg><svg/>", "It begins with a DOCTYPE or an entity. Save it as plain SVG."),
        (
            b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
            "It begins with a DOCTYPE or an entity. Save it as plain SVG.",
        ),
        (b"<svg/>", "Line 1: this is no SVG."),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg"/>',
            "Line 1: the drawing has no viewBox, so it cannot be scaled.",
        ),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>',
            "Its width or height is nothing.",
        ),
        (b"<svg \xff>", "Its letters are not UTF-8. Save it as UTF-8."),
        (
            b'<?xml version="1.0" encoding="UTF-7"?><svg/>',
            "Its letters are not UTF-8. Save it as UTF-8.",
        ),
        (b"hello", "A picture is an SVG. This is something else."),
        (
            drawing("<!--" + "x" * 200_000 + "-->"),
            "The size of an SVG: 200.1 KB. Up to 200 is possible.",
        ),
    ],
)
def test_what_is_no_drawing(data: bytes, sentence: str) -> None:
    assert refusal(look_picture, data) == sentence


def test_what_a_drawing_may_do() -> None:
    inside = (
        '<defs><linearGradient id="a"><stop stop-color="#fff"/></linearGradient></defs>'
        '<g filter="url(#f)" style="mix-blend-mode:screen"><path fill="url(\'#a\')" d="M0 0"/></g>'
        '<text xml:space="preserve">Hello &lt;script&gt;</text>'
    )
    assert look_picture(drawing(inside)).plays_ms == 0


# --- Lottie ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", sorted((SHIPPED / "lottie").glob("*.json")), ids=lambda file: file.stem
)
def test_every_lottie_of_ours_is_let_through(file: Path) -> None:
    assert look_animation(file.read_bytes()).suffix == "json"


def test_a_lottie_says_how_long_it_plays() -> None:
    found = look_animation(film())
    assert (found.suffix, found.plays_ms) == ("json", 2_000)


def layers(**fields: Any) -> bytes:
    return film(layers=[{"ty": 4, "ks": {}} | fields])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            layers(ks={"r": {"a": 0, "k": 0, "x": "alert(1)"}}),
            "layers[0].ks.r.x: an expression is a script.",
        ),
        (
            layers(ks={"r": {"a": 0, "k": 0, "x": [["alert(1)"]]}}),
            "layers[0].ks.r.x: an expression is a script.",
        ),
        (layers(ty=2, refId="a"), "layers[0]: a layer with a picture. Draw it as shapes."),
        (layers(ty=6), "layers[0]: a kind of layer that we do not play."),
        (layers(ty="4"), "layers[0]: a kind of layer that we do not play."),
        (layers(ln="submit"), "layers[0].ln: names for the page are not allowed."),
        (layers(cl="toast"), "layers[0].cl: names for the page are not allowed."),
        (layers(td="<b>"), "layers[0].td: it leads out of the file."),
        (
            film(assets=[{"id": "a", "p": "a.png"}]),
            "assets[0].p: a picture from elsewhere. Draw it as shapes.",
        ),
        (
            film(assets=[{"id": "a", "u": "img/"}]),
            "assets[0].u: a picture from elsewhere. Draw it as shapes.",
        ),
        (
            film(fonts={"list": [{"fName": "A", "fPath": "https://example.com/a.css"}]}),
            "fonts.list[0].fPath: it is fetched from elsewhere.",
        ),
        (film(more={"at": "//example.com"}), "more.at: it leads out of the file."),
        (film(more=[{"at": ["javascript:x()"]}]), "more[0].at: it leads out of the file."),
        (layers(ty=0, refId="b"), "layers[0]: a composition that is not in the file."),
        (
            film(
                layers=[{"ty": 0, "refId": "a"}],
                assets=[{"id": "a", "layers": [{"ty": 0, "refId": "a"}]}],
            ),
            "assets.a.layers[0]: a composition inside of itself.",
        ),
        (film(layers=[{"ty": 4}] * 301), "Layers: 301 in all. Up to 300 is possible."),
        (
            film(
                layers=[{"ty": 0, "refId": "a"}] * 50,
                assets=[{"id": "a", "layers": [{"ty": 4}] * 10}],
            ),
            "Layers: 308 in all. Up to 300 is possible.",
        ),
        (film(layers={}), "layers: this is no list of layers."),
        (film(op=0), "It plays for no time at all."),
        (film(op=30 * 16), "How long it plays: 16 seconds. Up to 15 is possible."),
        (film(fr=0), "fr: 0.0 frames a second. From 1 to 120 is possible."),
        (film(w=5_000), "Its longer side: 5,000 pixels. Up to 1,920 is possible."),
        (film(w="200"), "w is not a number."),
        (film(h=0), "Its width or height is nothing."),
        (b"{}", "This is no Lottie file: layers is missing."),
        (b"[]", "This is no Lottie file: it holds no object."),
        (b'{"a": NaN}', "This is no JSON."),
        (b"{" * 5, "This is no JSON."),
        (b"[" * 100_000, "This is no JSON."),
        (film(more=[0] * 130_000), "More than 120,000 values. Draw it simpler."),
        (
            b"{" + b" " * 1_000_000 + b"}",
            "The size of a Lottie file: 1,000.1 KB. Up to 1,000 is possible.",
        ),
    ],
)
def test_a_lottie_only_moves_shapes(data: bytes, sentence: str) -> None:
    assert refusal(look_animation, data) == sentence


def test_what_an_author_calls_things_is_nobodys_business() -> None:
    names = layers(
        nm="see https://example.com", ks={"o": {"a": 1, "k": [{"i": {"x": [1]}, "t": 0}]}}
    )
    assert look_animation(names)


# --- APNG -----------------------------------------------------------------------------------


def test_a_moving_picture_says_how_long_it_plays() -> None:
    found = look_animation(moving())
    assert (found.suffix, found.plays_ms) == ("png", 1_000)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (moving() + b"<script>", "Byte 197: this PNG is broken here."),
        (moving() + chunk(b"tEXt"), "Byte 197: this does not belong to a PNG."),
        (moving()[:-12], "This PNG ends too early."),
        (moving()[:-5], "Byte 185: this PNG is broken here."),
        (moving().replace(b"acTL", b"acTX"), "Byte 33: this PNG is broken here."),
        (moving(extra=chunk(b"EVIL")), "Byte 185: EVIL is not of PNG."),
        (moving(frames=3), "It says 3 frames and holds 2."),
        (moving(frames=500, shown=500, hold=1), "Frames: 500 in all. Up to 450 is possible."),
        (moving(hold=5_000), "How long it plays: 100 seconds. Up to 15 is possible."),
        (moving(hold=0), "It plays for no time at all."),
        (moving(width=4_000), "Its longer side: 4,000 pixels. Up to 1,920 is possible."),
        (moving(width=0), "Its width or height is nothing."),
        (
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0\0\0\2" * 3 + b"\0") + chunk(b"IEND"),
            "This PNG does not move. Upload an APNG.",
        ),
        (b"\x89PNG\r\n\x1a\n", "This is no PNG: it does not begin with its size."),
        (moving() + b"\0" * 4_000_000, "The size of an APNG: 4.1 MB. Up to 4 is possible."),
    ],
)
def test_a_moving_picture_is_one_to_the_last_byte(data: bytes, sentence: str) -> None:
    assert refusal(look_animation, data) == sentence


# --- WebM -----------------------------------------------------------------------------------


def test_a_film_says_how_long_it_plays() -> None:
    found = look_animation(reel())
    assert (found.suffix, found.plays_ms) == ("webm", 2_000)
    clip = SHIPPED.parents[2] / "live/static/live/sample.webm"
    assert look_animation(clip.read_bytes()).plays_ms == 10_000


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (reel(doctype=b"matroska"), "This is no WebM."),
        (reel(kinds=(1, 2)), "It has sound or subtitles. A gift's film is silent."),
        (reel(kinds=(1, 1)), "It has 2 films in it, not one."),
        (reel(kinds=()), "It has 0 films in it, not one."),
        (reel(codec=b"V_MPEG4"), "Its codec is V_MPEG4. Use VP8, VP9 or AV1."),
        (reel(width=4_096), "Its longer side: 4,096 pixels. Up to 1,920 is possible."),
        (reel(width=0), "Its width or height is nothing."),
        (reel(duration=16_000.0), "How long it plays: 16 seconds. Up to 15 is possible."),
        (reel(last=60_000), "How long it plays: 60 seconds. Up to 15 is possible."),
        (
            reel(duration=float("nan")),
            "It does not say how long it plays. Save it as a file, not a stream.",
        ),
        (
            reel(extra=part(0x1941A469, b"x")),
            "Byte 228: a WebM of a gift holds pictures only, nothing attached.",
        ),
        (reel()[:-3], "Byte 26: this WebM is cut off."),
        (reel() + b"<script>", "Byte 216: this WebM is cut off."),
        (b"\x1a\x45\xdf\xa3", "Byte 4: this is no WebM."),
        (b"MZ", "An animation is Lottie (JSON), WebM or APNG. This is something else."),
        (b"", "An animation is Lottie (JSON), WebM or APNG. This is something else."),
    ],
)
def test_a_film_is_one_silent_track_of_pictures(data: bytes, sentence: str) -> None:
    assert refusal(look_animation, data) == sentence
