"""Streams: scheduled, live, ended."""

import re
import uuid
from typing import ClassVar

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db import models
from django.db.models import Q
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# The languages that Django knows by a code of ISO 639, each by its own name.
LANGUAGES: dict[str, str] = {
    code: info["name_local"]
    for code, info in sorted(
        LANG_INFO.items(), key=lambda one: str(one[1].get("name_local")).casefold()
    )
    if re.fullmatch("[a-z]{2,3}", code) and "name_local" in info
}


class StreamQuerySet(models.QuerySet["Stream"]):
    """Streams by state."""

    def on_air(self) -> "StreamQuerySet":
        """Return streams that can be watched now."""
        return self.filter(state=Stream.State.ON_AIR)

    def soon(self) -> "StreamQuerySet":
        """Return scheduled streams, the next one first."""
        return self.filter(state=Stream.State.SOON).order_by("scheduled_for")

    def for_cards(self) -> "StreamQuerySet":
        """Return streams with the rows that a card shows."""
        return self.select_related("creator", "creator__creator")


class Topic(models.TextChoices):
    """What a stream is about. A fan finds streams by it."""

    TALK = "talk", _("Talk")
    MUSIC = "music", _("Music")
    GAMES = "games", _("Games")
    ART = "art", _("Art and crafts")
    FOOD = "food", _("Food and drink")
    LEARNING = "learning", _("Learning")
    SPORTS = "sports", _("Sports and fitness")
    OUTDOORS = "outdoors", _("Outdoors and travel")
    OTHER = "other", _("Something else")


class Stream(models.Model):
    """A creator's broadcast: scheduled, live, ended."""

    class State(models.TextChoices):
        """The states of a stream."""

        SOON = "soon", _("soon")
        ON_AIR = "on_air", _("live")
        ENDED = "ended", _("ended")

    public_id = models.UUIDField(_("public ID"), default=uuid.uuid4, unique=True, editable=False)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="streams")
    title = models.CharField(max_length=80)
    poster = models.CharField(
        _("picture"), max_length=120, blank=True, help_text=_("path in static/")
    )
    topic = models.CharField(_("topic"), max_length=8, blank=True, choices=Topic)
    language = models.CharField(_("language"), max_length=3, blank=True)
    adults_only = models.BooleanField(_("for adults only (18+)"), default=False)
    still = models.CharField(_("picture of what is live"), max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.SOON)
    scheduled_for = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    started_at = models.DateTimeField(_("live since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # What is kept of it takes gifts until then; the app that keeps it says so.
    gifts_until = models.DateTimeField(_("takes gifts until"), null=True, blank=True)
    stopped_because = models.CharField(
        _("stopped because"), max_length=200, blank=True, help_text=_("by staff")
    )
    most_viewers = models.PositiveIntegerField(_("most viewers at once"), default=0)
    watched_minutes = models.PositiveBigIntegerField(_("minutes watched"), default=0)

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
            models.CheckConstraint(
                condition=Q(stopped_because="") | Q(state="ended"), name="stopped_has_ended"
            ),
            models.CheckConstraint(
                condition=Q(gifts_until__isnull=True) | Q(state="ended", started_at__isnull=False),
                name="gifts_after_the_end_need_an_end",
            ),
            models.CheckConstraint(
                condition=Q(topic__in=["", *Topic.values]), name="stream_topic_is_known"
            ),
            models.CheckConstraint(
                condition=Q(still__regex=r"^([0-9a-f]{32}/still-[0-9]{8}\.jpg)?$"),
                name="stream_still_is_one_of_ours",
            ),
            models.CheckConstraint(
                condition=Q(language__regex="^([a-z]{2,3})?$"), name="stream_language_is_a_code"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_on_air(self) -> bool:
        """Whether gifts and chat are possible now."""
        return self.state == self.State.ON_AIR

    @property
    def takes_gifts_on_replay(self) -> bool:
        """Whether gifts can be sent on what is kept of it; of a suspended creator nothing is."""
        open_still = self.gifts_until is not None and self.gifts_until > timezone.now()
        return open_still and self.creator.is_active

    @property
    def language_name(self) -> str:
        """The language's name in itself, as its speakers look for it; empty when none is set."""
        return LANGUAGES.get(self.language, "")

    @property
    def poster_url(self) -> str:
        """The address of the stream's picture: its own, else the creator's, else one of what is
        live; empty: it is drawn.

        Who knows the address of the last may watch: of a stream for adults none is shown.
        """
        if self.poster:
            return static(self.poster)
        profile = getattr(self.creator, "creator", None)
        if profile and profile.poster_url:
            return str(profile.poster_url)
        shown = self.still and self.is_on_air and not self.adults_only
        return f"{settings.VIDEO_URL}{self.still}" if shown else ""
