"""The limits of uploaded files, and their refusal."""

import math
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError
from foundation.figures import figure

LONGEST_MS = 15_000  # no gift plays longer
LARGEST_SIDE = 1_920
FARTHEST = 1e12  # a figure beyond is said to be this


class UploadRefused(DomainError):
    """A file that must not reach a screen; the sentence says what is wrong and where."""

    code = "upload_refused"
    status = 422
    message = _("%(sentence)s")

    def __init__(self, sentence: object, *, field: str | None = None) -> None:
        super().__init__(field=field, sentence=str(sentence))


@dataclass(frozen=True)
class Inspected:
    """An inspected file: how its name ends, and how long it plays (0: a picture)."""

    suffix: str
    plays_ms: int = 0


def tenths(value: float) -> Decimal:
    """Return a measure in tenths, rounded up."""
    return (Decimal(math.ceil(value * 10)) / 10).normalize()


def check_bound(what: object, value: float, most: float, unit: object) -> None:
    """Refuse a figure above its bound. Raises `UploadRefused`."""
    if value > most:
        raise UploadRefused(
            _("%(what)s: %(value)s %(unit)s. The limit is %(most)s.")
            % {
                "what": what,
                "value": figure(tenths(min(value, FARTHEST))),
                "unit": unit,
                "most": figure(Decimal(str(most)).normalize()),
            }
        )


def duration_of(milliseconds: float) -> int:
    """Return how long it plays, if that is something and not too long. Raises `UploadRefused`."""
    if not milliseconds > 0:
        raise UploadRefused(_("The animation has no duration."))
    check_bound(_("Duration"), milliseconds / 1_000, LONGEST_MS / 1_000, _("seconds"))
    return round(milliseconds)


def check_sides(width: float, height: float) -> None:
    """Refuse what is empty or too large to draw. Raises `UploadRefused`."""
    if not (width > 0 and height > 0):
        raise UploadRefused(_("The width or height is zero."))
    check_bound(_("Longer side"), max(width, height), LARGEST_SIDE, _("pixels"))
