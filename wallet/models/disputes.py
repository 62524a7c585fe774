"""Money of an order that its buyer asks back at their bank, and the site's rule for it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.reference_data import reference_data
from foundation.money import Money, money
from foundation.moving import Moves
from wallet.models.purchases import Purchase


class DisputePolicy(models.Model):
    """Who bears a lost dispute, and what of its tax comes back. One row."""

    class Bearer(models.TextChoices):
        """Who bears gifts whose diamonds were released before their payment was disputed."""

        PLATFORM = "platform", _("The site, from its reserve")
        CREATOR = "creator", _("The creator, as a debt taken off the next payout")

    class TaxBack(models.TextChoices):
        """Of which part of a lost dispute the tax is no longer owed."""

        COINS = "coins", _("Of the coins that are taken back")
        ALL = "all", _("Of all the money that the buyer got back")
        NONE = "none", _("Of nothing")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    bearer = models.CharField(
        _("released diamonds of a lost dispute are borne by"),
        max_length=10,
        choices=Bearer,
        default=Bearer.PLATFORM,
        db_default=Bearer.PLATFORM,
        help_text=_("Diamonds still on hold are always taken back."),
    )
    tax_back = models.CharField(
        _("tax that is no longer owed"),
        max_length=10,
        choices=TaxBack,
        default=TaxBack.COINS,
        db_default=TaxBack.COINS,
        help_text=_("Ask your tax adviser: countries differ."),
    )
    reserve_bp = models.PositiveIntegerField(
        _("reserve for lost disputes, in hundredths of a percent of sales"),
        default=100,
        db_default=100,
        help_text=_("100 is 1% of what was sold in 180 days. Shown beside what disputes cost."),
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)

    class Meta:
        verbose_name = _("dispute rules")
        verbose_name_plural = _("dispute rules")
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="one_dispute_policy"),
            models.CheckConstraint(
                condition=Q(reserve_bp__lte=10_000), name="dispute_reserve_within_sales"
            ),
        )

    def __str__(self) -> str:
        return str(_("Dispute rules"))

    @classmethod
    def current(cls) -> "DisputePolicy":
        """Return the policy."""
        return _dispute_policy()


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Disputes by their use."""

    def open(self) -> "DisputeQuerySet":
        """Return disputes that the bank has not decided."""
        return self.filter(decided_at__isnull=True)


class Dispute(Moves):
    """A buyer's complaint at their bank about one order.

    The order's unspent coins are on hold while it is open. An inquiry has moved no money; any other
    dispute has: the provider took its amount back at once, and a fee.
    """

    class State(models.TextChoices):
        """The dispute's state."""

        NEEDS_RESPONSE = "needs_response", _("Needs our evidence")
        UNDER_REVIEW = "under_review", _("The bank is deciding")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    NEXT: ClassVar[dict[State, set[State]]] = {
        State.NEEDS_RESPONSE: {State.UNDER_REVIEW, State.WON, State.LOST},
        # An inquiry that was answered may still become a dispute.
        State.UNDER_REVIEW: {State.NEEDS_RESPONSE, State.WON, State.LOST},
        State.WON: set(),
        State.LOST: set(),
    }

    public_id = models.UUIDField(_("dispute"), default=uuid.uuid4, unique=True, editable=False)
    purchase = models.ForeignKey(
        Purchase, models.PROTECT, related_name="disputes", verbose_name=_("order")
    )
    provider = models.CharField(_("processed by"), max_length=24)
    provider_reference = models.CharField(_("the provider's reference"), max_length=120)
    state = models.CharField(_("state"), max_length=16, choices=State)
    inquiry = models.BooleanField(
        _("inquiry"), help_text=_("a question of the bank; no money has moved")
    )
    reason = models.CharField(_("reason, in the provider's words"), max_length=60, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(_("amount, in minor units"))
    # What of the amount the order no longer has: it was refunded before, or is disputed already.
    uncovered_minor = models.BigIntegerField(_("more than the order has left"), default=0)
    fee_minor = models.BigIntegerField(_("the provider's fee, in minor units"), default=0)
    coins = models.PositiveIntegerField(
        _("coins disputed"), help_text=_("the order's coins for which the amount stands")
    )
    held_coins = models.PositiveIntegerField(_("coins on hold"), default=0)
    # The rules as they were when it was opened.
    bearer = models.CharField(
        _("released diamonds are borne by"), max_length=10, choices=DisputePolicy.Bearer
    )
    tax_back = models.CharField(
        _("tax that is no longer owed"), max_length=10, choices=DisputePolicy.TaxBack
    )
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    evidence_due_at = models.DateTimeField(_("evidence due"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)

    objects: ClassVar[DisputeQuerySet] = DisputeQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = (F("decided_at").desc(nulls_first=True), "evidence_due_at", "-opened_at")
        permissions = (("answer_dispute", _("Can hand in evidence for a dispute")),)
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "provider_reference"], name="one_dispute_per_reference"
            ),
            models.CheckConstraint(
                condition=~Q(provider_reference=""), name="dispute_has_a_reference"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, uncovered_minor__range=(0, F("amount_minor"))),
                name="dispute_is_about_something",
            ),
            models.CheckConstraint(condition=Q(fee_minor__gte=0), name="dispute_fee_not_negative"),
            models.CheckConstraint(
                condition=Q(held_coins__lte=F("coins")), name="dispute_holds_its_coins_at_most"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["won", "lost"], decided_at__isnull=False, held_coins=0)
                | (~Q(state__in=["won", "lost"]) & Q(decided_at__isnull=True)),
                name="dispute_decided_holds_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(state="lost") | Q(inquiry=False), name="inquiry_is_never_lost"
            ),
        )
        indexes = (
            models.Index(
                fields=["purchase"], condition=Q(decided_at__isnull=True), name="dispute_open"
            ),
        )

    def __str__(self) -> str:
        return str(
            _("Dispute of %(money)s by %(name)s")
            % {"money": self.amount, "name": self.purchase.user.name}
        )

    @property
    def amount(self) -> Money:
        """What the buyer asks back."""
        return money(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        """What the provider charges for it."""
        return money(self.fee_minor, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether the bank has not decided yet."""
        return self.decided_at is None


class DisputeStep(models.Model):
    """One thing that a dispute moved in the ledger: the row behind its posting."""

    class Kind(models.TextChoices):
        """What happened."""

        HELD = "held", _("Coins put on hold")
        TAKEN = "taken", _("Money taken by the payment service")
        FEE = "fee", _("Fee")
        WON = "won", _("Won: coins and money are back")
        LOST = "lost", _("Lost: coins taken back, money gone")

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("step"), max_length=8, choices=Kind)
    coins = models.PositiveIntegerField(_("coins"), default=0)
    amount_minor = models.BigIntegerField(_("money, in minor units"), default=0)
    # How a loss divides: what was not spent yet, the tax, and the site's own.
    net_minor = models.BigIntegerField(_("unspent, in minor units"), default=0)
    tax_minor = models.BigIntegerField(_("tax, in minor units"), default=0)
    loss_minor = models.BigIntegerField(_("loss, in minor units"), default=0)
    created_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("dispute", "number")
        constraints = (
            models.UniqueConstraint(fields=["dispute", "number"], name="one_dispute_step_each"),
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(kind="taken"), name="dispute_takes_money_once"
            ),
            models.UniqueConstraint(
                fields=["dispute"],
                condition=Q(kind__in=["won", "lost"]),
                name="dispute_decided_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="fee") | Q(amount_minor__gte=0), name="dispute_step_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(net_minor__gte=0, tax_minor__gte=0, loss_minor__gte=0)
                & (
                    Q(kind="lost", amount_minor=F("net_minor") + F("tax_minor") + F("loss_minor"))
                    | Q(net_minor=0, tax_minor=0, loss_minor=0)
                ),
                name="dispute_loss_is_divided",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class DisputeEvidence(models.Model):
    """What we tell the bank: written at the press of a person, handed in by a worker as it is."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="evidence")
    note = models.TextField(_("in our words"), max_length=2_000, blank=True)
    facts = models.JSONField(_("facts"))
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    due_at = models.DateTimeField(
        _("due"), null=True, blank=True, help_text=_("next check by a worker")
    )
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("-id",)
        constraints = (
            # Banks read the first answer only.
            models.UniqueConstraint(fields=["dispute"], name="one_evidence_per_dispute"),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="evidence_due"),
        )

    def __str__(self) -> str:
        return str(_("Evidence for %(dispute)s") % {"dispute": self.dispute})


@reference_data
def _dispute_policy() -> DisputePolicy:
    return DisputePolicy.objects.get(pk=1)
