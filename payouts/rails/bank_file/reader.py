"""Files that a bank sends back, opened with care and read by the module that knows their kind."""

import codecs
import re
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from payouts import refusals
from payouts.rails.bank_file import camt053, pain002
from payouts.rails.bank_file.rows import Statement

SPACE = "urn:iso:std:iso:20022:tech:xsd:"
READERS = {
    re.compile(r"camt\.053\.001\.(0[2-9]|1[0-3])"): camt053.statement,
    re.compile(r"pain\.002\.001\.(0[3-9]|1[0-4])"): pain002.statement,
}
DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
ASKED = {"UTF-8", "UTF8", "US-ASCII", "ASCII"}
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
    content = content.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")  # some banks' first line
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise refusals.StatementDoctype from None
    except (ParseError, ValueError, LookupError):  # not well-formed, or in an unknown encoding
        _letters_fit(content)
        raise refusals.StatementNotXml from None
    return root


def _letters_fit(content: bytes) -> None:
    """Refuse a file whose letters are not in the encoding that it names."""
    declared = DECLARED.match(content)
    encoding = declared[1].decode().upper() if declared else "UTF-8"
    if content.startswith(b"<") and encoding in ASKED:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            raise refusals.StatementEncoding(encoding=encoding) from None
