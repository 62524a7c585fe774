"""Cells of downloaded tables, safe for spreadsheets."""

# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain(cell: str) -> str:
    """Return a cell that a spreadsheet reads as text and never runs."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
