"""Money of bank transfers that goes back to whoever sent it."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.money import Money, money
from foundation.moving import Moves
from wallet.models.refunds import Refund
from wallet.models.transfers import BankTransfer


class GiveBackSet(models.QuerySet["GiveBack"]):
    """Money that goes back, by use."""

    def waiting(self) -> Self:
        """Return what a person must send or confirm."""
        return self.filter(state__in=[GiveBack.State.WAITING, GiveBack.State.ORDERED])


class GiveBack(Moves):
    """Money that goes back to whoever sent it: one person orders it at the bank, another confirms
    that it left.
    """

    class Kind(models.TextChoices):
        """Why it goes back."""

        SURPLUS = "surplus", _("More than the order's price")
        SECOND = "second", _("The order was paid already")
        LATE = "late", _("Too late for its order")
        UNDERPAID = "underpaid", _("The rest did not come in time")
        DECLINED = "declined", _("Decided by staff")
        REFUND = "refund", _("Refund of an order")

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("To be sent")
        ORDERED = "ordered", _("Ordered at the bank, waiting for a second person")
        SENT = "sent", _("Sent")
        # The bank took the money back by itself: nothing is left to send.
        COVERED = "covered", _("Taken back by the bank already")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.WAITING: {State.ORDERED, State.COVERED},
        State.ORDERED: {State.SENT, State.WAITING},
        State.SENT: set(),
        State.COVERED: set(),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("why"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    # Whose payer gets it: for a refund the newest transfer of its order.
    transfer = models.ForeignKey(
        BankTransfer, models.PROTECT, related_name="given_back", verbose_name=_("transfer")
    )
    refund = models.OneToOneField(
        Refund,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="given_back",
        verbose_name=_("refund"),
    )
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ordered by"),
    )
    ordered_at = models.DateTimeField(_("ordered"), null=True, blank=True)
    bank_reference = models.CharField(_("the bank's reference"), max_length=140, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects: ClassVar[GiveBackSet] = GiveBackSet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("sum to give back")
        verbose_name_plural = _("sums to give back")
        ordering = ("created_at", "pk")
        permissions = (
            ("order_giveback", _("Can note that money to give back was ordered at the bank")),
            ("confirm_giveback", _("Can confirm that money to give back was sent")),
        )
        constraints = (
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="giveback_is_of_money"),
            models.CheckConstraint(
                condition=Q(kind="refund", refund__isnull=False)
                | ~Q(kind="refund") & Q(refund__isnull=True),
                name="giveback_of_a_refund_names_it",
            ),
            models.UniqueConstraint(
                fields=["transfer"],
                condition=~Q(kind="refund"),
                name="one_giveback_per_transfer",
            ),
            # Holds for superusers too.
            models.CheckConstraint(
                condition=~Q(state="sent")
                | Q(ordered_by__isnull=False, sent_by__isnull=False, sent_at__isnull=False)
                & ~Q(sent_by=F("ordered_by")),
                name="giveback_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="sent") | Q(sent_by__isnull=True, sent_at__isnull=True),
                name="giveback_sent_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ordered", "sent"], ordered_by__isnull=False)
                | Q(state__in=["waiting", "covered"], ordered_by__isnull=True),
                name="giveback_ordered_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["waiting", "ordered"]),
                name="giveback_waits",
            ),
        )

    def __str__(self) -> str:
        facts = {"money": self.amount, "name": self.transfer.payer_name or _("the payer")}
        return str(_("%(money)s back to %(name)s") % facts)

    @property
    def amount(self) -> Money:
        """What goes back."""
        return money(self.amount_minor, self.currency)
