"""What staff uploaded for a gift, and whether it could be drawn."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gifts.models.catalogue import Gift


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads by what is to be done with them."""

    def due(self) -> "UploadQuerySet":
        """Return the uploads to be drawn now, the longest waiting first."""
        waiting = self.filter(state=Upload.State.WAITING, due_at__lte=timezone.now())
        return waiting.order_by("due_at")


class Upload(models.Model):
    """A picture or an animation for a gift, which shows it once it was drawn."""

    class Part(models.TextChoices):
        """What of the gift it is to be."""

        PICTURE = "art", _("picture")
        ANIMATION = "motion", _("animation")

    class State(models.TextChoices):
        """How far it has got."""

        WAITING = "waiting", _("waiting to be drawn")
        DRAWN = "drawn", _("drawn")
        REFUSED = "refused", _("refused")

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="uploads")
    part = models.CharField(_("part"), max_length=6, choices=Part)
    path = models.CharField(_("path"), max_length=160)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    sentence = models.CharField(_("why it was refused"), max_length=200, blank=True)
    poster = models.CharField(_("as it was drawn"), max_length=160, blank=True)
    took_ms = models.PositiveIntegerField(_("drawn in, milliseconds"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)

    objects: ClassVar[UploadQuerySet] = UploadQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["gift", "part"],
                condition=Q(state="waiting"),
                name="one_upload_waits_for_each_part",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(sentence=""), name="refused_upload_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="drawn") | Q(took_ms__isnull=False),
                name="drawn_upload_took_its_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(state="waiting"), name="upload_to_be_drawn"
            ),
            # What a gift may show is looked up by its path.
            models.Index(fields=["path"], condition=Q(state="drawn"), name="upload_drawn"),
        )

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.get_state_display()}"
