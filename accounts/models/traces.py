"""Traces: what an account was used with, so that accounts of one hand are seen as such."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Trace(models.Model):
    """One thing that an account was used with, from when to when.

    A value is a digest (`accounts.traces.hidden`), which can be compared and not read; of an
    address its network. Two accounts with the same value were used with the same thing.
    """

    class Kind(models.TextChoices):
        """What it is."""

        DEVICE = "device", _("browser")
        NETWORK = "network", _("network")
        CARD = "card", _("card or debited account")
        BANK = "bank", _("bank account for payouts")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="traces", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    value = models.CharField(_("value"), max_length=64)
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("trace")
        verbose_name_plural = _("traces")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["user", "kind", "value"], name="one_trace_each"),
            models.CheckConstraint(condition=~Q(value=""), name="trace_says_something"),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="trace_ends_after_it_began"
            ),
        )
        indexes = (
            models.Index(fields=["kind", "value", "last_at"], name="trace_of_value"),
            models.Index(fields=["last_at"], name="trace_to_prune"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"
