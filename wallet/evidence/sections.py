"""The parts of a pack of evidence. Each app writes those of its own rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings

from wallet.models import Dispute

MOST_ROWS = 200


@dataclass(frozen=True)
class Section:
    """Facts under a heading, or a table with its heads; a note says what is not kept.

    `log` is true for what the buyer did on the site: banks ask for it by itself.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    log: bool = False


def sections_of(dispute: Dispute) -> list[Section]:
    """Return all parts, in the settings' order."""
    found: list[Section] = []
    for name in settings.DISPUTE_EVIDENCE:
        parts: Iterable[Section] = import_module(name).sections(dispute)
        found.extend(parts)
    return found
