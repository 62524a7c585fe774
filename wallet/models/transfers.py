"""Coins paid by bank transfer: the transfer that an order waits for, and the money that came."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.money import Money, money
from foundation.moving import Moves
from wallet.models.purchases import Purchase
from wallet.models.transfer_files import TransferStatement


class AwaitedTransfer(models.Model):
    """The transfer that an order waits for: its reference, and until when it is taken.

    The days are those that the fan was told; the settings of later days change nothing here.
    """

    purchase = models.OneToOneField(
        Purchase, models.PROTECT, related_name="awaited", verbose_name=_("order")
    )
    reference = models.CharField(_("reference"), max_length=25, unique=True)
    awaited_until = models.DateField(_("awaited until"))
    honoured_until = models.DateField(_("honored until"))
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(reference__regex="^RF[0-9]{2}[A-Z0-9]{1,21}$"),
                name="awaited_reference_is_iso_11649",
            ),
            models.CheckConstraint(
                condition=Q(honoured_until__gte=F("awaited_until")),
                name="awaited_is_honoured_longer",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class BankTransferSet(models.QuerySet["BankTransfer"]):
    """Transfers by use."""

    def used(self) -> Self:
        """Return those that an order counts: a part of its price, or all of it."""
        return self.filter(used_minor__gt=0, released_at=None)

    def waiting(self) -> Self:
        """Return those that a person must look at."""
        return self.filter(state__in=[BankTransfer.State.REVIEW, BankTransfer.State.APPROVAL])


class BankTransfer(Moves):
    """Money that came to our account, as a statement says: one row for one booking of the bank.

    It is owed to its payer until it is an order's, goes back, or turns out to be no fan's money.
    """

    class State(models.TextChoices):
        """Where the money stands."""

        NEW = "new", _("Read")
        REVIEW = "review", _("To review")
        APPROVAL = "approval", _("Waiting for a second person")
        USED = "used", _("Counted for an order")
        OWED = "owed", _("Goes back")
        DISMISSED = "dismissed", _("Not from a fan")
        REVERSED = "reversed", _("Taken back by the bank")

    class Why(models.TextChoices):
        """Why it does not go its way by itself."""

        NO_REFERENCE = "no_reference", _("No reference that we know")
        TWO_REFERENCES = "two_references", _("References of more than one order")
        CURRENCY = "currency", _("Another currency than the order's")
        SENDER = "sender", _("The sender is on hold")
        RETURNED = "returned", _("The bank calls it a return")
        ORDER = "order", _("Its order is in review")
        LARGE = "large", _("Above what goes by itself")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.NEW: {State.REVIEW, State.APPROVAL, State.USED, State.OWED, State.REVERSED},
        State.REVIEW: {
            State.APPROVAL,
            State.USED,
            State.OWED,
            State.DISMISSED,
            State.REVERSED,
        },
        State.APPROVAL: {State.REVIEW, State.USED, State.OWED, State.REVERSED},
        State.USED: {State.OWED, State.REVERSED},
        State.OWED: {State.REVERSED},
        State.DISMISSED: set(),
        State.REVERSED: set(),
    }
    UNDECIDED: ClassVar[set[State]] = {State.NEW, State.REVIEW, State.APPROVAL}

    public_id = models.UUIDField(_("transfer"), default=uuid.uuid4, unique=True, editable=False)
    statement = models.ForeignKey(
        TransferStatement, models.PROTECT, related_name="transfers", verbose_name=_("statement")
    )
    # The bank's reference, or what tells two bookings apart where it gives none. Statements
    # overlap: whatever names it twice, the money came once.
    bank_key = models.CharField(max_length=160, unique=True)
    bank_reference = models.CharField(_("the bank's reference"), max_length=140, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_on = models.DateField(_("booked by the bank"))
    words = models.CharField(_("message"), max_length=700, blank=True)
    payer_name = models.CharField(_("payer"), max_length=140, blank=True)
    # Where it goes back to. Never in a log and in no list.
    payer_iban = models.BinaryField(null=True, editable=False)
    payer_country = models.CharField(_("account in"), max_length=2, blank=True)
    # Of the statement that says that the bank took it back; it too may say so twice.
    reversal_key = models.CharField(max_length=160, blank=True, editable=False)
    created_at = models.DateTimeField(_("read"), auto_now_add=True)
    received_at = models.DateTimeField(_("booked by us"), null=True, blank=True)
    # The person whose upload it came with, if it was one: they approve none of it.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    why = models.CharField(_("why"), max_length=16, choices=Why, blank=True)
    purchase = models.ForeignKey(
        Purchase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers",
        verbose_name=_("order"),
    )
    used_minor = models.BigIntegerField(_("counted for the order, in minor units"), default=0)
    used_at = models.DateTimeField(_("counted"), null=True, blank=True)
    # Its order expired before the rest came: it was taken off the order again, to go back.
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, blank=True)
    reversed_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    needs_second = models.BooleanField(_("needs a second person"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)

    objects: ClassVar[BankTransferSet] = BankTransferSet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("bank transfer")
        verbose_name_plural = _("bank transfers")
        ordering = ("-pk",)
        permissions = (
            ("match_transfer", _("Can decide what becomes of a bank transfer")),
            ("approve_transfer", _("Can approve a bank transfer as the second person")),
            ("see_payer_account", _("Can see the account that money goes back to")),
        )
        constraints = (
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_is_of_money"),
            models.UniqueConstraint(
                fields=["reversal_key"],
                condition=~Q(reversal_key=""),
                name="one_transfer_per_reversal",
            ),
            models.CheckConstraint(
                condition=Q(state="new", received_at__isnull=True)
                | ~Q(state="new") & Q(received_at__isnull=False),
                name="transfer_booked_once_read",
            ),
            models.CheckConstraint(
                condition=Q(used_minor__range=(0, F("amount_minor"))),
                name="transfer_used_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(used_minor=0, used_at__isnull=True, released_at__isnull=True)
                | Q(used_minor__gt=0, used_at__isnull=False, purchase__isnull=False),
                name="transfer_used_for_an_order",
            ),
            models.CheckConstraint(
                condition=Q(state="used", used_at__isnull=False, released_at__isnull=True)
                | Q(state="reversed")
                | Q(state="owed") & (Q(used_at__isnull=True) | Q(released_at__isnull=False))
                | ~Q(state__in=["used", "reversed", "owed"]) & Q(used_at__isnull=True),
                name="transfer_state_fits_its_use",
            ),
            models.CheckConstraint(
                condition=Q(state="dismissed", dismissed_at__isnull=False)
                | ~Q(state="dismissed") & Q(dismissed_at__isnull=True),
                name="transfer_dismissed_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="reversed", reversed_at__isnull=False)
                | ~Q(state="reversed") & Q(reversed_at__isnull=True),
                name="transfer_reversed_has_a_moment",
            ),
            # Holds for superusers too: large money becomes coins by two people, of whom none
            # brought the file.
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(used_minor=0)
                | Q(approved_by__isnull=False)
                & (Q(decided_by__isnull=True) | ~Q(approved_by=F("decided_by")))
                & (Q(uploaded_by__isnull=True) | ~Q(approved_by=F("uploaded_by"))),
                name="transfer_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(reason=""),
                name="transfer_by_hand_has_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="transfer_due"),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["review", "approval"]),
                name="transfer_waits",
            ),
        )

    def __str__(self) -> str:
        facts = {"money": self.amount, "name": self.payer_name or _("somebody")}
        return str(_("%(money)s from %(name)s") % facts)

    @property
    def amount(self) -> Money:
        """What came."""
        return money(self.amount_minor, self.currency)

    @property
    def used(self) -> Money:
        """What of it its order counts, or did."""
        return money(self.used_minor, self.currency)
