"""What a fan is told by email of an order that a rule against fraud holds."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from wallet.models.purchases import Purchase


class HoldEmailSet(models.QuerySet["HoldEmail"]):
    """Emails by use."""

    def plan(self, purchase: Purchase, about: "HoldEmail.About") -> None:
        """Let an email be due, once for each order: in the transaction that makes it true."""
        row = HoldEmail(purchase=purchase, about=about, due_at=Now())
        self.bulk_create([row], ignore_conflicts=True)


class HoldEmail(models.Model):
    """An email, once: that an order waits for a person, or what the person decided."""

    class About(models.TextChoices):
        """What it tells."""

        HELD = "held", _("Held")
        DECIDED = "decided", _("Decided")

    purchase = models.ForeignKey(
        Purchase, models.CASCADE, related_name="hold_emails", verbose_name=_("order")
    )
    about = models.CharField(_("about"), max_length=8, choices=About)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects: ClassVar[HoldEmailSet] = HoldEmailSet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("email about a held order")
        verbose_name_plural = _("emails about held orders")
        constraints = (
            models.UniqueConstraint(fields=["purchase", "about"], name="one_hold_email_each"),
        )
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="hold_email_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_about_display()}, {self.purchase}"
