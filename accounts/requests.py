"""What a view may rely on, and how it reads what an address says."""

from django.http import HttpRequest

from accounts.models import User

MOST_DIGITS = 18  # every whole number that long fits into PostgreSQL's bigint


class AuthedRequest(HttpRequest):
    """A request that `LoginRequiredMiddleware` let through: its user is a person."""

    user: User


def number(text: str) -> int | None:
    """Return the whole number that was typed into an address; nothing where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
