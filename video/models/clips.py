"""Clips: up to a minute of a stream, in files of their own."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.models import Stream
from video.models.broadcasts import Broadcast, new_folder

LONGEST_TITLE, SHORTEST_S, LONGEST_S = 80, 5, 60


class ClipQuerySet(models.QuerySet["Clip"]):
    """Clips by what can be done with them."""

    def ready(self) -> "ClipQuerySet":
        """Return those that can be watched."""
        return self.known().filter(state=Clip.State.READY)

    def known(self) -> "ClipQuerySet":
        """Return those that have a page: none that was taken down, nor of a suspended creator."""
        return self.exclude(state=Clip.State.REMOVED).filter(stream__creator__is_active=True)

    def of(self, creator_id: int) -> "ClipQuerySet":
        """Return the clips of a creator's streams, the newest first."""
        return self.filter(stream__creator=creator_id).select_related("stream__creator", "by")


class Clip(models.Model):
    """Up to a minute of a stream, with a title and a page. It outlives the replay."""

    class State(models.TextChoices):
        """The states of a clip."""

        WAITING = "waiting", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        REMOVED = "removed", _("taken down")

    public_id = models.UUIDField(_("public ID"), default=uuid.uuid4, unique=True, editable=False)
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="clips")
    # What it is cut out of; its own files are in `folder`.
    broadcast = models.ForeignKey(
        Broadcast, models.SET_NULL, null=True, editable=False, related_name="clips"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="clips",
        verbose_name=_("made by"),
    )
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    began = models.DateTimeField(_("from"))
    seconds = models.FloatField(_("length, seconds"))
    folder = models.CharField(max_length=32, unique=True, default=new_folder, editable=False)
    has_poster = models.BooleanField(default=False, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), default=0, editable=False)
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("taken down by"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects: ClassVar[ClipQuerySet] = ClipQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("clip")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["id"], condition=Q(state="waiting"), name="clip_waiting"),
            models.Index(fields=["by", "created_at"], name="clips_made_by"),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="clip_has_a_title"),
            # A segment is not cut: what was asked for may come with half a one at each end.
            models.CheckConstraint(
                condition=Q(seconds__gt=0, seconds__lte=2 * LONGEST_S), name="clip_is_short"
            ),
            models.CheckConstraint(
                condition=Q(folder__regex="^[0-9a-f]{32}$"), name="clip_folder_is_a_plain_name"
            ),
            models.CheckConstraint(
                condition=Q(state="removed") & ~Q(reason="") | ~Q(state="removed") & Q(reason=""),
                name="clip_is_removed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "ready", "failed", "removed")),
                name="clip_state_known",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """Where a browser finds the playlist."""
        return f"{settings.VIDEO_URL}{self.folder}/index.m3u8"

    @property
    def poster_url(self) -> str:
        """Where its picture is; empty: it has none."""
        return f"{settings.VIDEO_URL}{self.folder}/poster.jpg" if self.has_poster else ""
