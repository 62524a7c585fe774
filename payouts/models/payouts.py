"""A payout, its steps, and the batch it leaves in."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from foundation.money import Money, money
from foundation.moving import Moves
from payouts.models.methods import PayoutMethod
from wallet.models import RateCard


class Batch(Moves):
    """Payouts that leave together in one bank file: built by one member of staff, approved by
    another.
    """

    class State(models.TextChoices):
        """The states of a batch."""

        BUILT = "built", _("waiting for approval")
        APPROVED = "approved", _("approved, file ready")
        DOWNLOADED = "downloaded", _("file sent to the bank")
        CLOSED = "closed", _("all payouts answered")
        DISCARDED = "discarded", _("discarded")
        VOID = "void", _("never executed by the bank")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.BUILT: {State.APPROVED, State.DISCARDED},
        State.APPROVED: {State.DOWNLOADED, State.CLOSED, State.VOID},
        State.DOWNLOADED: {State.CLOSED, State.VOID},
        State.CLOSED: set(),
        State.DISCARDED: set(),
        State.VOID: set(),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rail = models.CharField(_("processed by"), max_length=24, default="bank_file")
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, choices=State, default=State.BUILT)
    built_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="batches_built"
    )
    built_at = models.DateTimeField(_("created"), auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="batches_approved",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    # Rendered once at approval: what was approved is what the bank gets, byte for byte, but for the
    # day it asks for. That may still move on at the first download, and never after.
    # Encrypted with the same keys as the bank details, because the file is full of them.
    file = models.BinaryField(null=True, blank=True)
    csv = models.BinaryField(null=True, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    # Of the file but for the day: what its payouts' postings remember.
    content_sha256 = models.CharField(max_length=64, blank=True)
    execute_on = models.DateField(_("asks the bank to pay on"), null=True, blank=True)
    downloaded_at = models.DateTimeField(_("first downloaded"), null=True, blank=True)
    # The two people who found that the bank never executed the file.
    decision = models.ForeignKey(
        "Proposal", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")
        ordering = ("-built_at",)
        permissions = (
            ("build_batch", _("Can create a bank file of payouts")),
            ("approve_batch", _("Can approve a bank file created by another person")),
            ("download_batch", _("Can download a bank file")),
        )
        constraints = (
            # Holds for superusers too: moving money takes two people.
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("built_by")),
                name="batch_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["built", "discarded"])
                | Q(approved_by__isnull=False, file__isnull=False),
                name="approved_batch_has_approver_and_file",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True) | Q(execute_on__isnull=False),
                name="file_asks_for_a_day",
            ),
        )

    def __str__(self) -> str:
        facts = {"id": self.short_id, "name": self.built_by.name, "money": self.total}
        return str(_("Bank file %(id)s by %(name)s, %(money)s") % facts)

    @property
    def short_id(self) -> str:
        """The start of the id, enough for people to distinguish batches."""
        return self.public_id.hex[:8]

    @property
    def total(self) -> Money:
        """The sum of this batch."""
        amounts = self.payouts.aggregate(sum=models.Sum("amount_minor"))
        return money(amounts["sum"] or 0, self.currency)


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Payouts by state."""

    def waiting(self) -> "PayoutQuerySet":
        """Return payouts that can still be cancelled."""
        return self.filter(state__in=[Payout.State.REQUESTED, Payout.State.READY])

    def under_way(self) -> "PayoutQuerySet":
        """Return payouts that the bank has not answered."""
        states = [Payout.State.REQUESTED, Payout.State.READY, Payout.State.BATCHED]
        return self.filter(state__in=[*states, Payout.State.SENT])

    def held(self) -> "PayoutQuerySet":
        """Return payouts that contradict the bank's files, or pay the money of one that does."""
        return self.filter(~Q(held_reason="") | Q(pays_again__held_reason__gt=""))

    def for_batch(self, currency: str, rail: str = "bank_file") -> "PayoutQuerySet":
        """Return checked payouts that may leave now: nothing contradicts them, their bank details
        stand and have served their freeze.
        """
        return self.filter(
            Q(pays_again__isnull=True) | Q(pays_again__held_reason=""),
            held_reason="",
            state=Payout.State.READY,
            currency=currency,
            method__rail=rail,
            method__locked_reason="",
            method__removed_at__isnull=True,
            method__usable_from__lte=Now(),
        )


class Payout(Moves):
    """One creator's money on its way, from the request to the bank's answer."""

    class State(models.TextChoices):
        """The states of a payout."""

        REQUESTED = "requested", _("Requested")
        READY = "ready", _("Checked, waiting for the next bank file")
        BATCHED = "batched", _("In a bank file, waiting for approval")
        SENT = "sent", _("Sent, on its way to your bank")
        SETTLED = "settled", _("Paid")
        RETURNED = "returned", _("Returned by your bank")
        CANCELLED = "cancelled", _("Cancelled, back in your balance")

    SHORT: ClassVar[dict[State, StrOrPromise]] = {
        State.REQUESTED: _("requested"),
        State.READY: _("ready"),
        State.BATCHED: _("in a bank file"),
        State.SENT: _("on its way"),
        State.SETTLED: _("paid"),
        State.RETURNED: _("sent back"),
        State.CANCELLED: _("cancelled"),
    }
    NEXT: ClassVar[dict[State, set[State]]] = {
        # Settled at once: the bank had paid it before our records said so, after a restore.
        State.REQUESTED: {State.READY, State.CANCELLED, State.SETTLED},
        State.READY: {State.BATCHED, State.CANCELLED, State.SETTLED},
        State.BATCHED: {State.SENT, State.READY},
        State.SENT: {State.SETTLED, State.RETURNED},
        State.SETTLED: {State.RETURNED},  # banks return money days after they took it
        State.RETURNED: {State.SETTLED},  # and pay after all what they had refused
        State.CANCELLED: set(),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.UUIDField(help_text=_("created by the client; one payout per request"))
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payouts")
    method = models.ForeignKey(
        PayoutMethod, models.PROTECT, related_name="payouts", verbose_name=_("bank account")
    )
    # 0 diamonds: paid from cash that an earlier payout's return left in the creator's balance.
    diamonds = models.PositiveBigIntegerField()
    # Taken with them, for what a lost dispute left owing; they bring no money.
    debt_diamonds = models.PositiveBigIntegerField(
        _("diamonds for a debt"), default=0, db_default=0
    )
    rate_card = models.ForeignKey(RateCard, models.PROTECT)
    fx_per_usd = models.DecimalField(max_digits=18, decimal_places=8)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    # The rate card's value to the last fraction of a minor unit; `amount_minor` is this, rounded
    # half even.
    exact_minor = models.DecimalField(max_digits=32, decimal_places=12)
    # The returned payout whose cash this one pays.
    pays_again = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="paid_again_by"
    )
    state = models.CharField(max_length=12, choices=State, default=State.REQUESTED)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="payouts")
    # The bank's own reference once it has answered.
    provider_reference = models.CharField(_("the bank's reference"), max_length=140, blank=True)
    return_reason = models.CharField(_("return reason"), max_length=200, blank=True)
    # Whose fault the bank named, one of the rail's causes; empty while nothing came back.
    return_cause = models.CharField(max_length=12, blank=True)
    # The bank's files contradict our records; cleared by two people, in no batch until then.
    held_reason = models.CharField(_("contradiction"), max_length=200, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    # The two people behind its last step that no answer of the bank made by itself.
    decision = models.ForeignKey(
        "Proposal", models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("requested"), auto_now_add=True)

    objects: ClassVar[PayoutQuerySet] = PayoutQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        ordering = ("-created_at",)
        permissions = (("cancel_payout", _("Can cancel a payout that hasn't been sent")),)
        constraints = (
            models.UniqueConstraint(fields=["creator", "key"], name="one_payout_per_key"),
            models.UniqueConstraint(
                fields=["pays_again"],
                condition=~Q(state="cancelled"),
                name="returned_payout_paid_again_once",
            ),
            models.CheckConstraint(
                condition=Q(diamonds__gt=0, pays_again__isnull=True)
                | Q(diamonds=0, pays_again__isnull=False),
                name="payout_from_diamonds_or_from_a_return",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_is_of_something"),
            models.CheckConstraint(
                condition=Q(debt_diamonds=0) | Q(diamonds__gt=0), name="debt_is_paid_from_diamonds"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "ready", "cancelled"], batch__isnull=True)
                | Q(state__in=["batched", "sent", "settled", "returned"], batch__isnull=False)
                | Q(state__in=["settled", "returned"], decision__isnull=False),
                name="payout_in_batch_when_batched",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="payout_due"),
            models.Index(fields=["held_at"], condition=~Q(held_reason=""), name="payout_held"),
        )

    def __str__(self) -> str:
        return str(_("%(money)s to %(name)s") % {"money": self.amount, "name": self.creator.name})

    @property
    def amount(self) -> Money:
        """The money that arrives in the bank account."""
        return money(self.amount_minor, self.currency)

    @property
    def end_to_end_id(self) -> str:
        """The id that travels through the banks and comes back: the public id without dashes (32 of
        35 signs).
        """
        return self.public_id.hex

    @property
    def short_id(self) -> str:
        """The start of the id, enough for people to distinguish payouts."""
        return self.public_id.hex[:8]

    @property
    def short_state(self) -> str:
        """The state in one word, for tables."""
        return str(self.SHORT[Payout.State(self.state)])

    @property
    def can_cancel(self) -> bool:
        """Whether it has not been put into a bank file yet."""
        return self.state in {Payout.State.REQUESTED, Payout.State.READY}

    @property
    def can_pay_again(self) -> bool:
        """Whether its money came back and waits to be sent once more."""
        sent_again = self.paid_again_by.exclude(state=Payout.State.CANCELLED)
        return self.state == Payout.State.RETURNED and not sent_again.exists()

    def move(self, to: str, *, note: str = "", notify: bool = False, **changes: object) -> None:
        """Move one step on by compare-and-set and leave an event, with an email if `notify`.
        Raises `WrongState`.
        """
        super().move(to, **changes)
        self.events.create(state=to, note=note, notify_at=Now() if notify else None)


class PayoutEvent(models.Model):
    """One step of a payout with its time, as the creator sees it."""

    payout = models.ForeignKey(Payout, models.CASCADE, related_name="events")
    state = models.CharField(max_length=12, choices=Payout.State)
    note = models.CharField(max_length=200, blank=True)
    # What the bank's answer was booked with: its reference, and whose fault it named.
    reference = models.CharField(max_length=140, blank=True)
    cause = models.CharField(max_length=12, blank=True)
    # The two people behind a step that no answer of the bank made by itself.
    decision = models.ForeignKey(
        "Proposal", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # When the email about this step is due; empty when there is none or it is sent.
    notify_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=["notify_at"],
                condition=Q(notify_at__isnull=False),
                name="payout_event_to_notify",
            ),
        )

    def __str__(self) -> str:
        return f"{self.payout}: {self.short_state}"

    @property
    def short_state(self) -> str:
        """The step in one word, for staff: the choices speak to the creator."""
        return str(Payout.SHORT[Payout.State(self.state)])
