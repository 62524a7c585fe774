"""Versions of something, each from a moment on."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # from then on what comes with the site is in force


class Dated(Protocol):
    """A version of something, from a moment on."""

    valid_from: datetime


D = TypeVar("D", bound=Dated)
M = TypeVar("M", bound=Model)


def in_force(versions: Iterable[D], at: datetime | None = None) -> D | None:
    """Return the newest version that has begun; of prefetched rows, without asking again."""
    moment = at or timezone.now()
    begun = (version for version in versions if version.valid_from <= moment)
    return max(begun, key=lambda version: version.valid_from, default=None)


def not_replaced(versions: QuerySet[M]) -> list[M]:
    """Read the version of one thing that is in force and those to come.

    Of them `in_force` finds the one of every later moment.
    """
    now = timezone.now()
    begun = versions.filter(valid_from__lte=now).order_by("-valid_from")[:1]
    return [*begun, *versions.filter(valid_from__gt=now)]
