"""Bonus coins: lots with an end, and what became of each."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.figures import figure
from wallet.models.purchases import Purchase


class BonusLotQuerySet(models.QuerySet["BonusLot"]):
    """Lots by their use."""

    def running(self) -> "BonusLotQuerySet":
        """Return lots that have not reached their end."""
        return self.filter(expires_at__gt=timezone.now())


class BonusLot(models.Model):
    """Bonus coins that a fan got at once, by an order or a code, and that end at one moment.

    How many of them are unspent no row says: it is derived, earliest end spent first.
    """

    public_id = models.UUIDField(_("bonus"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bonus_lots", verbose_name=_("fan")
    )
    coins = models.PositiveIntegerField(_("coins"))
    # What left the lot otherwise than by a gift. Written with the posting.
    expired_coins = models.PositiveIntegerField(_("expired"), default=0)
    void_coins = models.PositiveIntegerField(_("void"), default=0)
    purchase = models.OneToOneField(
        Purchase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bonus_lot",
        verbose_name=_("order"),
    )
    redemption = models.OneToOneField(
        "wallet.Redemption",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bonus_lot",
        verbose_name=_("redemption"),
    )
    created_at = models.DateTimeField(_("granted"))
    expires_at = models.DateTimeField(_("ends"))
    due_at = models.DateTimeField(
        _("due"), null=True, blank=True, help_text=_("next check by a worker")
    )
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)
    mail_due_at = models.DateTimeField(_("email due"), null=True, blank=True)
    mail_attempts = models.PositiveIntegerField(_("tries of the email"), default=0)
    mailed_at = models.DateTimeField(_("emailed"), null=True, blank=True)

    objects: ClassVar[BonusLotQuerySet] = BonusLotQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("bonus")
        verbose_name_plural = _("bonuses")
        ordering = ("-id",)
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(condition=Q(coins__gt=0), name="bonus_is_of_something"),
            models.CheckConstraint(
                condition=Q(coins__gte=F("expired_coins") + F("void_coins")),
                name="bonus_loses_its_coins_at_most",
            ),
            models.CheckConstraint(
                condition=Q(purchase__isnull=True, redemption__isnull=False)
                | Q(purchase__isnull=False, redemption__isnull=True),
                name="bonus_has_one_cause",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="bonus_ends_after_it_began"
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="bonus_due"),
            models.Index(
                fields=["mail_due_at"],
                condition=Q(mail_due_at__isnull=False),
                name="bonus_mail_due",
            ),
            models.Index(fields=["user", "expires_at"], name="bonus_of_user"),
        )

    def __str__(self) -> str:
        facts = {"name": self.user.name, "coins": figure(self.coins)}
        return str(_("%(coins)s bonus coins of %(name)s") % facts)


class BonusStep(models.Model):
    """One step of a lot: each is one posting."""

    class Kind(models.TextChoices):
        """What happened to the coins."""

        GRANTED = "granted", _("Granted")
        EXPIRED = "expired", _("Expired")
        VOID = "void", _("Void: the order's coins went back")
        RESTORED = "restored", _("Back: the order's coins came back")

    lot = models.ForeignKey(BonusLot, models.PROTECT, related_name="steps", verbose_name=_("bonus"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("step"), max_length=10, choices=Kind)
    coins = models.PositiveIntegerField(_("coins"))
    created_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("step of a bonus")
        verbose_name_plural = _("steps of a bonus")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=["lot", "number"], name="one_bonus_step_per_number"),
            models.CheckConstraint(condition=Q(coins__gt=0), name="bonus_step_moves_something"),
            models.CheckConstraint(
                condition=Q(kind="granted", number=1) | (~Q(kind="granted") & Q(number__gt=1)),
                name="bonus_is_granted_once_and_first",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
