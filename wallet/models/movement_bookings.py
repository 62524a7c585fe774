"""Movements of a provider's book that no row of ours explains, booked by two people."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.money import Money, money
from foundation.moving import Moves
from wallet.models.movements import ProviderMovement


class MovementBookingSet(models.QuerySet["MovementBooking"]):
    """Bookings of movements by use."""

    def waiting(self) -> Self:
        """Return those that a person must look at: proposed, or explained by a row since."""
        return self.filter(Q(state=MovementBooking.State.PROPOSED) | ~Q(needs_attention=""))

    def standing(self) -> Self:
        """Return those by which a movement is booked now."""
        return self.filter(state=MovementBooking.State.BOOKED, takes_back=None)


class MovementBooking(Moves):
    """What one person says that a movement is, and another confirms before it is booked.

    One that takes another back is booked as its mirror; neither is ever changed.
    """

    class State(models.TextChoices):
        """The states of a booking."""

        PROPOSED = "proposed", _("Waiting for a second person")
        BOOKED = "booked", _("Booked")
        REJECTED = "rejected", _("Rejected")
        TAKEN_BACK = "taken_back", _("Taken back")

    class Account(models.TextChoices):
        """Where the other side of the movement goes."""

        FEES = "processor_fees", _("The provider’s fees")
        LOSS = "provider_loss", _("A loss, or gain, of the site")
        SUSPENSE = "provider_suspense", _("Suspense: comes back, or must be paid back")
        BANK = "bank", _("The site’s bank account")
        FX = "fx", _("Exchange differences")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.PROPOSED: {State.BOOKED, State.REJECTED},
        State.BOOKED: {State.TAKEN_BACK},
        State.REJECTED: set(),
        State.TAKEN_BACK: set(),
    }

    public_id = models.UUIDField(_("booking"), default=uuid.uuid4, unique=True, editable=False)
    movement = models.ForeignKey(
        ProviderMovement, models.PROTECT, related_name="bookings", verbose_name=_("movement")
    )
    takes_back = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_back_by",
        verbose_name=_("takes back"),
    )
    account = models.CharField(_("account"), max_length=20, choices=Account)
    reason = models.CharField(_("reason"), max_length=200)
    net_minor = models.BigIntegerField(_("net, in minor units"))
    currency = models.CharField(max_length=3)
    # The row of ours that the movement is about, if there is one that says another amount: by its
    # provider, kind, name and sign; what it moved already; the account takes the difference.
    row = models.CharField(_("row of ours"), max_length=170, blank=True)
    row_minor = models.BigIntegerField(_("booked by the row, in minor units"), default=0)
    row_currency = models.CharField(max_length=3, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    booked_at = models.DateTimeField(_("booked"), null=True, blank=True)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)

    objects: ClassVar[MovementBookingSet] = MovementBookingSet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("booking of a movement")
        verbose_name_plural = _("bookings of movements")
        ordering = ("-pk",)
        permissions = (
            ("propose_movement", _("Can propose how a provider’s movement is booked")),
            ("confirm_movement", _("Can confirm the booking of a movement")),
        )
        constraints = (
            # Holds for superusers too.
            models.CheckConstraint(
                condition=~Q(state__in=["booked", "taken_back"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="movement_booking_needs_two_people",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="movement_booking_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="movement_booking_decided_or_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["booked", "taken_back"], booked_at__isnull=False)
                | ~Q(state__in=["booked", "taken_back"]) & Q(booked_at__isnull=True),
                name="movement_booking_booked_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(takes_back__isnull=True) | ~Q(state="taken_back"),
                name="movement_booking_mirror_stays",
            ),
            models.CheckConstraint(
                condition=Q(row="", row_minor=0, row_currency="")
                | ~Q(row="") & (Q(row_currency=F("currency")) | Q(account="fx")),
                name="movement_booking_fits_its_row",
            ),
            models.UniqueConstraint(
                fields=["movement"],
                condition=Q(state__in=["proposed", "booked"], takes_back__isnull=True),
                name="one_booking_per_movement",
            ),
            models.UniqueConstraint(
                fields=["row"],
                condition=Q(state__in=["proposed", "booked"], takes_back__isnull=True) & ~Q(row=""),
                name="one_booking_by_hand_per_row",
            ),
            models.UniqueConstraint(
                fields=["takes_back"],
                condition=Q(state__in=["proposed", "booked"]),
                name="one_mirror_per_booking",
            ),
        )
        indexes = (
            models.Index(
                fields=["proposed_at"],
                condition=Q(state="proposed") | ~Q(needs_attention=""),
                name="movement_booking_waits",
            ),
        )

    def __str__(self) -> str:
        said = {"money": self.amount, "account": self.get_account_display()}
        if self.takes_back_id:
            return str(_("taken back: %(money)s, %(account)s") % said)
        return str(_("%(money)s, %(account)s") % said)

    @property
    def amount_minor(self) -> int:
        """What the account takes, in minor units of the movement's currency."""
        return self.net_minor - (self.row_minor if self.row_currency == self.currency else 0)

    @property
    def amount(self) -> Money:
        """What the account takes; below zero where it gives."""
        return money(self.amount_minor, self.currency)

    @property
    def row_amount(self) -> Money | None:
        """What the row of ours moved already, if there is one."""
        return money(self.row_minor, self.row_currency) if self.row else None
