"""Overlays: alert settings, the secret address, how far each has played, and goals."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import MOST_COINS
from gifts.models import Gift
from overlay import secret

MOST_TARGET = 100_000_000
AT_LEAST_ONE = (MinValueValidator(1), MaxValueValidator(MOST_COINS))


class AlertSettings(models.Model):
    """Which gifts a creator's overlay announces, and how. One row per creator."""

    creator = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="alert_settings"
    )
    paused = models.BooleanField(_("alerts paused"), default=False)
    least_coins = models.PositiveIntegerField(
        _("announce gifts from, coins"), default=1, validators=AT_LEAST_ONE
    )
    muted = models.ManyToManyField(
        Gift, verbose_name=_("gifts without an alert"), blank=True, related_name="+"
    )
    show_messages = models.BooleanField(_("show messages"), default=True)
    speak_from_coins = models.PositiveIntegerField(
        _("read aloud from, coins"),
        null=True,
        blank=True,
        validators=AT_LEAST_ONE,
        help_text=_("Leave empty for never."),
    )
    voice_language = models.CharField(_("voice language"), max_length=16, default="en")
    sound = models.BooleanField(_("play sound"), default=True)
    volume = models.PositiveSmallIntegerField(
        _("volume, percent"), default=70, validators=(MaxValueValidator(100),)
    )
    show_goal = models.BooleanField(_("the goal"), default=True)
    show_supporters = models.BooleanField(_("supporters of the stream"), default=True)
    show_ticker = models.BooleanField(_("the latest gifts"), default=True)
    thank_from_coins = models.PositiveIntegerField(
        _("thank automatically from, coins"),
        null=True,
        blank=True,
        validators=AT_LEAST_ONE,
        help_text=_("Leave empty for never."),
    )

    class Meta:
        verbose_name = _("alert settings")
        verbose_name_plural = _("alert settings")
        constraints = (
            models.CheckConstraint(
                condition=Q(least_coins__gte=1, least_coins__lte=MOST_COINS),
                name="alerts_from_a_coin_or_more",
            ),
            models.CheckConstraint(
                condition=Q(speak_from_coins__isnull=True)
                | Q(speak_from_coins__gte=1, speak_from_coins__lte=MOST_COINS),
                name="spoken_from_a_coin_or_more",
            ),
            models.CheckConstraint(
                condition=Q(thank_from_coins__isnull=True)
                | Q(thank_from_coins__gte=1, thank_from_coins__lte=MOST_COINS),
                name="thanked_from_a_coin_or_more",
            ),
            models.CheckConstraint(condition=Q(volume__lte=100), name="alert_volume_to_100"),
        )

    def __str__(self) -> str:
        return str(_("Alerts of %(creator)s") % {"creator": self.creator})


class OverlayQuerySet(models.QuerySet["Overlay"]):
    """Overlays by their address."""

    def with_token(self, token: str) -> "OverlayQuerySet":
        """Return the overlay whose address has this secret, if there is one."""
        return self.filter(digest=secret.digest(token), creator__is_active=True)


class Overlay(models.Model):
    """A creator's address for OBS, and how far it has played.

    Everything up to the event `played_to` was played, and so were the events in `played` above it.
    """

    creator = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="overlay")
    digest = models.CharField(_("fingerprint of the secret"), max_length=64, unique=True)
    encrypted = models.BinaryField(_("encrypted secret"))
    rotated_at = models.DateTimeField(_("address created"), default=timezone.now)
    played_to = models.BigIntegerField(_("last event played"), null=True, blank=True)
    played = ArrayField(models.BigIntegerField(), verbose_name=_("played beyond"), default=list)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    # A test gift for an overlay whose creator is not on air: no stream could carry it.
    test = models.JSONField(_("test gift"), null=True, blank=True)
    tested_at = models.DateTimeField(_("tested"), null=True, blank=True)

    objects: ClassVar[OverlayQuerySet] = OverlayQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(played_to__isnull=True) | Q(played_to__gte=0),
                name="overlay_played_to_an_event",
            ),
        )

    def __str__(self) -> str:
        return str(_("Overlay of %(creator)s") % {"creator": self.creator})

    @property
    def token(self) -> str:
        """The secret in the address; empty when it can no longer be read."""
        return secret.decrypt(self.encrypted)


class GoalQuerySet(models.QuerySet["Goal"]):
    """Goals by where they stand."""

    def running(self) -> "GoalQuerySet":
        """Return goals that still collect."""
        return self.filter(ended_at__isnull=True)


class Goal(models.Model):
    """A creator's goal: so many coins or gifts, from a moment on.

    How far it has come is never kept: it is added up from the gifts themselves.
    """

    class Unit(models.TextChoices):
        """Coins or gifts."""

        COINS = "coins", _("coins")
        GIFTS = "gifts", _("gifts")

    public_id = models.UUIDField(_("public ID"), default=uuid.uuid4, unique=True, editable=False)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="goals")
    title = models.CharField(_("title"), max_length=60)
    unit = models.CharField(_("unit"), max_length=5, choices=Unit, default=Unit.COINS)
    target = models.PositiveIntegerField(_("target"))
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reached = models.BooleanField(_("goal reached"), null=True, editable=False)

    objects: ClassVar[GoalQuerySet] = GoalQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        ordering = ("-started_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["creator"],
                condition=Q(ended_at__isnull=True),
                name="one_running_goal_per_creator",
            ),
            models.CheckConstraint(
                condition=Q(target__gte=1, target__lte=MOST_TARGET), name="goal_can_be_reached"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("started_at")),
                name="goal_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, reached__isnull=True)
                | Q(ended_at__gte=F("started_at"), reached__isnull=False),
                name="ended_goal_knows_its_end",
            ),
        )
        indexes = (
            models.Index(
                fields=["ends_at"],
                condition=Q(ended_at__isnull=True, ends_at__isnull=False),
                name="goal_to_end",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def until(self) -> datetime | None:
        """The moment from which gifts no longer count."""
        return self.ended_at or self.ends_at
