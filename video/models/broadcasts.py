"""Stream keys, and broadcasts: the video that comes in for a stream, from its first byte on."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.models import Guest, Stream
from video.troubles import Trouble


def new_folder() -> str:
    """Return a name that nobody guesses: whoever has it may watch."""
    return secrets.token_hex(16)


class StreamKey(models.Model):
    """What a creator's encoder shows when it sends video. Known by its digest: shown once."""

    creator = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="stream_key"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    ending = models.CharField(_("ends in"), max_length=4, editable=False)
    made_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("stream key")
        constraints = (
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="stream_key_is_kept_as_digest"
            ),
        )

    def __str__(self) -> str:
        return f"…{self.ending}"


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    """Broadcasts by what comes in."""

    def own(self) -> "BroadcastQuerySet":
        """Return those of the streams' creators: what is shown beside them comes from guests."""
        return self.filter(guest__isnull=True)

    def incoming(self) -> "BroadcastQuerySet":
        """Return those whose encoder is sending."""
        return self.filter(state__in=Broadcast.INCOMING)

    def unfinished(self) -> "BroadcastQuerySet":
        """Return those that may still be watched, and those that wait for the picture."""
        return self.exclude(state=Broadcast.State.ENDED)


class Broadcast(models.Model):
    """The video of one connection. A stream whose line was cut has several, one after another."""

    class Source(models.TextChoices):
        """Where the video comes from."""

        RTMP = "rtmp", _("OBS and other encoders")
        BROWSER = "browser", _("the browser's camera")
        FILM = "film", _("a film of the demo")

    class State(models.TextChoices):
        """The states of a broadcast."""

        CONNECTING = "connecting", _("connecting")
        LIVE = "live", _("live")
        GAP = "gap", _("interrupted")
        ENDED = "ended", _("ended")

    INCOMING = (State.CONNECTING, State.LIVE)
    SHOWN = (State.LIVE, State.GAP)

    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="broadcasts", db_index=False
    )
    stream = models.ForeignKey(
        Stream, models.PROTECT, null=True, blank=True, related_name="broadcasts"
    )
    # Who sends, if it is not the creator: it stands beside the creator's, and is never kept.
    guest = models.ForeignKey(
        Guest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="broadcasts",
        verbose_name=_("guest"),
    )
    source = models.CharField(_("source"), max_length=8, choices=Source)
    title = models.CharField(
        _("title"), max_length=80, blank=True, help_text=_("of the stream that begins with it")
    )
    state = models.CharField(max_length=10, choices=State, default=State.CONNECTING)
    folder = models.CharField(max_length=32, unique=True, default=new_folder, editable=False)
    for_adults = models.BooleanField(_("for adults only (18+)"), default=False)
    width = models.PositiveSmallIntegerField(_("width, pixels"), null=True)
    height = models.PositiveSmallIntegerField(_("height, pixels"), null=True)
    replay = models.ForeignKey(
        "video.Replay", models.SET_NULL, null=True, blank=True, related_name="broadcasts"
    )
    recorded = models.BooleanField(_("recorded"), default=False, editable=False)
    kept_bytes = models.PositiveBigIntegerField(_("recorded, bytes"), default=0, editable=False)
    trouble = models.CharField(
        _("ended because"), max_length=20, blank=True, choices=[(t.code, t.code) for t in Trouble]
    )
    connected_at = models.DateTimeField(_("connected"), default=timezone.now)
    seen_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    live_at = models.DateTimeField(_("first picture"), null=True)
    gap_at = models.DateTimeField(_("picture lost"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects: ClassVar[BroadcastQuerySet] = BroadcastQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["creator", "-id"], name="broadcasts_of_creator"),
            models.Index(fields=["id"], condition=~Q(state="ended"), name="broadcast_not_ended"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["creator"],
                condition=Q(state__in=("connecting", "live"), guest__isnull=True),
                name="one_incoming_broadcast",
            ),
            models.UniqueConstraint(
                fields=["guest"],
                condition=Q(state__in=("connecting", "live")),
                name="one_incoming_broadcast_per_guest",
            ),
            models.CheckConstraint(
                condition=Q(guest__isnull=True) | Q(stream__isnull=False, recorded=False),
                name="guest_is_in_a_stream_and_not_recorded",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("live", "gap"))
                | Q(
                    stream__isnull=False,
                    live_at__isnull=False,
                    width__isnull=False,
                    height__isnull=False,
                ),
                name="shown_broadcast_has_stream_and_size",
            ),
            models.CheckConstraint(
                condition=~Q(state="gap") | Q(gap_at__isnull=False), name="gap_has_its_moment"
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="ended_broadcast_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(replay__isnull=True) | Q(recorded=True),
                name="replay_is_of_recorded_broadcasts",
            ),
            models.CheckConstraint(
                condition=Q(folder__regex="^[0-9a-f]{32}$"), name="folder_is_a_plain_name"
            ),
        )

    def __str__(self) -> str:
        return f"{self.creator}, {self.connected_at:%Y-%m-%d %H:%M} UTC"

    @property
    def address(self) -> str:
        """Where a browser finds the playlist."""
        playlist = "master" if settings.VIDEO_360P else "index"
        return f"{settings.VIDEO_URL}{self.folder}/{playlist}.m3u8"
