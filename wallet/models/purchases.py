"""A purchase and its steps; the inbox of what providers told us."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Country, Region
from foundation.figures import figure
from foundation.money import Money, money
from foundation.moving import Moves
from wallet.models.prices import Bundle, RateCard
from wallet.models.top_ups import TopUp


class PurchaseQuerySet(models.QuerySet["Purchase"]):
    """Purchases by use."""

    def unseen(self) -> "PurchaseQuerySet":
        """Return paid orders that say something to staff into which nobody has looked."""
        said = self.filter(state=Purchase.State.PAID).exclude(needs_attention="")
        return said.exclude(attention_seen=F("needs_attention"))


class Purchase(Moves):
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
        CANCELLED = "cancelled", _("Cancelled")
        REVIEW = "review", _("We're reviewing it")

    NEXT: ClassVar[dict[State, set[State]]] = {
        # Declined before it was started: the provider no longer takes a saved card.
        State.CREATED: {
            State.STARTED,
            State.DECLINED,
            State.EXPIRED,
            State.CANCELLED,
            State.REVIEW,
        },
        State.STARTED: {
            State.AUTHENTICATING,
            State.PENDING,
            State.PAID,
            State.DECLINED,
            State.EXPIRED,
            State.CANCELLED,
            State.REVIEW,
        },
        State.AUTHENTICATING: {
            State.PENDING,
            State.PAID,
            State.DECLINED,
            State.EXPIRED,
            State.CANCELLED,
            State.REVIEW,
        },
        State.PENDING: {State.PAID, State.DECLINED, State.EXPIRED, State.REVIEW},
        State.REVIEW: {State.PAID, State.DECLINED},
        # A provider may capture late what we thought lost: the money is real, so the coins are too.
        State.DECLINED: {State.PAID, State.REVIEW},
        State.EXPIRED: {State.PAID, State.REVIEW},
        State.CANCELLED: {State.PAID, State.REVIEW},
        State.PAID: set(),
    }
    OPEN: ClassVar[set[State]] = {State.CREATED, State.STARTED, State.AUTHENTICATING, State.PENDING}
    # Nothing was paid yet, so the fan may call it off.
    UNPAID: ClassVar[set[State]] = {State.CREATED, State.STARTED, State.AUTHENTICATING}

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
    # Nobody pressed for it: the fan's agreement placed it, and their saved card pays it.
    top_up = models.ForeignKey(
        TopUp,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        verbose_name=_("auto top-up"),
    )
    coins = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    tax_name = models.CharField(_("name of the tax"), max_length=20)
    tax_rate_bp = models.PositiveIntegerField()
    # The second proof of whose tax is due, beside `country`: what the provider says.
    paid_from = models.CharField(
        _("paid from"),
        max_length=2,
        blank=True,
        help_text=_("the country of the card or bank account, as the provider says"),
    )
    terms_version = models.CharField(
        _("terms"), max_length=24, db_default="", help_text=_("the version that the fan accepted")
    )
    provider = models.CharField(_("processed by"), max_length=24)
    method = models.CharField(_("payment method"), max_length=24, blank=True)
    provider_reference = models.CharField(_("the provider's reference"), max_length=120, blank=True)
    # Providers may speak of a payment by a second name, Stripe by its PaymentIntent.
    payment_reference = models.CharField(
        _("the payment's second reference"), max_length=120, blank=True
    )
    pay_url = models.TextField(_("pay page"), blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.CREATED)
    due_at = models.DateTimeField(
        _("due"), null=True, blank=True, help_text=_("next check by a worker")
    )
    # The database's clock, as that of webhooks: a worker may run on another machine.
    asked_at = models.DateTimeField(_("asked about"), null=True, blank=True, editable=False)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)
    # Which of these words a member of staff has looked into, and who and when: other words, later,
    # wait for somebody again.
    attention_seen = models.CharField(_("seen"), max_length=200, blank=True)
    attention_seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seen by"),
    )
    attention_seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    created_at = models.DateTimeField(_("ordered"), auto_now_add=True)
    captured_at = models.DateTimeField(_("paid"), null=True, blank=True)
    # Written by the hourly recognition only: how much of this purchase has been spent and booked as
    # revenue.
    recognised_coins = models.PositiveIntegerField(_("coins recognized as income"), default=0)
    recognised_minor = models.BigIntegerField(_("recognized income, in minor units"), default=0)
    # Coins of this order that a refund or a dispute under way holds, and those that are gone with
    # their money: given back, or taken back after a lost dispute. Written with the posting.
    held_coins = models.PositiveIntegerField(_("coins on hold"), default=0)
    returned_coins = models.PositiveIntegerField(_("coins given back"), default=0)
    returned_net_minor = models.BigIntegerField(_("net given back, in minor units"), default=0)
    returned_tax_minor = models.BigIntegerField(_("tax given back, in minor units"), default=0)
    returned_loss_minor = models.BigIntegerField(
        _("given back for spent coins, in minor units"), default=0
    )

    objects: ClassVar[PurchaseQuerySet] = PurchaseQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        ordering = ("-created_at",)
        permissions = (("see_attention", _("Can mark an order's notice as seen")),)
        constraints = (
            models.UniqueConstraint(fields=["user", "key"], name="one_purchase_per_key"),
            # A basket is so many coins for so much money.
            models.UniqueConstraint(
                fields=["user", "coins", "currency", "total_minor"],
                condition=Q(state__in=["created", "started", "authenticating", "pending"])
                & ~Q(provider="prepaid"),
                name="one_open_purchase_per_basket",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(top_up__isnull=False)
                & Q(state__in=["created", "started", "authenticating", "pending"]),
                name="one_open_auto_top_up_per_fan",
            ),
            models.CheckConstraint(
                condition=Q(
                    attention_seen="",
                    attention_seen_by__isnull=True,
                    attention_seen_at__isnull=True,
                )
                | ~Q(attention_seen="")
                & Q(attention_seen_by__isnull=False, attention_seen_at__isnull=False),
                name="purchase_attention_seen_by_somebody",
            ),
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
            models.CheckConstraint(
                condition=Q(coins__gte=F("held_coins") + F("returned_coins"))
                & (Q(state="paid") | Q(held_coins=0, returned_coins=0)),
                name="purchase_held_and_returned_within_coins",
            ),
            models.CheckConstraint(
                condition=Q(returned_net_minor__range=(0, F("net_minor")))
                & Q(returned_tax_minor__range=(0, F("tax_minor")))
                & Q(
                    returned_loss_minor__range=(
                        0,
                        F("total_minor") - F("returned_net_minor") - F("returned_tax_minor"),
                    )
                ),
                name="purchase_returned_within_price",
            ),
            models.UniqueConstraint(
                fields=["provider", "payment_reference"],
                condition=~Q(payment_reference=""),
                name="one_purchase_per_payment_reference",
            ),
            models.CheckConstraint(
                condition=Q(paid_from="") | Q(paid_from__regex="^[A-Z]{2}$"),
                name="purchase_paid_from_is_a_country_code",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="purchase_due"),
            models.Index(fields=["user", "state"], name="purchase_of_user"),
            # The coins that a fan's later orders leave over, which unused ones are derived from.
            models.Index(
                fields=["user", "captured_at", "id"],
                include=["coins", "held_coins", "returned_coins"],
                condition=Q(state="paid"),
                name="purchase_paid_of_user",
            ),
            models.Index(
                fields=["captured_at"],
                condition=Q(captured_at__isnull=False),
                name="purchase_captured",
            ),
            models.Index(
                fields=["captured_at"],
                condition=Q(state="paid") & ~Q(needs_attention=""),
                name="purchase_paid_with_notice",
            ),
        )

    def __str__(self) -> str:
        facts = {"name": self.user.name, "coins": figure(self.coins), "money": self.total}
        return str(_("Order of %(name)s, %(money)s for %(coins)s coins") % facts)

    @property
    def waits_for_staff(self) -> bool:
        """Whether it is paid and says something into which nobody has looked."""
        said = self.state == Purchase.State.PAID and self.needs_attention
        return bool(said) and self.needs_attention != self.attention_seen

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
    def is_prepaid(self) -> bool:
        """Whether a prepaid card paid it, which was sold elsewhere."""
        return self.provider == "prepaid"

    @property
    def is_open(self) -> bool:
        """Whether the provider may still move the purchase on."""
        return self.state in self.OPEN

    def may_move(self, to: str) -> bool:
        """Return whether a step is allowed. A prepaid card was paid for before its order."""
        paid_before = (self.state, to) == (self.State.CREATED, self.State.PAID)
        return (self.is_prepaid and paid_before) or super().may_move(to)

    def move(self, to: str, *, note: str = "", **changes: object) -> None:
        """Move one step on by compare-and-set and leave an event. Raises `WrongState`."""
        super().move(to, **changes)
        PurchaseEvent.objects.create(purchase=self, state=to, note=note)


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
    received_at = models.DateTimeField(_("received"), db_default=Now(), editable=False)
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
        return f"{self.provider}, {self.event_id}"
