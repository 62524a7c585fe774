"""Auto top-up: a card that a fan let the provider keep, and what they agreed to with it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.money import Money, money
from foundation.moving import Moves
from wallet.models.prices import Bundle


class SavedMethod(Moves):
    """A card that the provider keeps for a fan. We know its names there, its brand and last digits.

    Due while it waits for the fan at the provider, and while it waits to be removed there.
    """

    class State(models.TextChoices):
        """Where the card stands."""

        WAITING = "waiting", _("Waiting for the card")
        SAVED = "saved", _("Saved")
        REMOVING = "removing", _("Being removed")
        REMOVED = "removed", _("Removed")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.WAITING: {State.SAVED, State.REMOVED},
        State.SAVED: {State.REMOVING},
        State.REMOVING: {State.REMOVED},
        State.REMOVED: set(),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("fan")
    )
    provider = models.CharField(_("kept by"), max_length=24)
    method = models.CharField(_("payment method"), max_length=24)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    # Where the fan saves it, and what it is called at the provider afterwards.
    setup_reference = models.CharField(_("the provider's page"), max_length=120, blank=True)
    customer_reference = models.CharField(_("customer there"), max_length=120, blank=True)
    method_reference = models.CharField(_("method there"), max_length=120, blank=True)
    brand = models.CharField(_("brand"), max_length=24, blank=True)
    last4 = models.CharField(_("last digits"), max_length=4, blank=True)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("saved payment method")
        verbose_name_plural = _("saved payment methods")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "removed"])
                | ~Q(customer_reference="") & ~Q(method_reference=""),
                name="saved_method_has_its_names",
            ),
            models.UniqueConstraint(
                fields=["provider", "setup_reference"],
                condition=~Q(setup_reference=""),
                name="one_saved_method_per_page",
            ),
            models.CheckConstraint(
                condition=Q(last4="") | Q(last4__regex="^[0-9]{4}$"),
                name="saved_method_shows_four_digits",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="saved_method_due"
            ),
        )

    def __str__(self) -> str:
        if not self.last4:
            return str(_("a card"))
        return str(_("%(brand)s ending in %(last4)s") % {"brand": self.brand, "last4": self.last4})


class TopUp(Moves):
    """What a fan agreed to: when coins run low, one pack is bought, for so much a month at most.

    What was agreed never changes (`wallet/sql/top_ups.sql`); other wishes are another agreement.
    """

    class State(models.TextChoices):
        """Whether it is in force."""

        WAITING = "waiting", _("Waiting for the card")
        ON = "on", _("On")
        OFF = "off", _("Off")

    class Reason(models.TextChoices):
        """Why it is off."""

        FAN = "fan", _("Turned off by the fan")
        STAFF = "staff", _("Turned off by staff")
        CHANGED = "changed", _("Replaced by another agreement")
        NOT_SAVED = "not_saved", _("No card was saved")
        DECLINED = "declined", _("The bank declined a payment")
        AUTHENTICATION = "authentication", _("The bank asks for a confirmation each time")
        REFUSED = "refused", _("A rule does not allow the purchase")
        REFUNDED = "refunded", _("The fan asked for money back")
        STOPPED = "stopped", _("An order of it was not completed")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.WAITING: {State.ON, State.OFF},
        State.ON: {State.OFF},
        State.OFF: set(),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="top_ups", verbose_name=_("fan")
    )
    saved_method = models.ForeignKey(
        SavedMethod, models.PROTECT, related_name="top_ups", verbose_name=_("card")
    )
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    below_coins = models.PositiveIntegerField(_("when fewer coins than"))
    bundle = models.ForeignKey(Bundle, models.PROTECT, verbose_name=_("pack"))
    coins = models.PositiveIntegerField(_("coins each time"))
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    month_minor = models.BigIntegerField()
    consent = models.TextField(_("agreed to"), help_text=_("the sentence as the fan read it"))
    consent_version = models.CharField(_("version of the sentence"), max_length=24)
    consented_at = models.DateTimeField(_("agreed"))
    on_at = models.DateTimeField(_("on since"), null=True, blank=True)
    # No order is looked for before this time: what was agreed for the day or the month is used up.
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    off_at = models.DateTimeField(_("off since"), null=True, blank=True)
    off_reason = models.CharField(_("why off"), max_length=16, choices=Reason, blank=True)
    off_note = models.CharField(_("in words"), max_length=300, blank=True)
    off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("turned off by"),
    )

    class Meta:
        verbose_name = _("auto top-up")
        verbose_name_plural = _("auto top-ups")
        ordering = ("-id",)
        permissions = (("stop_topup", _("Can turn an auto top-up off")),)
        constraints = (
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="on"), name="one_auto_top_up_per_fan"
            ),
            models.CheckConstraint(
                condition=Q(
                    below_coins__gt=0, coins__gt=0, total_minor__gt=0, below_coins__lte=F("coins")
                ),
                name="auto_top_up_is_of_something",
            ),
            models.CheckConstraint(
                condition=Q(month_minor__gte=F("total_minor")),
                name="auto_top_up_month_holds_one",
            ),
            models.CheckConstraint(
                condition=~Q(consent="") & ~Q(consent_version=""),
                name="auto_top_up_was_agreed_to",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", on_at__isnull=True, off_at__isnull=True, off_reason="")
                | Q(state="on", on_at__isnull=False, off_at__isnull=True, off_reason="")
                | (Q(state="off", off_at__isnull=False) & ~Q(off_reason="")),
                name="auto_top_up_off_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(off_reason="staff", off_by__isnull=False)
                | (~Q(off_reason="staff") & Q(off_by__isnull=True)),
                name="auto_top_up_stopped_by_somebody",
            ),
        )

    def __str__(self) -> str:
        facts = {"money": self.total, "month": self.month}
        return str(_("Auto top-up: %(money)s each time, at most %(month)s in 30 days") % facts)

    @property
    def total(self) -> Money:
        """What each order costs, tax included."""
        return money(self.total_minor, self.currency)

    @property
    def month(self) -> Money:
        """The most that 30 days may cost."""
        return money(self.month_minor, self.currency)


class TopUpEmail(models.Model):
    """What a fan is told by email, once: an order that auto top-up placed, or that it is off."""

    top_up = models.ForeignKey(TopUp, models.CASCADE, related_name="emails")
    # The order that was paid; none: auto top-up is off.
    purchase = models.OneToOneField(
        "wallet.Purchase", models.CASCADE, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("auto top-up email")
        verbose_name_plural = _("auto top-up emails")
        constraints = (
            models.UniqueConstraint(
                fields=["top_up"],
                condition=Q(purchase__isnull=True),
                name="one_email_per_auto_top_up_off",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="top_up_email_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.top_up_id}"
