"""Bank statements and their rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from payouts.models.payouts import Payout


class BankStatement(models.Model):
    """One camt.053 file that staff uploaded; the same bytes are taken once."""

    sha256 = models.CharField(max_length=64, unique=True)
    statement_id = models.CharField(_("statement"), max_length=70)
    iban_masked = models.CharField(_("account"), max_length=42)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    left_out = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.statement_id


class StatementLine(models.Model):
    """The outcome of a row of a bank statement: booked, repeated, not understood and why."""

    class Outcome(models.TextChoices):
        """The outcomes of a row."""

        SETTLED = "settled", _("payout settled")
        RETURNED = "returned", _("payout returned")
        REPEATED = "repeated", _("already known, nothing changed")
        CONTRADICTS = "contradicts", _("doesn't match our records, nothing changed")
        DUPLICATE = "duplicate", _("refused as a duplicate, nothing changed")
        UNKNOWN = "unknown", _("not one of our payouts, nothing changed")

    statement = models.ForeignKey(BankStatement, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=140, blank=True)
    end_to_end_id = models.CharField(max_length=35, blank=True)
    amount_minor = models.BigIntegerField()
    # Empty where the amount of a row that is not ours could not be read.
    currency = models.CharField(max_length=3, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.CharField(max_length=200, blank=True)
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, blank=True, related_name="statement_lines"
    )

    class Meta:
        ordering = ("statement", "number")

    def __str__(self) -> str:
        return f"{self.number}: {self.get_outcome_display()}"
