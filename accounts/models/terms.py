"""The terms of the site, in versions. Each order keeps the one that it was placed under."""

import re
from datetime import datetime
from typing import ClassVar, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.reference_data import reference_data
from foundation.dated import in_force, not_replaced


class TermsSection(NamedTuple):
    """A heading, empty for what stands before the first one, and its paragraphs."""

    heading: str
    paragraphs: list[str]


class TermsQuerySet(models.QuerySet["Terms"]):
    """Versions by date."""

    def begun(self, at: datetime | None = None) -> "TermsQuerySet":
        """Return the versions that hold or held, newest first."""
        return self.filter(valid_from__lte=at or timezone.now()).order_by("-valid_from")

    def current(self) -> "Terms":
        """Return the version in force. Raises `Terms.DoesNotExist` on a site without an economy."""
        found = in_force(_not_replaced()) or self.begun().first()
        if found is None:
            raise Terms.DoesNotExist("No terms are in force; run manage.py load_economy.")
        return found


class Terms(models.Model):
    """One version of the terms, from a day on.

    The database computes the fingerprint of the text, and refuses to change or delete a version
    that has begun (`accounts/sql/terms.sql`).
    """

    version = models.SlugField(
        _("version"),
        max_length=24,
        unique=True,
        help_text=_("Stands on each order and in the address, such as 2026-07."),
    )
    valid_from = models.DateTimeField(_("valid from"), unique=True)
    text = models.TextField(
        _("text"),
        max_length=100_000,
        help_text=_(
            "Plain text. An empty line begins a paragraph; a line that begins with ## is a heading."
        ),
    )
    sha256 = models.CharField(_("fingerprint (SHA-256)"), max_length=64, editable=False)

    objects: ClassVar[TermsQuerySet] = TermsQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("version of the terms")
        verbose_name_plural = _("terms")
        ordering = ("-valid_from",)

    def __str__(self) -> str:
        return self.version

    @property
    def sections(self) -> list[TermsSection]:
        """The text as a page shows it."""
        found = [TermsSection("", [])]
        for block in re.split(r"\n\s*\n", self.text.replace("\r\n", "\n").strip()):
            lines = block.strip()
            if lines.startswith("## "):
                heading, _newline, lines = lines[3:].partition("\n")
                found.append(TermsSection(heading.strip(), []))
            if lines.strip():
                found[-1].paragraphs.append(lines.strip())
        return [section for section in found if section.heading or section.paragraphs]


@reference_data
def _not_replaced() -> list[Terms]:
    """Return the version in force and those to come."""
    return not_replaced(Terms.objects.all())
