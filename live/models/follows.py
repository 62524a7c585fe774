"""Followers, and the emails to them when a stream begins."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from live.models.streams import Stream


class Follow(models.Model):
    """A person who wants an email when a creator goes live."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="follows",
        db_index=False,
        verbose_name=_("follower"),
    )
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "creator"], name="one_follow_per_creator"),
            models.CheckConstraint(
                condition=~Q(user=models.F("creator")), name="follow_somebody_else"
            ),
        )

    def __str__(self) -> str:
        facts = {"fan": self.user.name, "creator": self.creator.name}
        return str(_("%(fan)s follows %(creator)s") % facts)


class Notice(models.Model):
    """An email about a stream. Written with what it tells, sent by a worker."""

    class Kind(models.TextChoices):
        """What it tells."""

        BEGUN = "begun", _("to a follower: it is live")
        STOPPED = "stopped", _("to its creator: staff stopped it")

    kind = models.CharField(max_length=7, choices=Kind, default=Kind.BEGUN)
    stream = models.ForeignKey(Stream, models.CASCADE, related_name="notices")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stream", "user", "kind"], name="one_notice_of_a_kind"),
        )
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True), name="notice_to_send"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.stream_id}"
