"""Files that a bank sends back, opened with care and read by the module that knows their kind."""

import codecs
import re
from contextlib import suppress
from os import SEEK_END
from typing import BinaryIO
from xml.etree.ElementTree import ParseError, iterparse  # after the document type is refused
from xml.parsers import expat

from django.conf import settings

from foundation.bank_files import camt053, pain002, refusals
from foundation.bank_files.rows import Events, Statement
from foundation.figures import figure

SPACE = "urn:iso:std:iso:20022:tech:xsd:"
READERS = {
    re.compile(r"camt\.053\.001\.(0[2-9]|1[0-3])"): camt053.statement,
    re.compile(r"pain\.002\.001\.(0[3-9]|1[0-4])"): pain002.statement,
}
KIND = re.compile(r"[a-z]{4}\.\d{3}\.\d{3}\.\d{2}")
DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding=["']([A-Za-z0-9._-]{1,40})["']""")
ASKED = {"UTF-8", "UTF8", "US-ASCII", "ASCII"}
PIECE = 64 * 1024
# A statement's own elements are some twenty deep.
DEEPEST = 64
MOST_NAMES = 1_000  # that are remembered: a hostile file can make up millions
ROWS = ("Ntry", "TxDtls", "TxInfAndSts")
SHORTEST_ROW = 200  # bytes; without this bound a row could be seven, and a file has millions


def most_bytes() -> int:
    """Return the size of the largest file that is read."""
    return int(settings.STATEMENT_MAX_MB) * 1024 * 1024


def most_rows() -> int:
    """Return how many rows are read: as many as the largest file can have."""
    return most_bytes() // SHORTEST_ROW


def read(file: BinaryIO) -> Statement:
    """Return what the file says, read piece by piece. Raises the refusal that fits: too large, not
    XML, not a bank's answer, incomplete.
    """
    _refuse_large(file)
    start = _start_of(file)
    _refuse_doctype(file, start)
    events = _events(file, start)
    space, name = next(events)[1].tag.removeprefix("{").rpartition("}")[::2]
    kind = space.removeprefix(SPACE)
    for pattern, reader in READERS.items():
        if name == "Document" and pattern.fullmatch(kind):
            return reader(_plain(events))
    if KIND.fullmatch(kind):
        raise refusals.StatementOtherKind(kind=kind)
    raise refusals.StatementNotCamt


def _refuse_large(file: BinaryIO) -> None:
    if file.seek(0, SEEK_END) > most_bytes():
        raise refusals.StatementTooLarge(limit=settings.STATEMENT_MAX_MB)


def _start_of(file: BinaryIO) -> int:
    """Return where the document begins: some banks leave a line free before it."""
    file.seek(0)
    start = len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
    file.seek(start)
    while piece := file.read(PIECE):
        if words := piece.lstrip(b" \t\r\n"):
            return start + len(piece) - len(words)
        start += len(piece)
    return start


def _refuse_doctype(file: BinaryIO, start: int) -> None:
    """Refuse a document type, and so every entity, before anything is built: one can stand in
    front of the first element only.
    """
    begun: list[str] = []

    def refuse(*_args: object) -> None:
        raise refusals.StatementDoctype

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, _attributes: begun.append(name)
    file.seek(start)
    with suppress(expat.ExpatError, ValueError, LookupError):  # told by the reading that follows
        while not begun and (piece := file.read(PIECE)):
            parser.Parse(piece)


def _events(file: BinaryIO, start: int) -> Events:
    file.seek(start)
    try:
        yield from iterparse(file, events=("start", "end"))  # noqa: S314  # no document type: see above
    except (ParseError, ValueError, LookupError):  # not well-formed, or in an unknown encoding
        _letters_fit(file, start)
        raise refusals.StatementNotXml from None


def _plain(events: Events) -> Events:
    """Yield the events with names as every version and every prefix writes them, of a file that is
    neither too deep nor has too many rows.
    """
    depth, rows = 1, dict.fromkeys(ROWS, 0)
    plain: dict[str, str] = {}  # a million elements have a hundred names
    for event, node in events:
        if event == "start":
            name = node.tag
            node.tag = plain.get(name) or name.rpartition("}")[2]
            if len(plain) < MOST_NAMES:
                plain[name] = node.tag
            if node.tag in rows:
                rows[node.tag] += 1
                if rows[node.tag] > most_rows():
                    raise refusals.StatementTooManyRows(limit=figure(most_rows()))
            depth += 1
            if depth > DEEPEST:
                raise refusals.StatementNotCamt
        else:
            depth -= 1
        yield event, node


def _letters_fit(file: BinaryIO, start: int) -> None:
    """Refuse a file whose letters are not in the encoding that it names."""
    file.seek(start)
    piece = file.read(PIECE)
    declared = DECLARED.match(piece)
    encoding = declared[1].decode().upper() if declared else "UTF-8"
    if not piece.startswith(b"<") or encoding not in ASKED:
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece:
            decoder.decode(piece)
            piece = file.read(PIECE)
    except UnicodeDecodeError:
        raise refusals.StatementEncoding(encoding=encoding) from None
