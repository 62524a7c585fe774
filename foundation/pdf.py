"""Papers: PDF files of one look, with a letterhead, facts, tables and notes.

The same calls give the same bytes: a paper carries the moment of what it says, not of its drawing.
Texts are cleaned, wrapped inside their cell, and drawn in whatever script a name is written in.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF, FontFace
from fpdf.enums import Align, TableBordersLayout, VAlign, WrapMode, XPos, YPos

from foundation.texts import clean

FONTS = Path(__file__).parent / "fonts"
TEXT = "NotoSans"
# Tried in this order for what the font of the text has no glyph for; the largest stands last.
OTHERS = (
    "NotoSansArabic",
    "NotoSansHebrew",
    "NotoSansThai",
    "NotoSansArmenian",
    "NotoSansGeorgian",
    "NotoSansDevanagari",
    "NotoSansBengali",
    "NotoSansGurmukhi",
    "NotoSansGujarati",
    "NotoSansOriya",
    "NotoSansTamil",
    "NotoSansTelugu",
    "NotoSansKannada",
    "NotoSansMalayalam",
    "NotoSansSinhala",
    "NotoSansLao",
    "NotoSansKhmer",
    "NotoSansMyanmar",
    "NotoSansEthiopic",
    "NotoEmoji",
    "NotoSansKR",
    "DroidSansFallback",
)
UNKNOWN = "\ufffd"  # what is drawn for a sign that no font has

MARGIN_MM, GAP_MM = 20, 3
INK, GREY, RULE = (22, 32, 43), (91, 103, 117), (214, 210, 202)
LARGE, NORMAL, SMALL = 20, 10, 8.5
LEADING = 1.35


@cache
def _covered(font: str) -> frozenset[int]:
    """Return the signs that a font has, by code point."""
    with TTFont(FONTS / f"{font}-Regular.ttf", lazy=True) as file:
        return frozenset(file.getBestCmap())


@cache
def _font_of(sign: str) -> str | None:
    return next((font for font in OTHERS if ord(sign) in _covered(font)), None)


def drawable(text: str) -> str:
    """Return a text on one line as the fonts can draw it.

    A sign that no font has is drawn as the plain letters it stands for, or as a placeholder.
    """
    return "".join(sign if _has_font(sign) else _plain(sign) for sign in clean(text))


def _has_font(sign: str) -> bool:
    return ord(sign) in _covered(TEXT) or _font_of(sign) is not None


def _plain(sign: str) -> str:
    letters = unicodedata.normalize("NFKC", sign)
    return letters if all(map(_has_font, letters)) else UNKNOWN


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its share of the width, figures to the right."""

    head: str
    share: int
    figures: bool = False


@dataclass(frozen=True)
class Card:
    """A card to cut out: what it is worth, its code, and a square of dark dots to scan."""

    title: str
    worth: str
    lines: Sequence[str]
    code: str
    number: str
    square: Sequence[Sequence[bool]]


CARD_MM = (85.0, 54.0)  # as a bank card
CARDS_ABREAST, CARDS_BELOW = 2, 4
SQUARE_MM = 25.0
QUIET_DOTS = 4  # readers look for a border of so many empty dots


class Paper:
    """One PDF file in A4, written from top to bottom."""

    def __init__(self, *, title: str, author: str, at: datetime, stamp: str = "") -> None:
        """Begin a paper. `stamp` stands large across each of its pages, and at their foot."""
        self._pdf = pdf = _File(foot=drawable(title), stamp=stamp)
        pdf.set_creation_date(at)
        pdf.set_title(clean(title))
        pdf.set_author(clean(author))
        pdf.set_lang("en")
        pdf.add_page()

    def letterhead(self, *, title: str, number: str, sender: Sequence[str]) -> None:
        """Write what the paper is and its number at the left, who sends it at the right."""
        pdf, half = self._pdf, self._pdf.epw / 2
        top = pdf.get_y()
        self._words(title, size=LARGE, bold=True, width=half)
        self._words(number, colour=GREY, width=half)
        left, pdf.y = pdf.get_y(), top
        for at, line in enumerate(sender):
            pdf.x = pdf.l_margin + half
            self._words(line, bold=at == 0, width=half, align=Align.R)
        pdf.y = max(left, pdf.get_y()) + 6

    def heading(self, words: str) -> None:
        """Write a heading over what follows."""
        self._pdf.y += 3
        self._words(words, size=12, bold=True)
        self._pdf.y += 1

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Write names of facts with their values beside them, each on a line or more."""
        with self._table((1, 2), (Align.L, Align.L), heads=False) as row:
            for name, value in facts:
                row([name, value], [FontFace(color=GREY), None])
        self._pdf.y += 5

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str]],
        *,
        foot: Iterable[Sequence[str]] = (),
        total: Sequence[str] = (),
    ) -> None:
        """Write a table; its head comes again on each page. `total` is the last row, in bold."""
        aligned = tuple(Align.R if column.figures else Align.L for column in columns)
        with self._table(tuple(column.share for column in columns), aligned, heads=True) as row:
            row([column.head for column in columns])
            for cells in (*rows, *foot):
                row(cells)
            if total:
                row(total, [FontFace(emphasis="BOLD")] * len(columns))
        self._pdf.y += 5

    def cards(self, cards: Iterable[Card]) -> None:
        """Draw cards to cut out, eight on a page."""
        on_page = CARDS_ABREAST * CARDS_BELOW
        for at, card in enumerate(cards):
            if at and at % on_page == 0:
                self._pdf.add_page()
            down, across = divmod(at % on_page, CARDS_ABREAST)
            self._card(card, MARGIN_MM + across * CARD_MM[0], MARGIN_MM + down * CARD_MM[1])

    def _card(self, card: Card, left: float, top: float) -> None:
        pdf, pad = self._pdf, 5
        wide, high = CARD_MM
        pdf.set_draw_color(*RULE)
        pdf.rect(left, top, wide, high)
        words = wide - 2 * pad - SQUARE_MM - GAP_MM
        pdf.set_xy(left + pad, top + pad)
        for text, size, bold, colour in (
            (card.title, NORMAL + 1, True, INK),
            (card.worth, NORMAL, False, INK),
            *((line, SMALL - 1, False, GREY) for line in card.lines),
        ):
            pdf.x = left + pad
            self._words(text, size=size, bold=bold, colour=colour, width=words)
            pdf.y += 0.8
        self._square(card.square, left + wide - pad - SQUARE_MM, top + pad)
        pdf.set_xy(left + pad, top + high - pad - 7)
        self._words(card.code, size=13, bold=True, width=wide - 2 * pad)
        pdf.set_xy(left + wide - pad - SQUARE_MM, top + pad + SQUARE_MM + 1)
        self._words(card.number, size=SMALL - 1, colour=GREY, width=SQUARE_MM, align=Align.R)

    def _square(self, square: Sequence[Sequence[bool]], left: float, top: float) -> None:
        """Draw dots, each row's neighbours in one stroke, on white, with their quiet border."""
        pdf, dot = self._pdf, SQUARE_MM / (len(square) + 2 * QUIET_DOTS)
        pdf.set_fill_color(255, 255, 255)
        pdf.rect(left, top, SQUARE_MM, SQUARE_MM, style="F")
        pdf.set_fill_color(*INK)
        for down, row in enumerate(square):
            start = None
            for across, dark in enumerate([*row, False]):
                if dark and start is None:
                    start = across
                elif not dark and start is not None:
                    pdf.rect(
                        left + (start + QUIET_DOTS) * dot,
                        top + (down + QUIET_DOTS) * dot,
                        (across - start) * dot,
                        dot,
                        style="F",
                    )
                    start = None

    def note(self, words: str) -> None:
        """Write a paragraph in small."""
        self._words(words, size=SMALL, colour=GREY)
        self._pdf.y += 1.5

    def bytes(self) -> bytes:
        """Return the file."""
        return bytes(self._pdf.output())

    @contextmanager
    def _table(
        self, shares: tuple[int, ...], aligned: tuple[Align, ...], *, heads: bool
    ) -> Iterator[Callable[..., None]]:
        pdf = self._pdf
        pdf.set_font(TEXT, size=NORMAL)
        pdf.set_text_color(*INK)
        pdf.set_draw_color(*RULE)
        with pdf.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES if heads else "NONE",
            col_widths=shares,
            first_row_as_headings=heads,
            headings_style=FontFace(color=GREY),
            line_height=pdf.font_size * LEADING,
            text_align=aligned,
            v_align=VAlign.T,
        ) as table:
            high = 1.4 if heads else 0.5

            def row(cells: Sequence[str], styles: Sequence[FontFace | None] = ()) -> None:
                line = table.row()
                for at, text in enumerate(cells):
                    gap = GAP_MM if at + 1 < len(cells) else 0
                    style = styles[at] if styles else None
                    line.cell(drawable(text), style=style, padding=(high, gap, high, 0))

            yield row

    def _words(
        self,
        words: str,
        *,
        size: float = NORMAL,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        width: float = 0,
        align: Align = Align.L,
    ) -> None:
        pdf = self._pdf
        pdf.set_font(TEXT, "B" if bold else "", size)
        pdf.set_text_color(*colour)
        pdf.multi_cell(
            width,
            pdf.font_size * LEADING,
            drawable(words),
            align=align,
            wrapmode=WrapMode.WORD,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )


class _File(FPDF):
    """The file behind a paper: its fonts, and what stands on each page."""

    def __init__(self, *, foot: str, stamp: str) -> None:
        super().__init__(format="A4")
        self._foot, self._stamp = foot, stamp
        self.set_margin(MARGIN_MM)
        self.c_margin = 0  # words begin where rules begin
        self.set_auto_page_break(auto=True, margin=MARGIN_MM + 8)
        self.add_font(TEXT, "", FONTS / f"{TEXT}-Regular.ttf")
        self.add_font(TEXT, "B", FONTS / f"{TEXT}-Bold.ttf")
        self.set_font(TEXT, size=NORMAL)
        # Our words run from left to right; a name in another script runs its own way among them.
        self.set_text_shaping(use_shaping_engine=True, direction="ltr")
        self.alias_nb_pages()

    def get_fallback_font(self, char: str, style: str = "") -> str | None:
        """Return the font that has a sign; it is opened when the first sign asks for it."""
        font = _font_of(char)
        if font and font.lower() not in self.fonts:
            self.add_font(font, "", FONTS / f"{font}-Regular.ttf")
        return font.lower() if font else None

    def header(self) -> None:
        """Stamp the page, beneath what is written on it."""
        if not self._stamp:
            return
        self.set_font(TEXT, "B", 72)
        self.set_text_color(240, 238, 234)
        x, y = self.w / 2, self.h / 2
        with self.rotation(38, x, y):
            self.text(x - self.get_string_width(self._stamp) / 2, y, self._stamp)

    def footer(self) -> None:
        """Write what the paper is, and which of how many pages this is."""
        self.set_y(-MARGIN_MM)
        self.set_font(TEXT, size=SMALL)
        self.set_text_color(*GREY)
        page = f"{self.page_no()} / {{nb}}"
        self.cell(0, 5, " · ".join(filter(None, (self._stamp, self._foot, page))))
