"""What creators were paid for bonus coins, conversion by conversion."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BonusCost(models.Model):
    """The part of one conversion that bonus coins brought: the site's cost, not a sale's."""

    conversion = models.CharField(
        _("conversion"), max_length=120, unique=True, help_text=_("the key of its posting")
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("creator")
    )
    diamonds = models.BigIntegerField(_("diamonds of bonus coins"))
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField(_("amount, in minor units"))
    created_at = models.DateTimeField(_("booked"))
    # The conversion was taken back, and this with it.
    reversed_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("cost of bonus coins")
        verbose_name_plural = _("costs of bonus coins")
        ordering = ("-id",)
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(
                condition=Q(diamonds__gt=0, amount_minor__gt=0),
                name="bonus_cost_is_of_something",
            ),
        )
        indexes = (models.Index(fields=["creator"], name="bonus_cost_of_creator"),)

    def __str__(self) -> str:
        return self.conversion
