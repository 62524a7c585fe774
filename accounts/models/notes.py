"""Notes of staff about a person: written once, read by the next member of staff who is asked."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_NOTE = 1_000


class StaffNote(models.Model):
    """What a member of staff wrote about a person. The database refuses to change it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="staff_notes",
        verbose_name=_("person"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    text = models.CharField(_("note"), max_length=LONGEST_NOTE)
    key = models.UUIDField(default=uuid.uuid4, editable=False, help_text=_("one for each form"))
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("note of staff")
        verbose_name_plural = _("notes of staff")
        ordering = ("-id",)
        default_permissions = ("add", "view")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "by", "key", "text"], name="one_staff_note_per_press"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="staff_note_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.by}: {self.text}"
