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

LARGEST = 200_000
MOST_ELEMENTS = 4_000
MOST_DRAWN = 20_000
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
SCRIPTS = frozenset(["script", "handler", "listener"])
MOVES = frozenset(["animate", "animateMotion", "animateTransform", "animateColor", "set", "mpath"])
ADDRESS = re.compile(r"url\s*\(\s*(?![\"']?#)|\b(image(?:-set)?|src)\(", re.IGNORECASE)
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
        self._depth = 0
        self._count = 0
        self._open: list[tuple[str, int]] = []  # ids, and how many elements came before
        self._sizes: dict[str, int] = {}  # of what has an id, in elements
        self._copies: dict[str, list[str]] = {}  # an id, and what is copied inside of it
        self._weights: dict[str, int] = {}  # the same with all copies in it
        self._used: list[tuple[str, int | None]] = []

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
        self._depth += 1
        self._count += 1
        if self._depth == 1:
            self._root(space, tag, attrs)
        if self._count > MOST_ELEMENTS:
            self.refuse(_("more than %(most)s parts. Simplify the drawing."), most=MOST_ELEMENTS)
        if self._depth > DEEPEST:
            self.refuse(_("groups nested more than %(most)s levels deep."), most=DEEPEST)
        self._element(space, tag)
        values = {key: attrs.getValue(key) for key in attrs.getNames()}
        for (where, key), value in values.items():
            self._attribute(tag, where, key, value)
        self._note(tag, values)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802  # SAX's name
        """Leave an element."""
        self._depth -= 1
        named, before = self._open.pop()
        self._sizes[named] = self._count - before

    def finish(self) -> None:
        """Refuse copies of copies: a few lines may be a million parts. Raises `UploadRefused`."""
        total = self._count
        for target, line in self._used:
            total += self._weight(target, line, ())
        check_bound(_("Drawn parts, including copies"), total, MOST_DRAWN, _("parts"))

    def _weight(self, target: str, line: int | None, inside: tuple[str, ...]) -> int:
        if target in inside or len(inside) > DEEPEST:
            said = _("Line %(line)s: <use> refers to itself.")
            raise UploadRefused(said % {"line": line})
        if target not in self._weights:
            copies = self._copies.get(target, [])
            below = sum(self._weight(one, line, (*inside, target)) for one in copies)
            self._weights[target] = self._sizes.get(target, 0) + below
        return self._weights[target]

    def _root(self, space: str | None, tag: str, attrs: Any) -> None:
        if (space, tag) != (SVG, "svg"):
            self.refuse(_("this is not an SVG file."))
        box = [number for number in re.split(r"[\s,]+", attrs.get((None, "viewBox"), "")) if number]
        try:
            _x, _y, width, height = (float(number) for number in box)
        except ValueError:
            self.refuse(_("the drawing has no viewBox and can't be scaled."))
        check_sides(width, height)

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
        if key.lower() in ("href", "src") or space == XLINK:
            if key == "href" and not value.strip().startswith("#"):
                self.refuse(_("%(name)s on <%(tag)s> links outside the drawing."), **named)
            if key != "href":
                self.refuse(_("%(name)s on <%(tag)s> is not allowed."), **named)
        if address := ADDRESS.search(value):
            said = _("%(call)s() in %(name)s on <%(tag)s> links outside the drawing.")
            self.refuse(said, call=address[1] or "url", **named)

    def _note(self, tag: str, values: dict[tuple[str | None, str], str]) -> None:
        self._open.append((values.get((None, "id"), ""), self._count - 1))
        if tag == "use":
            target = values.get((None, "href")) or values.get((XLINK, "href")) or ""
            target = target.strip().removeprefix("#")
            self._used.append((target, self._locator.getLineNumber()))
            for outer, _before in self._open:
                if outer:
                    self._copies.setdefault(outer, []).append(target)
