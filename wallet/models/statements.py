"""The monthly email: one row for each fan and month, so that each is sent once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StatementEmail(models.Model):
    """A month's statement on its way to a fan. Due no more and not sent: there was nothing to say,
    or the fan wants none.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("fan")
    )
    month = models.DateField(_("month"), help_text=_("its first day"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("statement email")
        verbose_name_plural = _("statement emails")
        ordering = ("-month", "-id")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=["user", "month"], name="one_statement_email_per_month"),
            models.CheckConstraint(
                condition=Q(month__day=1), name="statement_email_month_is_its_first_day"
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="statement_email_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
