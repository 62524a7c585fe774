"""The site's rules for paying out, and creators' bank accounts."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# The European Economic Area. Banks elsewhere in SEPA are paid with BIC and addresses only.
EEA = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
        *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)


class PayoutPolicy(models.Model):
    """The site's rules for paying out. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    min_usd_cents = models.PositiveIntegerField(
        _("smallest payout, US cents"), db_default=1_000, help_text=_("1000 is 10 US dollars")
    )
    max_per_day_usd_cents = models.PositiveIntegerField(
        _("largest per day, US cents"), db_default=100_000
    )
    bank_change_freeze_hours = models.PositiveSmallIntegerField(
        _("wait after a bank account change, hours"), db_default=72
    )
    in_transit_days = models.PositiveSmallIntegerField(
        _("alert staff when in transit for, days"), db_default=5
    )

    class Meta:
        verbose_name = _("payout rules")
        verbose_name_plural = _("payout rules")
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_payout_policy"),)

    def __str__(self) -> str:
        return str(_("Payout policy"))

    @classmethod
    def current(cls) -> "PayoutPolicy":
        """Return the policy."""
        return cls.objects.get(pk=1)


class PayoutMethodQuerySet(models.QuerySet["PayoutMethod"]):
    """Payout methods by use."""

    def in_use(self) -> "PayoutMethodQuerySet":
        """Return methods that were not removed or replaced."""
        return self.filter(removed_at__isnull=True)


class PayoutMethod(models.Model):
    """A creator's bank account. The IBAN is stored encrypted and shown masked."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="payout_methods"
    )
    rail = models.CharField(_("processed by"), max_length=24, default="bank_file")
    holder = models.CharField(_("account holder"), max_length=70)
    iban_encrypted = models.BinaryField()
    iban_masked = models.CharField(_("IBAN"), max_length=42)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    # Where the holder lives; kept only for banks outside the EEA.
    address_encrypted = models.BinaryField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    usable_from = models.DateTimeField(
        default=timezone.now, help_text=_("delayed after a bank account change")
    )
    # Set when the bank sent money back: the details must be entered again before they are used.
    locked_reason = models.CharField(_("reason for lock"), max_length=200, blank=True)
    auto_weekly = models.BooleanField(
        _("pay out automatically every Monday"),
        default=False,
        help_text=_("The full available balance, if it reaches the minimum."),
    )
    next_auto_at = models.DateTimeField(_("next weekly payout"), null=True, blank=True)
    # When the email about this change is due to its owner; empty once it is sent.
    notify_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    removed_at = models.DateTimeField(_("replaced or removed"), null=True, blank=True)

    objects: ClassVar[PayoutMethodQuerySet] = PayoutMethodQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(auto_weekly=False) | Q(next_auto_at__isnull=False),
                name="weekly_payout_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(iban_masked__regex=f"^({'|'.join(sorted(EEA))})")
                | Q(bic__gt="", address_encrypted__isnull=False),
                name="account_outside_eea_has_bic_and_address",
            ),
            models.UniqueConstraint(
                fields=["creator"],
                condition=Q(removed_at__isnull=True),
                name="one_payout_method_in_use",
            ),
        )

    def __str__(self) -> str:
        return f"{self.holder}, {self.iban_masked}"

    @property
    def country(self) -> str:
        """The IBAN's country, which is the bank's."""
        return self.iban_masked[:2]

    @property
    def locked(self) -> bool:
        """Whether the details must be entered again before money goes there."""
        return bool(self.locked_reason)

    @property
    def frozen(self) -> bool:
        """Whether the bank was changed a short while ago, so that nothing goes there yet."""
        return self.usable_from > timezone.now()
