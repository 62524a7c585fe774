"""Promotions: bonus coins that come with an order, as data, and what each order was promised."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.reference_data import reference_data
from wallet.models.prices import Bundle
from wallet.models.purchases import Purchase

LONGEST_DAYS = 1_830  # five years


class PromotionQuerySet(models.QuerySet["Promotion"]):
    """Promotions by date."""

    def running_in(self, region: str) -> "list[Promotion]":
        """Return those that hold now in a region, the oldest first."""
        now = timezone.now()
        return [
            one
            for one in _not_over()
            if one.starts_at <= now
            and (one.ends_at is None or one.ends_at > now)
            and one.region_id in {None, region}
        ]


class Promotion(models.Model):
    """Bonus coins with an order: whose, where, how many, from when until when, and up to where.

    What it gives stays as it was announced; staff can end it.
    """

    name = models.CharField(_("name"), max_length=60, help_text=_("fans read it"))
    first_purchase = models.BooleanField(
        _("first purchase only"), default=False, help_text=_("for fans who never bought coins")
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("region"),
        help_text=_("empty: everywhere"),
    )
    bundle = models.ForeignKey(
        Bundle,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("pack"),
        help_text=_("empty: every pack and amount"),
    )
    percent = models.PositiveSmallIntegerField(
        _("bonus, in percent of the coins"),
        null=True,
        blank=True,
        help_text=_("rounded down to whole coins"),
    )
    coins = models.PositiveIntegerField(_("or a fixed bonus, in coins"), null=True, blank=True)
    bonus_days = models.PositiveSmallIntegerField(
        _("the bonus coins can be spent for, days"), default=90
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    budget_coins = models.PositiveIntegerField(
        _("budget, in bonus coins"), help_text=_("it ends when they are promised")
    )
    per_fan_coins = models.PositiveIntegerField(_("one fan gets at most, bonus coins"))
    granted_coins = models.PositiveIntegerField(_("granted"), default=0, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects: ClassVar[PromotionQuerySet] = PromotionQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ("-starts_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(percent__range=(1, 100), coins__isnull=True) & Q(percent__isnull=False)
                | Q(percent__isnull=True, coins__gt=0) & Q(coins__isnull=False),
                name="promotion_gives_percent_or_coins",
                violation_error_message=_(
                    "Enter a percentage from 1 to 100, or a number of coins, and not both."
                ),
            ),
            models.UniqueConstraint(
                fields=["name", "starts_at"],
                name="one_promotion_of_a_name_at_once",
                violation_error_message=_("A promotion of this name begins then already."),
            ),
            models.CheckConstraint(
                condition=Q(bonus_days__range=(1, LONGEST_DAYS)),
                name="promotion_days_1_to_1830",
                violation_error_message=_("Bonus coins can be spent for 1 to 1,830 days."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="promotion_ends_after_it_begins",
                violation_error_message=_("Choose an end after the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(granted_coins__lte=F("budget_coins")),
                name="promotion_within_its_budget",
            ),
            models.CheckConstraint(
                condition=Q(per_fan_coins__gt=0, per_fan_coins__lte=F("budget_coins")),
                name="promotion_per_fan_within_budget",
                violation_error_message=_("One fan can't get more than the whole budget."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        """Whether it holds now."""
        now = timezone.now()
        ended = self.ends_at is not None and self.ends_at <= now
        return self.starts_at <= now and self.stopped_at is None and not ended

    def bonus_of(self, coins: int) -> int:
        """Return the bonus coins that come with so many coins, rounded down."""
        return self.coins if self.percent is None else coins * self.percent // 100  # type: ignore[return-value]  # a constraint: one of the two


class PurchaseBonus(models.Model):
    """The bonus coins that an order was promised. They are granted when it is paid, once."""

    purchase = models.OneToOneField(
        Purchase, models.PROTECT, related_name="bonus", verbose_name=_("order")
    )
    promotion = models.ForeignKey(
        Promotion, models.PROTECT, related_name="promises", verbose_name=_("promotion")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("fan")
    )
    coins = models.PositiveIntegerField(_("bonus coins"))
    days = models.PositiveSmallIntegerField(_("can be spent for, days"))
    first_purchase = models.BooleanField(_("first purchase only"))
    granted_at = models.DateTimeField(_("granted"), null=True, blank=True)
    # Paid so late that the promotion had nothing left: the order page says so.
    lapsed_at = models.DateTimeField(_("lapsed"), null=True, blank=True)

    class Meta:
        verbose_name = _("promised bonus")
        verbose_name_plural = _("promised bonuses")
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(condition=Q(coins__gt=0), name="promise_is_of_something"),
            models.CheckConstraint(
                condition=Q(granted_at__isnull=True) | Q(lapsed_at__isnull=True),
                name="promise_is_kept_or_lapsed",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(first_purchase=True, granted_at__isnull=False),
                name="one_first_purchase_bonus_per_fan",
            ),
        )
        indexes = (models.Index(fields=["promotion", "user"], name="promise_of_fan"),)

    def __str__(self) -> str:
        return str(self.promotion)


@reference_data
def _not_over() -> list[Promotion]:
    running = Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now())
    return list(Promotion.objects.filter(running, stopped_at__isnull=True).order_by("id"))
