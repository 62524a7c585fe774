"""Money of an order that goes back to whoever paid it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.money import Money, money
from foundation.moving import Moves
from wallet.models.disputes import DisputePolicy
from wallet.models.purchases import Purchase

# What a refund says that nobody gives back by hand.
NOBODY: dict[str, str | None] = {"by_hand": "", "by_hand_by": None, "by_hand_at": None}


class Refund(Moves):
    """Coins of one order that go back for their money, all or some of them.

    The coins are on hold from the first moment, so nobody spends them meanwhile. They are gone
    once the provider says that the money left, and free again if it says no.
    """

    class State(models.TextChoices):
        """The refund's state."""

        PROPOSED = "proposed", _("Waiting for a second person")
        HELD = "held", _("On its way to the payment service")
        SENT = "sent", _("On its way to your account")
        DONE = "done", _("Refunded")
        FAILED = "failed", _("Not possible, coins returned")
        REJECTED = "rejected", _("Not approved, coins returned")

    class Reason(models.TextChoices):
        """Why money goes back."""

        WITHDRAWAL = "withdrawal", _("Unused coins, within the withdrawal period")
        STAFF = "staff", _("Decided by staff")
        GUARDIAN = "guardian", _("Bought by a child")
        CLOSING = "closing", _("Account closed")
        PROVIDER = "provider", _("Made at the payment service")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.PROPOSED: {State.HELD, State.REJECTED},
        # Turned down on its way where no provider was asked: of a prepaid card.
        State.HELD: {State.SENT, State.DONE, State.FAILED, State.REJECTED},
        State.SENT: {State.DONE, State.FAILED},
        # Banks return refunds days after the provider called them done.
        State.DONE: {State.FAILED},
        State.FAILED: set(),
        State.REJECTED: set(),
    }
    UNDER_WAY: ClassVar[set[State]] = {State.PROPOSED, State.HELD, State.SENT}

    public_id = models.UUIDField(_("refund"), default=uuid.uuid4, unique=True, editable=False)
    key = models.UUIDField(help_text=_("created by the client; one refund per request"))
    purchase = models.ForeignKey(
        Purchase, models.PROTECT, related_name="refunds", verbose_name=_("order")
    )
    coins = models.PositiveIntegerField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    # Money that went back without coins to take for it: the fan had spent them.
    loss_minor = models.BigIntegerField(
        _("loss, in minor units"),
        default=0,
        help_text=_("given back although the coins were spent"),
    )
    # What it covers of coins that were spent: their gifts go back too, as after a lost dispute.
    gift_coins = models.PositiveIntegerField(
        _("coins of gifts taken back"),
        default=0,
        help_text=_("spent coins whose money goes back, and whose gifts do"),
    )
    # The dispute rules as they were then, for diamonds of these gifts that were released before.
    bearer = models.CharField(
        _("released diamonds are borne by"),
        max_length=10,
        choices=DisputePolicy.Bearer,
        blank=True,
    )
    reason = models.CharField(_("why"), max_length=12, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    needs_second = models.BooleanField(_("needs a second person"), default=False)
    provider_reference = models.CharField(_("the provider's reference"), max_length=120, blank=True)
    due_at = models.DateTimeField(
        _("due"), null=True, blank=True, help_text=_("next check by a worker")
    )
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)
    # The money goes back around the provider, such as by a transfer from the site's own bank: what
    # it is called there, who says so, and who confirmed that it left.
    by_hand = models.CharField(_("given back by hand"), max_length=80, blank=True)
    by_hand_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by hand, proposed by"),
    )
    by_hand_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by hand, confirmed by"),
    )
    by_hand_at = models.DateTimeField(_("by hand, proposed"), null=True, blank=True)
    instead_of = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("instead of"),
    )
    notify_at = models.DateTimeField(null=True, blank=True)  # until the fan was told that it failed
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    # The moment of its posting. A refund that came back later keeps it.
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ("-created_at",)
        permissions = (
            ("propose_refund", _("Can refund an order")),
            ("confirm_refund", _("Can confirm a refund that another person proposed")),
        )
        constraints = (
            models.UniqueConstraint(fields=["purchase", "key"], name="one_refund_per_key"),
            models.UniqueConstraint(
                fields=["purchase", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="one_refund_per_provider_reference",
            ),
            models.CheckConstraint(
                condition=Q(net_minor__gte=0, tax_minor__gte=0, loss_minor__gte=0)
                & (Q(net_minor__gt=0) | Q(tax_minor__gt=0) | Q(loss_minor__gt=0)),
                name="refund_is_of_something",
            ),
            # Holds for superusers too.
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(state__in=["proposed", "rejected"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="refund_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(reason="staff") | ~Q(note=""), name="refund_by_staff_has_a_note"
            ),
            # Holds for superusers too: money that leaves by hand is seen by two.
            models.CheckConstraint(
                condition=Q(by_hand="", by_hand_by__isnull=True, by_hand_confirmed_by__isnull=True)
                | ~Q(by_hand="")
                & Q(by_hand_by__isnull=False, by_hand_at__isnull=False)
                & (
                    Q(state__in=["held", "failed"], by_hand_confirmed_by__isnull=True)
                    | Q(state="done", by_hand_confirmed_by__isnull=False)
                    & ~Q(by_hand_confirmed_by=F("by_hand_by"))
                ),
                name="refund_by_hand_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(gift_coins=0, bearer="")
                | Q(gift_coins__gt=0, loss_minor__gt=0, reason="guardian") & ~Q(bearer=""),
                name="refund_of_gifts_knows_who_bears_them",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | Q(state="failed")
                | ~Q(state="done") & Q(done_at__isnull=True),
                name="refund_done_means_booked",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="refund_due"),
        )

    def __str__(self) -> str:
        return str(
            _("Refund of %(money)s to %(name)s")
            % {"money": self.total, "name": self.purchase.user.name}
        )

    @property
    def total_minor(self) -> int:
        """What the fan gets back, in minor units."""
        return self.net_minor + self.tax_minor + self.loss_minor

    @property
    def takes_gifts(self) -> bool:
        """Whether gifts go back with it."""
        return self.gift_coins > 0

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way, or waits for a second person."""
        return self.state in self.UNDER_WAY

    @property
    def total(self) -> Money:
        """What the fan gets back."""
        return money(self.total_minor, self.currency)
