"""What the hourly audit found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerCheck(models.Model):
    """One run of the audit. While the newest one found a breach, no payout leaves."""

    ran_at = models.DateTimeField(_("checked"), auto_now_add=True)
    ok = models.BooleanField(_("balanced"))
    report = models.TextField(_("report"))

    class Meta:
        verbose_name = _("ledger check")
        verbose_name_plural = _("ledger checks")
        ordering = ("-ran_at",)

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d %H:%M} {'balanced' if self.ok else 'breach'}"

    @classmethod
    def payouts_frozen(cls) -> bool:
        """Return whether the newest audit found a breach."""
        newest = cls.objects.order_by("-ran_at").first()
        return newest is not None and not newest.ok
