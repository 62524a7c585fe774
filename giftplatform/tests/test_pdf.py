"""Papers: the same bytes for the same facts, and names that stay in their place."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from foundation import pdf
from foundation.pdf import Column, Paper

AT = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
COLUMNS = [Column("What", 4), Column("Quantity", 1, figures=True)]
# The width of a page of A4 in points, and of its text.
WIDTH, MARGIN = 595.3, pdf.MARGIN_MM * 72 / 25.4


def paper(*names: str, stamp: str = "") -> bytes:
    made = Paper(title="Receipt 7", author="Giftplatform", at=AT, stamp=stamp)
    made.letterhead(title="Receipt", number="2026-000007", sender=["Giftplatform", "Kai 7"])
    made.facts([("Name", name) for name in names])
    made.table(COLUMNS, [[name, "1"] for name in names], total=["Total", "7"])
    made.note("Thank you.")
    return made.bytes()


def text(file: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)


def test_the_same_facts_give_the_same_bytes() -> None:
    assert paper("Alice", "山田太郎") == paper("Alice", "山田太郎")
    assert paper("Alice") != paper("Bob")


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Ørsted",
        "Ελλάδα Привет",
        "山田太郎",
        "ひかり カナ",
        "김철수",
        "สวัสดี",
        "Մհեր",
        "გიორგი",
        "ሰላም",
    ],
)
def test_a_name_is_drawn_in_its_own_script(name: str) -> None:
    assert name in text(paper(name))


@pytest.mark.parametrize("name", ["محمد", "שלום", "नमस्ते", "বাংলা", "தமிழ்", "ខ្មែរ", "🎣🐳"])
def test_a_name_in_a_script_that_joins_or_turns_has_a_font_for_every_letter(name: str) -> None:
    assert pdf.drawable(name) == name
    assert pdf.UNKNOWN not in text(paper(name))


def test_a_sign_without_a_font_is_drawn_as_its_letters_or_as_a_placeholder() -> None:
    assert pdf.drawable("𝕱𝖆𝖓𝖈𝖞 ꧁") == f"Fancy {pdf.UNKNOWN}"


def test_controls_and_turned_directions_do_not_reach_the_paper() -> None:
    assert pdf.drawable("a\u202eb\x00c\nd") == "abc d"


@pytest.mark.parametrize("name", ["W" * 400, "ﷺ" * 80, "a " * 300, "م" * 400, "山" * 300])
def test_a_long_name_is_wrapped_inside_its_cell(name: str) -> None:
    """Nothing is drawn past the margin of the text, and the table goes on beneath."""
    file = paper(name, "Alice")
    ends: list[float] = []

    def visit(said: str, _ctm: object, matrix: list[float], _font: object, _size: object) -> None:
        if said.strip():
            ends.append(matrix[4])

    for page in PdfReader(io.BytesIO(file)).pages:
        page.extract_text(visitor_text=visit)
    assert max(ends) < WIDTH - MARGIN
    assert min(ends) >= MARGIN - 1
    assert "Total" in text(file)


def test_a_table_goes_on_over_pages_with_its_head_again() -> None:
    pages = PdfReader(io.BytesIO(paper(*(f"name {n}" for n in range(60))))).pages
    assert len(pages) > 2
    assert "Quantity" in pages[-1].extract_text()
    assert f"{len(pages)} / {len(pages)}" in pages[-1].extract_text()


def test_a_stamp_stands_on_every_page() -> None:
    pages = PdfReader(io.BytesIO(paper(*("x" for _ in range(80)), stamp="SANDBOX"))).pages
    assert all(page.extract_text().count("SANDBOX") >= 2 for page in pages)


def test_a_paper_stays_small_whatever_fonts_it_opens() -> None:
    assert len(paper("Alice")) < 30_000
    assert len(paper("Alice", "山田太郎", "김철수", "محمد", "नमस्ते", "🎣")) < 60_000
