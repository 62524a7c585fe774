"""The sandbox provider's own payments, as a real provider would keep them on its side."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone


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
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=140)
    return_url = models.CharField(max_length=300)
    state = models.CharField(max_length=24, choices=State, default=State.OPEN)
    settles_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"sandbox {self.reference}"

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


class SandboxNotice(models.Model):
    """A webhook that the provider still has to deliver, and delivers until it hears 200."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(SandboxPayment, models.CASCADE, related_name="notices")
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"notice {self.id}"
