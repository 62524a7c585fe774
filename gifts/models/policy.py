"""The site's rules for sending."""

from datetime import timedelta
from itertools import pairwise

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LEVELS = 10
LONGEST_MESSAGE = 300  # that any gift can carry
ANNOUNCED = timedelta(days=7)  # a gift with a first day is shown so long before it


class GiftPolicy(models.Model):
    """The site's rules for sending. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    confirm_from_coins = models.PositiveIntegerField(
        _("confirm before sending, from coins"), db_default=500
    )
    hold_to_send_from_coins = models.PositiveIntegerField(
        _("press and hold to send, from coins"), db_default=2_500
    )
    undo_large_from_coins = models.PositiveIntegerField(
        _("large gifts, from coins"), db_default=500
    )
    undo_small_seconds = models.PositiveSmallIntegerField(
        _("undo window for small gifts, seconds"), db_default=5
    )
    undo_large_seconds = models.PositiveSmallIntegerField(
        _("undo window for large gifts, seconds"), db_default=10
    )
    combo_max_coins = models.PositiveIntegerField(_("combos up to, coins per gift"), db_default=99)
    combo_window_ms = models.PositiveIntegerField(
        _("combo timeout, milliseconds"), db_default=3_000
    )
    max_quantity = models.PositiveSmallIntegerField(_("largest quantity per send"), db_default=99)
    club_coins = models.PositiveIntegerField(
        _("creator's club, minimum gift in coins"), db_default=10
    )
    club_days = models.PositiveSmallIntegerField(
        _("creator's club, duration in days"), db_default=14
    )
    level_coins = ArrayField(
        models.PositiveIntegerField(),
        size=LEVELS,
        verbose_name=_("supporter levels, from coins sent"),
        db_default=[1, 100, 500, 1_500, 5_000, 15_000, 40_000, 100_000, 250_000, 600_000],
        help_text=_("Ten increasing numbers, for levels 1 to 10."),
    )
    hold_days_new = models.PositiveSmallIntegerField(_("new creators"), db_default=14)
    hold_days_trusted = models.PositiveSmallIntegerField(_("trusted creators"), db_default=7)
    hold_days_flagged = models.PositiveSmallIntegerField(_("flagged creators"), db_default=30)

    class Meta:
        verbose_name = _("sending rules")
        verbose_name_plural = _("sending rules")
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="one_gift_policy"),
            models.CheckConstraint(
                condition=Q(level_coins__len=LEVELS), name="every_level_has_its_coins"
            ),
        )

    def __str__(self) -> str:
        return str(_("Gift policy"))

    def coins_for(self, level: int) -> int:
        """Return how many coins sent open this supporter level."""
        return self.level_coins[level - 1] if level else 0

    def clean(self) -> None:
        """Refuse levels that do not rise."""
        super().clean()
        if self.level_coins is None:
            return  # its own field says what is wrong
        rising = all(low < high for low, high in pairwise(self.level_coins))
        if len(self.level_coins) != LEVELS or not rising:
            raise ValidationError({"level_coins": _("Enter ten increasing numbers.")})

    @classmethod
    def current(cls) -> "GiftPolicy":
        """Return the policy."""
        return cls.objects.get(pk=1)
