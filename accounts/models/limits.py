"""Limits that people set for themselves."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


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
    span = models.CharField(_("for"), max_length=5, choices=Span)
    coins = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    next_coins = models.PositiveIntegerField(_("new limit, coins"), null=True, blank=True)
    next_at = models.DateTimeField(_("changes"), null=True, blank=True)

    class Meta:
        verbose_name = _("spending limit")
        verbose_name_plural = _("spending limits")
        constraints = (models.UniqueConstraint(fields=["user", "span"], name="one_limit_per_span"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.coins} coins {self.get_span_display()}"

    @property
    def in_force(self) -> int | None:
        """The coins this limit allows now; a raise counts once its time has come."""
        if self.next_at and self.next_at <= timezone.now():
            return self.next_coins
        return self.coins
