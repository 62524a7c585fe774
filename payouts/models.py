"""Diamonds on their way to a bank account."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from giftplatform.errors import WrongState
from wallet.models import RateCard
from wallet.money import money


class PayoutPolicy(models.Model):
    """The site's rules for paying out. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    min_usd_cents = models.PositiveIntegerField(_("smallest payout, US cents"), default=1_000)
    max_per_day_usd_cents = models.PositiveIntegerField(
        _("largest a day, US cents"), default=100_000
    )
    bank_change_freeze_hours = models.PositiveSmallIntegerField(default=72)
    in_transit_days = models.PositiveSmallIntegerField(
        _("staff are told when still in transit after, days"), default=5
    )

    class Meta:
        verbose_name_plural = "payout policy"
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_payout_policy"),)

    def __str__(self) -> str:
        return str(_("Payout policy"))

    @classmethod
    def current(cls) -> "PayoutPolicy":
        """Return the policy; the defaults until staff change them."""
        return cls.objects.filter(pk=1).first() or cls()


class PayoutMethod(models.Model):
    """Where a creator's money goes. The IBAN is stored encrypted and shown masked."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="payout_methods"
    )
    rail = models.CharField(max_length=24, default="bank_file")
    holder = models.CharField(max_length=70)
    iban_encrypted = models.BinaryField()
    iban_masked = models.CharField(max_length=42)
    bic = models.CharField(max_length=11, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    usable_from = models.DateTimeField(
        default=timezone.now, help_text=_("later after a change of bank")
    )
    # Set when the bank sent money back: the details must be looked at before they are used again.
    locked_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["creator"],
                condition=Q(removed_at__isnull=True),
                name="one_payout_method_in_use",
            ),
        )

    def __str__(self) -> str:
        return f"{self.holder}, {self.iban_masked}"


class Batch(models.Model):
    """Payouts that leave together in one bank file: built by one member of staff, approved by another."""

    class State(models.TextChoices):
        """Where the batch stands."""

        BUILT = "built", _("waiting for a second person")
        APPROVED = "approved", _("approved, file ready")
        DOWNLOADED = "downloaded", _("file handed to the bank")
        CLOSED = "closed", _("every payout answered")
        DISCARDED = "discarded", _("discarded")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.BUILT: {State.APPROVED, State.DISCARDED},
        State.APPROVED: {State.DOWNLOADED, State.CLOSED},
        State.DOWNLOADED: {State.CLOSED},
        State.CLOSED: set(),
        State.DISCARDED: set(),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rail = models.CharField(max_length=24, default="bank_file")
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, choices=State, default=State.BUILT)
    built_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="batches_built"
    )
    built_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="batches_approved",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # Rendered once at approval: what was approved is what the bank gets, byte for byte.
    file = models.BinaryField(null=True, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    downloaded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-built_at",)
        verbose_name_plural = "batches"
        constraints = (
            # No way round for superusers: nobody moves money alone.
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("built_by")),
                name="batch_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["built", "discarded"])
                | Q(approved_by__isnull=False, file__isnull=False),
                name="approved_batch_has_approver_and_file",
            ),
        )

    def __str__(self) -> str:
        return f"{self.built_at:%Y-%m-%d} {self.currency}"


class Payout(models.Model):
    """One creator's money on its way, from the request to the bank's answer."""

    class State(models.TextChoices):
        """Where the payout stands."""

        REQUESTED = "requested", _("Requested")
        READY = "ready", _("Checked, waiting for the next bank file")
        BATCHED = "batched", _("In a bank file, waiting for approval")
        SENT = "sent", _("Left us, on its way to your bank")
        SETTLED = "settled", _("Paid")
        RETURNED = "returned", _("Sent back by your bank")
        CANCELLED = "cancelled", _("Cancelled, back in your balance")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.REQUESTED: {State.READY, State.CANCELLED},
        State.READY: {State.BATCHED, State.CANCELLED},
        State.BATCHED: {State.SENT, State.READY},
        State.SENT: {State.SETTLED, State.RETURNED},
        State.SETTLED: {State.RETURNED},  # banks return money days after they took it
        State.RETURNED: set(),
        State.CANCELLED: set(),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.UUIDField(help_text=_("made by the client that asked; one payout per press"))
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payouts")
    method = models.ForeignKey(PayoutMethod, models.PROTECT, related_name="payouts")
    # 0 diamonds: paid from cash that an earlier payout's return left in the creator's balance.
    diamonds = models.PositiveBigIntegerField()
    rate_card = models.ForeignKey(RateCard, models.PROTECT)
    fx_per_usd = models.DecimalField(max_digits=18, decimal_places=8)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.REQUESTED)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="payouts")
    # The bank's own reference once it has answered.
    provider_reference = models.CharField(max_length=140, blank=True)
    return_reason = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    needs_attention = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=["creator", "key"], name="one_payout_per_press"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_is_of_something"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "ready", "cancelled"], batch__isnull=True)
                | Q(state__in=["batched", "sent", "settled", "returned"], batch__isnull=False),
                name="payout_in_batch_when_batched",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="payout_due"),
        )

    def __str__(self) -> str:
        return f"{self.amount} to {self.creator}"

    @property
    def amount(self) -> Money:
        """What arrives in the bank account."""
        return money(self.amount_minor, self.currency)

    @property
    def end_to_end_id(self) -> str:
        """The id that travels through the banks and comes back: the public id without dashes (32 of 35 signs)."""
        return self.public_id.hex

    def move(self, to: "Payout.State", **changes: object) -> None:
        """Move one step on by compare-and-set and leave an event. Raises `WrongState`."""
        before = Payout.State(self.state)
        same = Payout.objects.filter(pk=self.pk, state=before)
        if to not in self.NEXT[before] or not same.update(state=to, **changes):
            raise WrongState
        PayoutEvent.objects.create(payout=self, state=to)
        self.refresh_from_db()


class PayoutEvent(models.Model):
    """One step of a payout with its time: what the creator sees."""

    payout = models.ForeignKey(Payout, models.CASCADE, related_name="events")
    state = models.CharField(max_length=12, choices=Payout.State)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.get_state_display()


class BankStatement(models.Model):
    """One camt.053 file that staff uploaded; the same bytes are taken once."""

    sha256 = models.CharField(max_length=64, unique=True)
    statement_id = models.CharField(max_length=70)
    iban_masked = models.CharField(max_length=42)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.statement_id


class StatementLine(models.Model):
    """What one row of a bank statement meant for us: booked, repeated, or not understood and why."""

    class Outcome(models.TextChoices):
        """What became of the row."""

        SETTLED = "settled", _("payout settled")
        RETURNED = "returned", _("payout returned")
        REPEATED = "repeated", _("known already, nothing changed")
        CONTRADICTS = "contradicts", _("contradicts what we know, nothing changed")
        UNKNOWN = "unknown", _("not one of our payouts, nothing changed")

    statement = models.ForeignKey(BankStatement, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=140, blank=True)
    end_to_end_id = models.CharField(max_length=35, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.CharField(max_length=200, blank=True)
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, blank=True, related_name="statement_lines"
    )

    class Meta:
        ordering = ("statement", "number")

    def __str__(self) -> str:
        return f"{self.number}: {self.get_outcome_display()}"
