"""A purchase and its steps; the inbox of what providers told us."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from accounts.models import Country, Region
from foundation.errors import WrongState
from foundation.money import money
from wallet.models.prices import Bundle, RateCard


class Purchase(models.Model):
    """Coins that a fan asked to buy.

    The coins exist once `captured_at` is set, and then exactly once.
    """

    class State(models.TextChoices):
        """The purchase's state."""

        CREATED = "created", _("Order placed")
        STARTED = "started", _("Waiting for your payment")
        AUTHENTICATING = "authenticating", _("Waiting for confirmation at your bank")
        PENDING = "pending", _("Payment on its way")
        PAID = "paid", _("Paid, coins added")
        DECLINED = "declined", _("Payment declined")
        EXPIRED = "expired", _("Not paid")
        REVIEW = "review", _("We're reviewing it")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.CREATED: {State.STARTED, State.EXPIRED, State.REVIEW},
        State.STARTED: {
            State.AUTHENTICATING,
            State.PENDING,
            State.PAID,
            State.DECLINED,
            State.EXPIRED,
            State.REVIEW,
        },
        State.AUTHENTICATING: {
            State.PENDING,
            State.PAID,
            State.DECLINED,
            State.EXPIRED,
            State.REVIEW,
        },
        State.PENDING: {State.PAID, State.DECLINED, State.EXPIRED, State.REVIEW},
        State.REVIEW: {State.PAID, State.DECLINED},
        # A provider may capture late what we thought lost: the money is real, so the coins are too.
        State.DECLINED: {State.PAID, State.REVIEW},
        State.EXPIRED: {State.PAID, State.REVIEW},
        State.PAID: set(),
    }
    OPEN: ClassVar[set[State]] = {State.CREATED, State.STARTED, State.AUTHENTICATING, State.PENDING}

    public_id = models.UUIDField(_("order"), default=uuid.uuid4, unique=True, editable=False)
    key = models.UUIDField(help_text=_("created by the client; one order per request"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="purchases", verbose_name=_("fan")
    )
    region = models.ForeignKey(Region, models.PROTECT)
    country = models.ForeignKey(Country, models.PROTECT)
    bundle = models.ForeignKey(
        Bundle, models.PROTECT, null=True, blank=True, verbose_name=_("pack")
    )
    rate_card = models.ForeignKey(RateCard, models.PROTECT, verbose_name=_("rate card"))
    coins = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    tax_name = models.CharField(_("name of the tax"), max_length=20)
    tax_rate_bp = models.PositiveIntegerField()
    provider = models.CharField(_("processed by"), max_length=24)
    method = models.CharField(_("payment method"), max_length=24, blank=True)
    provider_reference = models.CharField(_("the provider's reference"), max_length=120, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.CREATED)
    due_at = models.DateTimeField(
        _("due"), null=True, blank=True, help_text=_("next check by a worker")
    )
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("ordered"), auto_now_add=True)
    captured_at = models.DateTimeField(_("paid"), null=True, blank=True)
    # Written by the hourly recognition only: how much of this purchase has been spent and booked as
    # revenue.
    recognised_coins = models.PositiveIntegerField(_("coins recognized as income"), default=0)
    recognised_minor = models.BigIntegerField(_("recognized income, in minor units"), default=0)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=["user", "key"], name="one_purchase_per_key"),
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="one_purchase_per_provider_reference",
            ),
            models.CheckConstraint(
                condition=Q(coins__gt=0, total_minor__gt=0), name="purchase_is_of_something"
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("net_minor") + F("tax_minor")),
                name="purchase_net_and_tax_make_total",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", captured_at__isnull=False)
                | (~Q(state="paid") & Q(captured_at__isnull=True)),
                name="purchase_paid_means_captured",
            ),
            models.CheckConstraint(
                condition=Q(recognised_coins__lte=F("coins"), recognised_minor__lte=F("net_minor")),
                name="purchase_recognised_within_net",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="purchase_due"),
            models.Index(fields=["user", "state"], name="purchase_of_user"),
        )

    def __str__(self) -> str:
        return f"{self.coins} coins for {self.total}"

    @property
    def total(self) -> Money:
        """The full price, tax included."""
        return money(self.total_minor, self.currency)

    @property
    def net(self) -> Money:
        """The price without tax."""
        return money(self.net_minor, self.currency)

    @property
    def tax(self) -> Money:
        """The tax in the total."""
        return money(self.tax_minor, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether the provider may still move the purchase on."""
        return self.state in self.OPEN

    def move(self, to: "Purchase.State", *, note: str = "", **changes: object) -> None:
        """Move one step on by compare-and-set and leave an event. Raises `WrongState`."""
        before = Purchase.State(self.state)
        same = Purchase.objects.filter(pk=self.pk, state=before)
        if to not in self.NEXT[before] or not same.update(state=to, **changes):
            raise WrongState
        PurchaseEvent.objects.create(purchase=self, state=to, note=note)
        self.refresh_from_db()


class PurchaseEvent(models.Model):
    """One step of a purchase with its time: the order page's timeline."""

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="events")
    state = models.CharField(_("step"), max_length=16, choices=Purchase.State)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.get_state_display()


class WebhookEvent(models.Model):
    """A provider's message, as it came. It says that something changed; a worker asks what."""

    provider = models.CharField(max_length=24)
    event_id = models.CharField(_("event"), max_length=120)
    reference = models.CharField(_("payment"), max_length=120, blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    processed_at = models.DateTimeField(_("read"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    outcome = models.CharField(_("result"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = (
            models.UniqueConstraint(fields=["provider", "event_id"], name="one_webhook_per_event"),
        )
        indexes = (
            models.Index(
                fields=["received_at"], condition=Q(processed_at__isnull=True), name="webhook_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
