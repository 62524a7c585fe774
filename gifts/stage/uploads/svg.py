"""Looking through an SVG: only what draws is let through, and only what it brings itself.

What is not on the lists is refused, so nothing new that browsers learn gets in by itself.
"""

import re
from io import BytesIO
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import Locator

import defusedxml.sax
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from gifts.stage.uploads.limits import Inspected, UploadRefused, check_bound, check_sides
from gifts.stage.uploads.outlines import LARGEST_NUMBER
from gifts.stage.uploads.parts import Part
from gifts.stage.uploads.svg_drawn import count_drawn

LARGEST = 200_000
MOST_ELEMENTS = 4_000
DEEPEST = 32
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

# fmt: off
ELEMENTS = frozenset([
    "svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse",
    "line", "polyline", "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop",
    "clipPath", "mask", "pattern", "marker", "filter", "feBlend", "feColorMatrix", "feComposite",
    "feDropShadow", "feFlood", "feGaussianBlur", "feMerge", "feMergeNode", "feOffset",
])
# fmt: on
# What `style` may say: the properties that paint.
STYLES = re.compile(
    r"(?:-inkscape-|font|text-|stroke|fill|marker|stop-|flood-|color|clip-|solid-|writing-|word-)"
    r"[\w-]*|opacity|display|visibility|overflow|mask|mask-type|filter|isolation|mix-blend-mode"
    r"|enable-background|(?:image|shape)-rendering|paint-order|vector-effect|letter-spacing|line-height"
    r"|baseline-shift|dominant-baseline|alignment-baseline|white-space|direction|unicode-bidi|kerning"
)
COMPUTED = re.compile(
    r"\b((?:var|env|attr|calc|min|max|clamp)(?=\s*\()|context-(?:fill|stroke)\b)", re.IGNORECASE
)
WORDS = frozenset(["id", "class", "href", "lang", "role", "font-family", "d"])
FIGURE = re.compile(r"(?<![#\w.-])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
ID = re.compile(r"[^\s\"'();]+")
SCRIPTS = frozenset(["script", "handler", "listener"])
MOVES = frozenset(["animate", "animateMotion", "animateTransform", "animateColor", "set", "mpath"])
ADDRESS = re.compile(r"url\s*\((?!\s*[\"']?\s*#)|\b(image(?:-set)?|src)\(", re.IGNORECASE)
CODE = re.compile(r"javascript\s*:|vbscript\s*:|expression\s*\(|@import|\\", re.IGNORECASE)
ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)


def inspect(data: bytes) -> Inspected:
    """Return what this drawing is. Raises `UploadRefused`."""
    check_bound(_("SVG file size"), len(data) / 1_000, LARGEST / 1_000, "KB")
    if ENCODING.match(data):
        raise UploadRefused(_("The text is not UTF-8. Save the file as UTF-8."))
    reader = Reader()
    parser: Any = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(reader)
    try:
        data.decode("utf-8")
        parser.parse(BytesIO(data))
    except UnicodeDecodeError:
        raise UploadRefused(_("The text is not UTF-8. Save the file as UTF-8.")) from None
    except DefusedXmlException:
        raise UploadRefused(
            _("The file contains a DOCTYPE or an entity. Save it as plain SVG.")
        ) from None
    except SAXException as fault:
        line = getattr(fault, "getLineNumber", lambda: 1)()
        raise UploadRefused(_("Line %(line)s: this is not valid XML.") % {"line": line}) from None
    reader.finish()
    return Inspected("svg")


class Reader(ContentHandler):
    """Goes through the elements one by one and stops at the first that is not to be."""

    _locator: Locator  # the parser sets it

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._open: list[Part] = []
        self._root: Part | None = None
        self._named: dict[str, Part] = {}
        self._side = 0.0

    def refuse(self, sentence: str, **facts: object) -> None:
        """Raise `UploadRefused` for what stands here."""
        said = sentence % facts
        line = self._locator.getLineNumber()
        raise UploadRefused(_("Line %(line)s: %(said)s") % {"line": line, "said": said})

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802  # SAX's name
        """Refuse style sheets and whatever else is called from outside."""
        self.refuse(_("<?%(name)s?> is not allowed."), name=target)

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802  # SAX's name
        """Look at one element and its attributes."""
        space, tag = name
        self._count += 1
        if not self._open:
            self._begin(space, tag, attrs)
        if self._count > MOST_ELEMENTS:
            self.refuse(_("more than %(most)s parts. Simplify the drawing."), most=MOST_ELEMENTS)
        if len(self._open) >= DEEPEST:
            self.refuse(_("groups nested more than %(most)s levels deep."), most=DEEPEST)
        self._element(space, tag)
        values: dict[str, str] = {}
        for where, key in attrs.getNames():
            value = attrs.getValue((where, key))
            self._attribute(tag, where, key, value)
            said = self._styles(tag, value) if key == "style" else [(key, value)]
            for one, what in said:
                values[one] = f"{values[one]};{what}" if one in values else what
        self._note(Part(tag, self._locator.getLineNumber() or 0, values, self._side))

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802  # SAX's name
        """Leave an element."""
        self._open.pop()

    def characters(self, content: str) -> None:
        """Count the letters of a text: each is drawn."""
        if self._open:
            self._open[-1].letters += len(content.strip())

    def finish(self) -> None:
        """Refuse what draws too much. Raises `UploadRefused`."""
        assert self._root is not None  # noqa: S101  # the file was read to its end
        try:
            count_drawn(self._root, self._named)
        except OverflowError as fault:
            raise UploadRefused(_("The number %(it)s is too large.") % {"it": fault}) from None

    def _begin(self, space: str | None, tag: str, attrs: Any) -> None:
        if (space, tag) != (SVG, "svg"):
            self.refuse(_("this is not an SVG file."))
        box = [number for number in re.split(r"[\s,]+", attrs.get((None, "viewBox"), "")) if number]
        try:
            _x, _y, width, height = (float(number) for number in box)
        except ValueError:
            self.refuse(_("the drawing has no viewBox and can't be scaled."))
        check_sides(width, height)
        self._side = max(width, height)

    def _element(self, space: str | None, tag: str) -> None:
        if space != SVG:
            self.refuse(_("<%(name)s> is not an SVG element. Save it as plain SVG."), name=tag)
        if tag in SCRIPTS:
            self.refuse(_("<%(name)s> is a script."), name=tag)
        if tag == "foreignObject":
            self.refuse(_("<foreignObject> is not allowed."))
        if tag in MOVES:
            self.refuse(_("<%(name)s> is animated. Upload the motion as an animation."), name=tag)
        if tag == "style":
            self.refuse(_("<style> is not allowed. Save styles as attributes."))
        if tag not in ELEMENTS:
            self.refuse(_("<%(name)s> is not allowed."), name=tag)

    def _attribute(self, tag: str, space: str | None, key: str, value: str) -> None:
        named = {"name": key, "tag": tag}
        if space not in (None, XLINK, XML) or (space == XML and key not in ("space", "lang")):
            self.refuse(
                _("%(name)s on <%(tag)s> is not an SVG attribute. Save it as plain SVG."), **named
            )
        if key.lower().startswith("on"):
            self.refuse(_("%(name)s on <%(tag)s> runs a script."), **named)
        if CODE.search(value):
            self.refuse(_("%(name)s on <%(tag)s> contains code."), **named)
        self._address(space, key, value, named)
        if computed := COMPUTED.search(value):
            self.refuse(
                _("%(call)s in %(name)s on <%(tag)s> is not allowed. Use plain values."),
                call=computed[1],
                **named,
            )
        words = key in WORDS or key.startswith(("aria-", "data-"))
        for found in FIGURE.finditer("" if words else value):
            if abs(float(found[0])) > LARGEST_NUMBER:
                said = _("%(name)s on <%(tag)s> has a number that is too large: %(it)s.")
                self.refuse(said, it=found[0][:20], **named)

    def _address(self, space: str | None, key: str, value: str, named: dict[str, str]) -> None:
        if key.lower() in ("href", "src") or space == XLINK:
            if key == "href" and not value.strip().startswith("#"):
                self.refuse(_("%(name)s on <%(tag)s> links outside the drawing."), **named)
            if key != "href":
                self.refuse(_("%(name)s on <%(tag)s> is not allowed."), **named)
        if address := ADDRESS.search(value):
            said = _("%(call)s() in %(name)s on <%(tag)s> links outside the drawing.")
            self.refuse(said, call=address[1] or "url", **named)

    def _styles(self, tag: str, value: str) -> list[tuple[str, str]]:
        """Return the properties of a `style` attribute."""
        found: list[tuple[str, str]] = []
        for one in value.split(";"):
            name, colon, what = one.partition(":")
            name = name.strip().lower()
            if not one.strip():
                continue
            if not colon or not STYLES.fullmatch(name):
                self.refuse(
                    _("%(name)s in style on <%(tag)s> is not allowed."), name=name[:40], tag=tag
                )
            found.append((name, what.strip()))
        return found

    def _note(self, part: Part) -> None:
        named = part.values.get("id")
        if named is not None:
            if not ID.fullmatch(named) or named in self._named:
                said = _("the id “%(id)s” is used twice or has a space, quote or bracket.")
                self.refuse(said, id=named[:40])
            self._named[named] = part
        if self._open:
            part.parent = self._open[-1]
            part.parent.inside.append(part)
        else:
            self._root = part
        self._open.append(part)
