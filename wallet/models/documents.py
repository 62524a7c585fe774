"""Receipts, credit notes and debit notes: what was said on paper, and to whom it was emailed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.places import percent
from foundation.money import Money, money
from wallet.models.purchases import Purchase
from wallet.models.refunds import Refund


class DocumentSeries(models.Model):
    """Where the numbers of a series have got to. Drawing the next one locks this row."""

    name = models.CharField(_("series"), max_length=24, primary_key=True)
    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        verbose_name = _("series of documents")
        verbose_name_plural = _("series of documents")

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A receipt, or what corrects one. It keeps all that it says: later settings don't change it.

    The database refuses to change or delete it, but for the columns of its email.
    """

    class Kind(models.TextChoices):
        """What the document says."""

        RECEIPT = "receipt", _("Receipt")
        CREDIT_NOTE = "credit_note", _("Credit note")
        # A refund that came back from the fan's bank: the money is ours again.
        DEBIT_NOTE = "debit_note", _("Debit note")

    SIGN: ClassVar[dict[str, int]] = {Kind.RECEIPT: 1, Kind.CREDIT_NOTE: -1, Kind.DEBIT_NOTE: 1}

    public_id = models.UUIDField(_("document"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    series = models.CharField(_("series"), max_length=24)
    number = models.PositiveIntegerField(_("number"))
    purchase = models.ForeignKey(
        Purchase, models.PROTECT, related_name="documents", verbose_name=_("order")
    )
    refund = models.ForeignKey(
        Refund,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("refund"),
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
    )
    seller_name = models.CharField(_("seller"), max_length=200)
    seller_address = models.TextField(_("seller's address"), blank=True)
    seller_tax_id = models.CharField(_("seller's tax number"), max_length=80, blank=True)
    buyer_name = models.CharField(_("buyer"), max_length=80)
    buyer_handle = models.CharField(_("buyer's handle"), max_length=24)
    country_code = models.CharField(_("country code"), max_length=2)
    country_name = models.CharField(_("country"), max_length=60)
    coins = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField(_("net, in minor units"))
    tax_minor = models.BigIntegerField(_("tax, in minor units"))
    loss_minor = models.BigIntegerField(_("goodwill, in minor units"), default=0)
    total_minor = models.BigIntegerField(_("total, in minor units"))
    tax_name = models.CharField(_("name of the tax"), max_length=20)
    tax_rate_bp = models.PositiveIntegerField(_("tax, hundredths of a percent"))
    method = models.CharField(_("payment method"), max_length=24, blank=True)
    payment_reference = models.CharField(_("payment"), max_length=120, blank=True)
    # When the money moved: the day to which statements and the tax count it.
    moved_at = models.DateTimeField(_("paid or refunded"))
    terms_version = models.CharField(_("terms accepted"), max_length=40)
    refund_rule = models.CharField(_("refund rule"), max_length=40)
    sandbox = models.BooleanField(_("sandbox"), default=False)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    due_at = models.DateTimeField(
        _("email due"), null=True, blank=True, help_text=_("when a worker emails it")
    )
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    mailed_at = models.DateTimeField(_("emailed"), null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-id",)
        default_permissions = ("view",)
        permissions = (("resend_document", _("Can email a document again")),)
        constraints = (
            models.UniqueConstraint(fields=["series", "number"], name="one_document_per_number"),
            models.UniqueConstraint(
                fields=["purchase"], condition=Q(kind="receipt"), name="one_receipt_per_purchase"
            ),
            models.UniqueConstraint(fields=["refund", "kind"], name="one_document_per_refund"),
            models.CheckConstraint(
                condition=Q(kind="receipt", refund__isnull=True, corrects__isnull=True)
                | ~Q(kind="receipt") & Q(refund__isnull=False, corrects__isnull=False),
                name="document_corrects_another_or_is_a_receipt",
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("net_minor") + F("tax_minor") + F("loss_minor"))
                & Q(net_minor__gte=0, tax_minor__gte=0, loss_minor__gte=0, total_minor__gt=0),
                name="document_adds_up",
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="document_number_from_1"),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="document_due"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"

    @property
    def label(self) -> str:
        """The number as people read it: 2026-000001."""
        return f"{self.series}-{self.number:06d}"

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.label}.pdf"

    @property
    def tax_percent(self) -> str:
        """The tax rate as people say it."""
        return percent(self.tax_rate_bp)

    @property
    def total(self) -> Money:
        """What was paid or went back."""
        return money(self.total_minor, self.currency)

    @property
    def net(self) -> Money:
        """The part without tax."""
        return money(self.net_minor, self.currency)

    @property
    def tax(self) -> Money:
        """The tax in it."""
        return money(self.tax_minor, self.currency)

    @property
    def goodwill(self) -> Money:
        """What went back although its coins were used."""
        return money(self.loss_minor, self.currency)
