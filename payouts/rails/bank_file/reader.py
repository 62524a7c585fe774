"""Files that a bank sends back, opened with care and read by the module that knows their kind."""

import re
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from payouts import refusals
from payouts.rails.bank_file import camt053, pain002
from payouts.rails.bank_file.rows import Statement

SPACE = "urn:iso:std:iso:20022:tech:xsd:"
READERS = {
    re.compile(r"camt\.053\.001\.(02|08)"): camt053.statement,
    re.compile(r"pain\.002\.001\.(03|10)"): pain002.statement,
}
MOST_BYTES = 5 * 1024 * 1024


def read(content: bytes) -> Statement:
    """Return what the file says. Raises the refusal that fits: too large, not XML, not a bank's
    answer, incomplete.
    """
    if len(content) > MOST_BYTES:
        raise refusals.StatementTooLarge(limit=MOST_BYTES // 1024 // 1024)
    root = _opened(content)
    space, _brace, name = root.tag.rpartition("}")
    kind = space.removeprefix("{" + SPACE)
    for pattern, reader in READERS.items():
        if name == "Document" and pattern.fullmatch(kind):
            for node in root.iter():  # versions name their elements alike: read without namespace
                node.tag = node.tag.rpartition("}")[2]
            return reader(root)
    raise refusals.StatementNotCamt


def _opened(content: bytes) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise refusals.StatementDoctype from None
    except (ParseError, ValueError, LookupError):  # not well-formed, or in an unknown encoding
        raise refusals.StatementNotXml from None
    return root
