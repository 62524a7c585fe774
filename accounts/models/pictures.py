"""What was taken down of a creator's own pictures, and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Creator, User


class Part(models.TextChoices):
    """Where a creator's own picture stands. Each is a column of `Creator`."""

    PICTURE = "picture", _("profile picture")
    COVER = "cover", _("cover")
    POSTER = "poster", _("stream picture")


class PictureTakedown(models.Model):
    """A creator's picture that staff took down. The file is gone; this says why."""

    creator = models.ForeignKey(Creator, models.CASCADE, related_name="takedowns")
    part = models.CharField(_("picture"), max_length=7, choices=Part)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("taken down by"),
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture taken down")
        verbose_name_plural = _("pictures taken down")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="picture_taken_down_for_a_reason"),
            models.CheckConstraint(
                condition=Q(part__in=Part.values), name="picture_taken_down_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.reason}"
