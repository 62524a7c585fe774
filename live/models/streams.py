"""Streams, and everything that happens in them as rows."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StreamQuerySet(models.QuerySet["Stream"]):
    """Streams by what they are doing."""

    def on_air(self) -> "StreamQuerySet":
        """Return streams that can be watched now."""
        return self.filter(state=Stream.State.ON_AIR)

    def soon(self) -> "StreamQuerySet":
        """Return streams that are announced, the next one first."""
        return self.filter(state=Stream.State.SOON).order_by("scheduled_for")

    def for_cards(self) -> "StreamQuerySet":
        """Return streams with what a card shows."""
        return self.select_related("creator", "creator__creator")


class Stream(models.Model):
    """A creator's broadcast: announced, on air, over."""

    class State(models.TextChoices):
        """Where the broadcast stands."""

        SOON = "soon", _("soon")
        ON_AIR = "on_air", _("live")
        ENDED = "ended", _("ended")

    public_id = models.UUIDField(_("public ID"), default=uuid.uuid4, unique=True, editable=False)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="streams")
    title = models.CharField(max_length=80)
    poster = models.CharField(
        _("picture"), max_length=120, blank=True, help_text=_("path in static/")
    )
    video = models.CharField(_("clip"), max_length=120, blank=True, help_text=_("path in static/"))
    state = models.CharField(max_length=8, choices=State, default=State.SOON)
    scheduled_for = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    started_at = models.DateTimeField(_("live since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    viewers: int  # set by `with_figures`
    supporters_now: int

    objects: ClassVar[StreamQuerySet] = StreamQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        ordering = ("-started_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["creator"],
                condition=Q(state="on_air"),
                name="one_stream_on_air_per_creator",
            ),
            models.CheckConstraint(
                condition=~Q(state="on_air") | Q(started_at__isnull=False), name="on_air_has_begun"
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="ended_has_an_end",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_on_air(self) -> bool:
        """Whether gifts and chat are possible now."""
        return self.state == self.State.ON_AIR

    @property
    def sources(self) -> list[tuple[str, str]]:
        """The video's files and their types, best first; a WebM of ours has an MP4 beside it."""
        stem = self.video.removesuffix(".webm")
        if stem == self.video:
            return [(self.video, "video/mp4")] if self.video else []
        return [(self.video, "video/webm"), (f"{stem}.mp4", "video/mp4")]


class Event(models.Model):
    """Something the room must see, written with what it tells. Ids may commit out of order."""

    stream = models.ForeignKey(
        Stream, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="events"
    )
    kind = models.CharField(_("type"), max_length=16)
    payload = models.JSONField(_("payload"))
    created_at = models.DateTimeField(_("when"))

    class Meta:
        indexes = (models.Index(fields=["stream", "id"], name="event_of_stream"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Audience(models.Model):
    """How many listen to a stream at one process, counted again every few seconds."""

    stream = models.ForeignKey(
        Stream, models.CASCADE, db_constraint=False, related_name="audiences"
    )
    process = models.CharField(max_length=32)
    viewers = models.PositiveIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stream", "process"], name="one_audience_per_process"),
        )

    def __str__(self) -> str:
        return f"{self.viewers}"


class Follow(models.Model):
    """A person who wants to know when a creator goes on air."""

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
        return f"{self.user_id} follows {self.creator_id}"


class Block(models.Model):
    """A person whom a creator keeps out of their rooms' chat and gifts.

    By name, or hidden: by a gift that came without a name. A hidden block is a row of its own for
    each gift. Were it the same row as a block by name, or as that of another gift, a creator could
    find out who it is by blocking people one after the other.
    """

    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="blocks",
        db_index=False,
        verbose_name=_("creator"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="blocked_by",
        verbose_name=_("blocked person"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("blocked by"),
    )
    gift = models.UUIDField(_("by an anonymous gift"), null=True, blank=True)
    gift_at = models.DateTimeField(_("gift sent at"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("block")
        constraints = (
            models.UniqueConstraint(
                fields=["creator", "user", "gift"],
                nulls_distinct=False,
                name="one_block_per_person_and_gift",
            ),
            models.CheckConstraint(
                condition=~Q(user=models.F("creator")), name="block_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(gift__isnull=True, gift_at__isnull=True)
                | Q(gift__isnull=False, gift_at__isnull=False),
                name="hidden_block_knows_its_gift",
            ),
        )

    def __str__(self) -> str:
        return str(_("Block %(number)s") % {"number": self.pk})

    @property
    def handle(self) -> str:
        """The person's handle; empty where the creator must not learn it."""
        return "" if self.gift else self.user.handle

    @property
    def name(self) -> str:
        """The name that the creator may see; empty for somebody hidden."""
        return "" if self.gift else self.user.name


class Notice(models.Model):
    """A mail to a follower that a stream has begun. Written with the stream, sent by a worker."""

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="notices")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stream", "user"], name="one_notice_per_follower"),
        )
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True), name="notice_to_send"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.stream_id}"
