"""Moves: from which country to which a person's account went, when, and by whom."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.places import Country


class Move(models.Model):
    """One change of the country that a person's prices, tax and ages come from."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="moves", verbose_name=_("person")
    )
    origin = models.ForeignKey(
        Country, models.PROTECT, related_name="+", null=True, verbose_name=_("from")
    )
    to = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("to"))
    # Empty: the person did it. A member of staff who was asked to is named.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("changed by"),
    )
    created_at = models.DateTimeField(_("changed"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of country")
        verbose_name_plural = _("changes of country")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.user.name}: {self.origin or '?'} → {self.to}"
