"""Bank statements and their rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.money import Money, money
from payouts.models.payouts import Batch, Payout


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
        closing = ", ".join(str(one.closing) for one in self.balances.all())
        facts = {"id": self.statement_id, "name": self.uploaded_by.name, "money": closing}
        if not closing:
            return str(_("Statement %(id)s, uploaded by %(name)s") % facts)
        return str(_("Statement %(id)s, uploaded by %(name)s, closes with %(money)s") % facts)


class StatementLine(models.Model):
    """The outcome of a row of a bank statement: booked, repeated, not understood and why."""

    class Outcome(models.TextChoices):
        """The outcomes of a row."""

        SETTLED = "settled", _("payout settled")
        RETURNED = "returned", _("payout returned")
        WAITING = "waiting", _("payout returned, waiting for a second person")
        REPEATED = "repeated", _("already known, nothing changed")
        CONTRADICTS = "contradicts", _("doesn't match our records, nothing changed")
        DISMISSED = "dismissed", _("found wrong by two people, nothing changed")
        DUPLICATE = "duplicate", _("refused as a duplicate, nothing changed")
        UNKNOWN = "unknown", _("not one of our payouts, nothing changed")

    statement = models.ForeignKey(BankStatement, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=140, blank=True)
    end_to_end_id = models.CharField(max_length=35, blank=True)
    amount_minor = models.BigIntegerField()
    # Empty where the amount of a row that is not ours could not be read.
    currency = models.CharField(max_length=3, blank=True)
    # Whether the money came in; None where none has moved: a status report, a row not booked yet.
    credit = models.BooleanField(null=True)
    # What the bank kept or took besides the payout.
    charge_minor = models.PositiveBigIntegerField(default=0)
    # Whose fault the bank named, for a return that waits.
    cause = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.CharField(max_length=200, blank=True)
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, blank=True, related_name="statement_lines"
    )
    # Where the row speaks of a whole file of ours and names no payout.
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="statement_lines"
    )

    class Meta:
        ordering = ("statement", "number")

    def __str__(self) -> str:
        money_and_name = [self.amount, self.payout and self.payout.creator.name]
        said = [str(one) for one in money_and_name if one] + [self.get_outcome_display()]
        return str(_("Row %(number)s") % {"number": self.number}) + f": {', '.join(said)}"

    @property
    def amount(self) -> Money | None:
        """The row's amount; nothing where none could be read."""
        return money(self.amount_minor, self.currency) if self.currency else None

    @property
    def charge(self) -> Money | None:
        """The bank's charge in this row; nothing where there is none."""
        return money(self.charge_minor, self.currency) if self.charge_minor else None


class BankBalance(models.Model):
    """The balances that a statement gives for our account in one currency."""

    statement = models.ForeignKey(BankStatement, models.CASCADE, related_name="balances")
    currency = models.CharField(max_length=3)
    # None where the bank gives none.
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField()
    closes_on = models.DateField(_("closing date"))

    class Meta:
        ordering = ("closes_on", "pk")

    def __str__(self) -> str:
        return f"{self.closes_on} {self.closing}"

    @property
    def closing(self) -> Money:
        """The closing balance."""
        return money(self.closing_minor, self.currency)

    @property
    def opening(self) -> Money | None:
        """The opening balance, if the bank gives one."""
        return None if self.opening_minor is None else money(self.opening_minor, self.currency)
