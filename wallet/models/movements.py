"""The provider's own book about our balance there, line by line."""

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Sign
from django.utils.translation import gettext_lazy as _

from foundation.money import Money, money

UNEXPLAINED_AFTER = timedelta(hours=1)


class MovementSet(models.QuerySet["ProviderMovement"]):
    """Lines of the providers' books."""

    def unexplained(self) -> Self:
        """Return those that no row of ours explained within an hour or ever will, and nobody."""
        waiting = self.filter(booked_at=None, by_hand=False)
        late = Q(read_at__lt=Now() - UNEXPLAINED_AFTER)
        return waiting.filter(late | Q(kind=ProviderMovement.Kind.OTHER))


class ProviderMovement(models.Model):
    """A line of the provider's book: what moved our balance there, and the fee it took for that.

    It is booked once the row of ours that it is about says the same; what has none waits for two
    people to book it by hand.
    """

    class Kind(models.TextChoices):
        """What moved the balance."""

        CHARGE = "charge", _("Payment")
        REFUND = "refund", _("Refund")
        DISPUTE = "dispute", _("Dispute")
        FEE = "fee", _("Fee")
        PAYOUT = "payout", _("Payout to our bank")
        OTHER = "other", _("Something else")

    # Kinds of which a row of ours tells; the others are the provider's alone.
    OF_OURS: ClassVar[set[Kind]] = {Kind.CHARGE, Kind.REFUND, Kind.DISPUTE}

    provider = models.CharField(_("provider"), max_length=24)
    reference = models.CharField(_("the provider's reference"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    about = models.CharField(
        _("about"),
        max_length=120,
        blank=True,
        help_text=_("our order, or the provider's reference of the refund or dispute"),
    )
    payment = models.CharField(_("the payment's second reference"), max_length=120, blank=True)
    amount_minor = models.BigIntegerField(_("amount, in minor units"))
    fee_minor = models.BigIntegerField(_("fee, in minor units"), default=0)
    net_minor = models.BigIntegerField(_("net, in minor units"))
    currency = models.CharField(max_length=3)
    # The amount as it was charged or refunded, where the provider converts into another currency.
    source_minor = models.BigIntegerField(_("amount as charged, in minor units"))
    source_currency = models.CharField(max_length=3)
    moved_at = models.DateTimeField(_("moved"))
    read_at = models.DateTimeField(_("read"), auto_now_add=True)
    booked_at = models.DateTimeField(_("booked"), null=True, blank=True)
    # A booking by two people stands. The next look for its row leaves it alone.
    by_hand = models.BooleanField(_("booked by hand"), default=False)

    objects = MovementSet.as_manager()

    class Meta:
        verbose_name = _("provider movement")
        verbose_name_plural = _("provider movements")
        ordering = ("-moved_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "reference"], name="one_movement_per_reference"
            ),
            # What a row of ours says is booked once in each direction.
            models.UniqueConstraint(
                "provider",
                "kind",
                "about",
                Sign("source_minor"),
                condition=Q(booked_at__isnull=False) & ~Q(about=""),
                name="one_booked_movement_per_row",
            ),
            models.CheckConstraint(
                condition=Q(net_minor=F("amount_minor") - F("fee_minor")),
                name="movement_net_is_amount_less_fee",
            ),
            models.CheckConstraint(
                condition=~Q(currency=F("source_currency")) | Q(amount_minor=F("source_minor")),
                name="movement_same_currency_same_amount",
            ),
            models.CheckConstraint(
                condition=~Q(kind="other") | Q(booked_at__isnull=True),
                name="movement_unknown_is_not_booked",
            ),
            models.CheckConstraint(
                condition=Q(by_hand=False) | Q(booked_at__isnull=True),
                name="movement_booked_in_one_way",
            ),
        )
        indexes = (
            models.Index(
                fields=["moved_at"],
                condition=Q(booked_at__isnull=True, by_hand=False),
                name="movement_unbooked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.amount}"

    @property
    def amount(self) -> Money:
        """What moved, before the fee."""
        return money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        """What the provider took for it."""
        return money(self.fee_minor, self.currency)

    @property
    def net(self) -> Money:
        """What the balance moved by."""
        return money(self.net_minor, self.currency)

    @property
    def source(self) -> Money:
        """The amount as it was charged or refunded, before any conversion."""
        return money(self.source_minor, self.source_currency)

    @property
    def converted(self) -> bool:
        """Whether the provider keeps it in another currency than the fan paid in."""
        return self.currency != self.source_currency
