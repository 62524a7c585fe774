"""Statements as they are read for what fans paid, files that could not be, and senders."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TransferStatement(models.Model):
    """A bank statement read for what fans paid; the same bytes are read once."""

    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    statement_id = models.CharField(_("statement"), max_length=70)
    # Nobody, where the file was found in the folder.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    sandbox = models.BooleanField(_("of a sandbox"), default=False)
    # What its rows were: new money, money known before, money taken back, and all the rest.
    new = models.PositiveIntegerField(_("new"), default=0)
    repeated = models.PositiveIntegerField(_("known already"), default=0)
    reversed = models.PositiveIntegerField(_("taken back"), default=0)
    others = models.PositiveIntegerField(_("not from fans"), default=0)
    attention = models.CharField(_("to look into"), max_length=300, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seen by"),
    )

    class Meta:
        verbose_name = _("statement read for transfers")
        verbose_name_plural = _("statements read for transfers")
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.statement_id


class RefusedFile(models.Model):
    """A file of the statements' folder that could not be read, and why. It was set aside."""

    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64, blank=True)
    why = models.CharField(_("why"), max_length=300)
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seen by"),
    )

    class Meta:
        verbose_name = _("statement that could not be read")
        verbose_name_plural = _("statements that could not be read")
        ordering = ("-found_at",)

    def __str__(self) -> str:
        return self.name


class SenderRule(models.Model):
    """What staff say about a payer: their money is held, or it is no fan's money at all."""

    class Treatment(models.TextChoices):
        """What becomes of money from this sender."""

        HOLD = "hold", _("Hold for review")
        OURS = "ours", _("Leave out: booked elsewhere")

    treatment = models.CharField(_("what happens"), max_length=4, choices=Treatment)
    name = models.CharField(
        _("name"),
        max_length=140,
        blank=True,
        help_text=_("as the bank writes it; capitals, marks and signs make no difference"),
    )
    name_key = models.CharField(max_length=140, blank=True, editable=False)
    iban_encrypted = models.BinaryField(null=True, editable=False)
    iban_masked = models.CharField(_("IBAN"), max_length=42, blank=True, editable=False)
    reason = models.CharField(_("why"), max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
        editable=False,
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(name_key="") | Q(iban_encrypted__isnull=False),
                name="sender_is_somebody",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="sender_has_a_reason"),
        )

    def __str__(self) -> str:
        return self.name or self.iban_masked
