"""Limits that people set for themselves, and the pauses that they take from spending."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from foundation.figures import figure


class SpendingLimit(models.Model):
    """A limit that a person set for themselves: lower at once, higher after a day's thought."""

    class Span(models.TextChoices):
        """The span that the limit bounds."""

        GIFT = "gift", _("one gift")
        DAY = "day", _("a day")
        WEEK = "week", _("a week")
        MONTH = "month", _("a month")

    user = models.ForeignKey(
        User, models.CASCADE, related_name="spending_limits", verbose_name=_("person")
    )
    # Of gifts to this creator alone; without one, of everything.
    creator = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("creator")
    )
    span = models.CharField(_("for"), max_length=5, choices=Span)
    coins = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    next_coins = models.PositiveIntegerField(_("new limit, coins"), null=True, blank=True)
    next_at = models.DateTimeField(_("changes"), null=True, blank=True)

    class Meta:
        verbose_name = _("spending limit")
        verbose_name_plural = _("spending limits")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "span", "creator"],
                nulls_distinct=False,
                name="one_limit_per_span_and_creator",
            ),
        )

    def __str__(self) -> str:
        if self.coins is None:
            return f"{self.user.name}: {_('no limit')}, {self.get_span_display()}"
        facts = {"coins": figure(self.coins), "span": self.get_span_display()}
        return f"{self.user.name}: {_('%(coins)s coins %(span)s') % facts}"

    @property
    def in_force(self) -> int | None:
        """The coins this limit allows now; a raise counts once its time has come."""
        if self.next_at and self.next_at <= timezone.now():
            return self.next_coins
        return self.coins

    @property
    def is_changing(self) -> bool:
        """Whether a raise waits for its time."""
        return self.next_at is not None and self.next_at > timezone.now()


class SpendingPause(models.Model):
    """A break from buying and sending that a person asked for. Nobody ends it early.

    The database keeps the rows, and the time until which they hold on the person
    (`accounts/sql/pauses.sql`): superusers cannot shorten a pause either.
    """

    class Length(models.TextChoices):
        """A time-out, or a self-exclusion from half a year on."""

        DAY = "day", _("24 hours")
        WEEK = "week", _("7 days")
        MONTH = "month", _("30 days")
        HALF_YEAR = "half_year", _("6 months")
        YEAR = "year", _("a year")
        FIVE_YEARS = "five_years", _("5 years")
        GOOD = "good", _("for good")

    FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
    LASTS = {
        Length.DAY: timedelta(days=1),
        Length.WEEK: timedelta(days=7),
        Length.MONTH: timedelta(days=30),
        Length.HALF_YEAR: timedelta(days=183),
        Length.YEAR: timedelta(days=366),
        Length.FIVE_YEARS: timedelta(days=5 * 366),
    }

    user = models.ForeignKey(
        User, models.PROTECT, related_name="spending_pauses", verbose_name=_("person")
    )
    length = models.CharField(_("for"), max_length=10, choices=Length)
    asked_at = models.DateTimeField(_("asked"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("pause from spending")
        verbose_name_plural = _("pauses from spending")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("asked_at")), name="pause_ends_after_it_began"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user.name}: {self.get_length_display()}"
