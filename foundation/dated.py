"""Versions of something, each from a moment on."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from django.utils import timezone

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # from then on what comes with the site is in force


class Dated(Protocol):
    """A version of something, from a moment on."""

    valid_from: datetime


D = TypeVar("D", bound=Dated)


def in_force(versions: Iterable[D], at: datetime | None = None) -> D | None:
    """Return the newest version that has begun; of prefetched rows, without asking again."""
    moment = at or timezone.now()
    begun = (version for version in versions if version.valid_from <= moment)
    return max(begun, key=lambda version: version.valid_from, default=None)
