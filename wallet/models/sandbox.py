"""The sandbox provider's own payments, as a real provider would keep them on its side."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone


class SandboxSavedCard(models.Model):
    """A card that the sandbox keeps, and what its bank says to each payment without the payer."""

    class Plays(models.TextChoices):
        """What the bank says."""

        PAYS = "pays"
        DECLINES = "declines"
        ASKS = "asks"

    reference = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    idempotency_key = models.CharField(max_length=64, unique=True)
    plays = models.CharField(max_length=16, choices=Plays, blank=True)  # nothing yet: not saved
    return_url = models.CharField(max_length=300)
    removed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"sandbox card {self.reference}"


class SandboxPayment(models.Model):
    """A payment as the provider sees it. Our side reads it through `fetch` only."""

    class State(models.TextChoices):
        """The provider's words."""

        OPEN = "open"
        NEEDS_AUTHENTICATION = "needs_authentication"
        PROCESSING = "processing"
        SUCCEEDED = "succeeded"
        DECLINED = "declined"
        EXPIRED = "expired"

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.OPEN: {
            State.NEEDS_AUTHENTICATION,
            State.PROCESSING,
            State.SUCCEEDED,
            State.DECLINED,
            State.EXPIRED,
        },
        State.NEEDS_AUTHENTICATION: {State.SUCCEEDED, State.DECLINED, State.EXPIRED},
        State.PROCESSING: {State.SUCCEEDED, State.DECLINED},
        State.SUCCEEDED: set(),
        State.DECLINED: set(),
        State.EXPIRED: set(),
    }

    reference = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Our purchase id as the provider's idempotency key: starting twice finds the same payment.
    idempotency_key = models.CharField(max_length=64, unique=True)
    method = models.CharField(max_length=24, default="card")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=140)
    return_url = models.CharField(max_length=300)
    country = models.CharField(max_length=2)
    # Taken from a card that was saved, without the payer.
    saved_card = models.ForeignKey(SandboxSavedCard, models.CASCADE, null=True, blank=True)
    # What the provider calls the card; by itself each person pays with one of their own.
    card = models.CharField(max_length=64, default="", db_default="")
    state = models.CharField(max_length=24, choices=State, default=State.OPEN)
    settles_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"sandbox {self.reference}"

    @property
    def by_bank(self) -> bool:
        """Whether it is paid from a bank account."""
        return self.method == "bank"

    def move(self, to: "SandboxPayment.State", *, settles_at: datetime | None = None) -> bool:
        """Move on by compare-and-set and owe a webhook; False when it had moved already."""
        before = SandboxPayment.State(self.state)
        same = SandboxPayment.objects.filter(pk=self.pk, state=before)
        if to not in self.NEXT[before] or not same.update(
            state=to, settles_at=settles_at, changed_at=timezone.now()
        ):
            return False
        SandboxNotice.objects.create(payment=self)
        self.refresh_from_db()
        return True


class SandboxRefund(models.Model):
    """Money of a payment that the provider gave back, on our order or on its own pages."""

    reference = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(SandboxPayment, models.CASCADE, related_name="refunds")
    # Our refund's id, the idempotency key; empty for one that was made on the provider's pages.
    idempotency_key = models.CharField(max_length=64, blank=True)
    amount_minor = models.BigIntegerField()
    failed = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="one_sandbox_refund_per_key",
            ),
        )

    def __str__(self) -> str:
        return f"sandbox refund {self.reference}"


class SandboxDispute(models.Model):
    """A complaint of a payment's buyer at their bank, as the provider sees it."""

    class State(models.TextChoices):
        """The provider's words."""

        INQUIRY = "inquiry"
        NEEDS_RESPONSE = "needs_response"
        UNDER_REVIEW = "under_review"
        WON = "won"
        LOST = "lost"

    reference = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(SandboxPayment, models.CASCADE, related_name="disputes")
    state = models.CharField(max_length=16, choices=State)
    # A question of the bank for as long as it stays one: it is never lost and moves no money.
    inquiry = models.BooleanField(default=False)
    reason = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    evidence_due_at = models.DateTimeField()
    evidence = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"sandbox dispute {self.reference}"


class SandboxNotice(models.Model):
    """A webhook that the provider still has to deliver, and delivers until it hears 200."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(SandboxPayment, models.CASCADE, related_name="notices")
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"notice {self.id}"
