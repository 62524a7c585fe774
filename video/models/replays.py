"""Replays: what is kept of a stream's video after its end; a creator's rules for their video."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.models import Stream

SENTENCES = {
    "too_large": _("The recording stopped early: one replay may not be larger."),
    "no_room": _("The recording stopped early: the site has no room for more. Delete a replay."),
    "disk_full": _("The recording stopped early: the site's disk was nearly full."),
}


class VideoRules(models.Model):
    """A creator's rules for their video. Without a row the site's defaults hold."""

    class Clippers(models.TextChoices):
        """Who may make clips of a creator's streams, beside the creator."""

        NOBODY = "nobody", _("Only me")
        MODERATORS = "moderators", _("My moderators")
        FOLLOWERS = "followers", _("My followers")
        EVERYBODY = "everybody", _("Everybody who has signed in")

    creator = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="video_rules",
        verbose_name=_("creator"),
    )
    keep_replays = models.BooleanField(_("replays are kept"))
    clips_by = models.CharField(
        _("clips are made by"), max_length=10, choices=Clippers, default=Clippers.FOLLOWERS
    )

    gifts_on_replays = models.BooleanField(_("replays take gifts"), default=True)

    class Meta:
        verbose_name = _("video rules")
        verbose_name_plural = _("video rules")
        constraints = (
            models.CheckConstraint(
                condition=Q(clips_by__in=("nobody", "moderators", "followers", "everybody")),
                name="clippers_known",
            ),
        )

    def __str__(self) -> str:
        return str(self.creator)


class ReplayQuerySet(models.QuerySet["Replay"]):
    """Replays by what can be done with them."""

    def ready(self) -> "ReplayQuerySet":
        """Return those that can be watched, the newest first; none of a suspended creator."""
        shown = self.filter(state=Replay.State.READY, keep_until__gt=timezone.now())
        return shown.filter(stream__creator__is_active=True)

    def with_sizes(self) -> "ReplayQuerySet":
        """Return them with the bytes that they take, as `size`."""
        return self.annotate(size=Sum("broadcasts__kept_bytes", default=0))

    def of(self, creator_id: int) -> "ReplayQuerySet":
        """Return a creator's replays, the newest first."""
        return self.filter(stream__creator=creator_id).select_related("stream")


class Replay(models.Model):
    """The video of a stream that was recorded: several broadcasts, if the line was cut."""

    class State(models.TextChoices):
        """The states of a replay."""

        RECORDING = "recording", _("being recorded")
        READY = "ready", _("ready")
        REMOVED = "removed", _("taken down")

    class Stopped(models.TextChoices):
        """Why a recording ended before its stream."""

        TOO_LARGE = "too_large", _("too large")
        NO_ROOM = "no_room", _("no room for more replays")
        DISK_FULL = "disk_full", _("disk full")

    stream = models.OneToOneField(Stream, models.PROTECT, related_name="replay")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.RECORDING)
    stopped = models.CharField(
        _("recording stopped because"), max_length=9, choices=Stopped, blank=True
    )
    # Where its playlist lies; what it is made of: where each part begins in the replay, when that
    # was, how long it lasts. `video/replays/timeline.py` reads it.
    folder = models.CharField(max_length=32, blank=True, editable=False)
    parts = models.JSONField(default=list, editable=False)
    seconds = models.FloatField(_("length, seconds"), default=0)
    keep_until = models.DateTimeField(_("kept until"), null=True, blank=True)
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
    created_at = models.DateTimeField(_("recorded since"), default=timezone.now, editable=False)

    objects: ClassVar[ReplayQuerySet] = ReplayQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("replay")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["id"], condition=Q(state="recording"), name="replay_recording"),
            models.Index(
                fields=["keep_until"], condition=Q(state="ready"), name="replay_kept_until"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(keep_until__isnull=False, seconds__gt=0, folder__regex="^[0-9a-f]{32}$"),
                name="ready_replay_can_be_played_and_ends",
            ),
            models.CheckConstraint(
                condition=Q(state="removed", folder="", parts=[])
                | (~Q(state="removed") & Q(reason="")),
                name="removed_replay_has_no_files",
            ),
            models.CheckConstraint(
                condition=~Q(state="removed") | ~Q(reason=""), name="replay_is_removed_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("recording", "ready", "removed")), name="replay_state_known"
            ),
        )

    def __str__(self) -> str:
        return str(self.stream)

    @property
    def trouble(self) -> str:
        """What its creator should know of it; empty when all is well."""
        if self.state == self.State.REMOVED:
            facts = {"reason": self.reason}
            return str(_("Taken down by the site's staff. Reason: %(reason)s") % facts)
        return str(SENTENCES[self.stopped]) if self.stopped else ""

    @property
    def can_be_watched(self) -> bool:
        """Whether it is ready, and its days are not over."""
        if self.state != self.State.READY or self.keep_until is None:
            return False
        return self.keep_until > timezone.now()

    @property
    def address(self) -> str:
        """Where a browser finds the playlist."""
        return f"{settings.VIDEO_URL}{self.folder}/replay.m3u8"
