"""How the site reads a number from an address."""

MOST_DIGITS = 18  # every whole number that long fits into PostgreSQL's bigint


def number(text: str) -> int | None:
    """Return the whole number that was typed into an address; nothing where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
