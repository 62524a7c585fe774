"""Bookings by hand: one person proposes, another confirms."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.money import Money, money
from payouts.models.payouts import Batch, Payout
from payouts.models.statements import BankBalance, StatementLine


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals by use."""

    def open(self) -> "ProposalQuerySet":
        """Return those that wait for a second person."""
        return self.filter(state=Proposal.State.OPEN)

    def confirmed(self) -> "ProposalQuerySet":
        """Return those that a second person confirmed."""
        return self.filter(state=Proposal.State.CONFIRMED)


class Proposal(models.Model):
    """What one person says happened at the bank, and another confirms before it is booked."""

    class Kind(models.TextChoices):
        """What is proposed."""

        RETURN = "return", _("The bank returned a payout it had paid")
        NOT_EXECUTED = "not_executed", _("The bank never executed this file")
        CHARGE = "charge", _("The bank took a charge")
        PAID = "paid", _("It happened as the bank says; a difference is a claim")
        PAID_WITH_CHARGE = "paid_with_charge", _("It happened; the difference is a bank charge")
        WRONG_ROW = "wrong_row", _("The bank's row is wrong, no money moved")
        DIFFERENCE = "difference", _("Explains a difference from the bank's balance")
        GAP = "gap", _("Explains why the opening balance differs from the closing balance before")

    class State(models.TextChoices):
        """The states of a proposal."""

        OPEN = "open", _("waiting for a second person")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("rejected")

    VERDICTS: ClassVar[set[Kind]] = {Kind.PAID, Kind.PAID_WITH_CHARGE, Kind.WRONG_ROW}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("proposal"), max_length=16, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=200)
    line = models.ForeignKey(
        StatementLine, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    balance = models.ForeignKey(
        BankBalance, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    # Of a charge, or explained; below zero where the account holds less than the ledger.
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    # Of the file in which the bank says it: its possible author confirms nothing in it.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects: ClassVar[ProposalQuerySet] = ProposalQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("-proposed_at",)
        permissions = (
            ("propose_booking", _("Can propose a booking by hand")),
            ("confirm_booking", _("Can confirm a booking that another person proposed")),
        )
        constraints = (
            # Hold for superusers too, like a batch's approval.
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="proposal_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(uploaded_by__isnull=True)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("uploaded_by")),
                name="proposal_not_confirmed_by_uploader",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proposal_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(state="open"),
                name="proposal_decided_or_open",
            ),
            models.CheckConstraint(
                condition=Q(kind="return", line__isnull=False, payout__isnull=False)
                | Q(kind="not_executed", batch__isnull=False)
                | Q(kind__in=["charge", "paid", "paid_with_charge", "wrong_row"])
                & Q(line__isnull=False)
                | Q(kind__in=["difference", "gap"], balance__isnull=False),
                name="proposal_about_something",
            ),
            models.CheckConstraint(
                condition=Q(kind="charge", amount_minor__gt=0)
                | Q(kind="difference") & ~Q(amount_minor=0)
                | ~Q(kind__in=["charge", "difference"]) & Q(amount_minor=0),
                name="proposal_amount_fits_its_kind",
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=~Q(state="rejected") & ~Q(kind="charge"),
                name="one_proposal_per_line",
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=~Q(state="rejected") & Q(kind="charge"),
                name="one_charge_per_line",
            ),
            models.UniqueConstraint(
                fields=["payout"],
                condition=Q(state="open", kind="return"),
                name="one_open_return_per_payout",
            ),
            models.UniqueConstraint(
                fields=["batch"],
                condition=Q(state="open", kind="not_executed"),
                name="one_open_proposal_per_batch",
            ),
            models.UniqueConstraint(
                fields=["balance", "kind"],
                condition=Q(state="open"),
                name="one_open_proposal_per_balance",
            ),
        )
        indexes = (
            models.Index(fields=["proposed_at"], condition=Q(state="open"), name="proposal_open"),
        )

    def __str__(self) -> str:
        about = [self.amount if self.amount_minor else None, self.about]
        said = ", ".join(str(one) for one in about if one)
        return f"{self.get_kind_display()}: {said} ({self.short_id})"

    @property
    def short_id(self) -> str:
        """The start of the id, enough for people to distinguish proposals."""
        return self.public_id.hex[:8]

    @property
    def about(self) -> Payout | Batch | StatementLine | BankBalance | None:
        """What it is about: the payout or the bank file, else the bank's row or balance."""
        return self.payout or self.batch or self.line or self.balance

    @property
    def amount(self) -> Money:
        """The money of a charge or an explanation."""
        return money(self.amount_minor, self.currency)
