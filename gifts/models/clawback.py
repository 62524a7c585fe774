"""Gifts whose payment goes back, by a dispute or for a child: what waits, what was taken back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gifts.models.sent import SentGift
from wallet.models import Dispute, Refund


class FollowedDispute(models.Model):
    """A dispute that gifts have heard of: once when it opened, once when it was decided."""

    dispute = models.OneToOneField(
        Dispute, models.PROTECT, primary_key=True, related_name="followed"
    )
    opened = models.BooleanField(default=False)
    decided = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.dispute_id)


class FollowedRefund(models.Model):
    """A refund that takes gifts back, of which gifts have heard: once asked for, once decided."""

    refund = models.OneToOneField(Refund, models.PROTECT, primary_key=True, related_name="followed")
    opened = models.BooleanField(default=False)
    decided = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.refund_id)


class Clawback(models.Model):
    """What one dispute, or one refund of what a child bought, does to one creator's gifts.

    Diamonds on hold are frozen until it is decided, and gone if the money goes back. Diamonds
    that were released before stay; then the rules say whether the creator owes them.
    """

    class State(models.TextChoices):
        """The clawback's state."""

        FROZEN = "frozen", _("frozen until it is decided")
        RETURNED = "returned", _("returned to the creator")
        TAKEN = "taken", _("taken back")

    # What takes the money back: one of the two.
    dispute = models.ForeignKey(
        Dispute,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clawbacks",
        verbose_name=_("dispute"),
    )
    refund = models.ForeignKey(
        Refund,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clawbacks",
        verbose_name=_("refund"),
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="clawbacks",
        verbose_name=_("creator"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.FROZEN)
    # Of gifts on hold when the dispute opened, and of those that had been released.
    held_coins = models.PositiveIntegerField(_("coins of gifts on hold"), default=0)
    held_diamonds = models.PositiveBigIntegerField(_("diamonds on hold"), default=0)
    released_coins = models.PositiveIntegerField(_("coins of released gifts"), default=0)
    released_diamonds = models.PositiveBigIntegerField(_("released diamonds"), default=0)
    owed_diamonds = models.PositiveBigIntegerField(_("diamonds owed"), default=0)
    # The moments of the postings, where there are some.
    created_at = models.DateTimeField(_("frozen"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    notify_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("clawback")
        verbose_name_plural = _("clawbacks")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["dispute", "creator"], name="one_clawback_per_dispute_and_creator"
            ),
            models.UniqueConstraint(
                fields=["refund", "creator"], name="one_clawback_per_refund_and_creator"
            ),
            models.CheckConstraint(
                condition=Q(dispute__isnull=True) ^ Q(refund__isnull=True),
                name="clawback_has_one_cause",
            ),
            models.CheckConstraint(
                condition=Q(owed_diamonds=0)
                | Q(state="taken", owed_diamonds=F("released_diamonds")),
                name="owed_is_what_was_released",
            ),
            models.CheckConstraint(
                condition=Q(state="frozen", decided_at__isnull=True)
                | (~Q(state="frozen") & Q(decided_at__isnull=False)),
                name="clawback_decided_has_its_moment",
            ),
        )
        indexes = (
            models.Index(
                fields=["notify_at"],
                condition=Q(notify_at__isnull=False),
                name="clawback_to_notify",
            ),
        )

    def __str__(self) -> str:
        return f"{self.creator}: {self.get_state_display()}"


class ClawbackGift(models.Model):
    """The part of one gift that was paid with disputed coins."""

    clawback = models.ForeignKey(Clawback, models.PROTECT, related_name="gifts")
    gift = models.ForeignKey(SentGift, models.PROTECT, related_name="clawbacks")
    coins = models.PositiveIntegerField(_("coins"))
    diamonds = models.PositiveIntegerField(_("diamonds"))
    # Whether its diamonds had been released before: then nothing of it is frozen.
    released = models.BooleanField(_("released"))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["clawback", "gift"], name="one_clawback_of_a_gift"),
            models.CheckConstraint(
                condition=Q(coins__gt=0, diamonds__gt=0), name="clawback_of_something"
            ),
        )

    def __str__(self) -> str:
        return f"{self.gift_id}: {self.coins}"
