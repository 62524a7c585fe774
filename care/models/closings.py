"""An account that its owner closes: a time in which it can be kept, then the end."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ClosingQuerySet(models.QuerySet["Closing"]):
    """Closings by their use."""

    def under_way(self) -> "ClosingQuerySet":
        """Return those that can still be undone."""
        return self.filter(undone_at=None, closed_at=None)


class Closing(models.Model):
    """A wish to close an account, and what became of it.

    The database closes none that holds anything but what its owner gave up
    (`care/sql/closings.sql`).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="closings",
        verbose_name=_("person"),
    )
    # Whether the owner agreed to lose what cannot be paid out; how much that was, at the end.
    gives_up = models.BooleanField(_("gives up what is left"), default=False)
    coins_given_up = models.PositiveBigIntegerField(_("coins given up"), default=0)
    bonus_given_up = models.PositiveBigIntegerField(_("bonus coins that ended"), default=0)
    diamonds_given_up = models.PositiveBigIntegerField(_("diamonds given up"), default=0)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    closes_at = models.DateTimeField(_("closes"))
    undone_at = models.DateTimeField(_("kept"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    due_at = models.DateTimeField(
        _("due"), null=True, blank=True, help_text=_("next check by a worker")
    )
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    needs_attention = models.CharField(_("needs attention"), max_length=200, blank=True)
    notify_at = models.DateTimeField(null=True, blank=True)  # until its email has left

    objects: ClassVar[ClosingQuerySet] = ClosingQuerySet.as_manager()  # type: ignore[assignment]  # its stubs are loose

    class Meta:
        verbose_name = _("closing account")
        verbose_name_plural = _("closing accounts")
        ordering = ("-asked_at",)
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(
                fields=["user"], condition=Q(undone_at__isnull=True), name="one_closing_per_person"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(closed_at__isnull=True),
                name="closing_is_undone_or_done",
            ),
            models.CheckConstraint(
                condition=Q(gives_up=True) | Q(coins_given_up=0, diamonds_given_up=0),
                name="closing_takes_only_what_is_given_up",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="closing_due"),
        )

    def __str__(self) -> str:
        return str(_("Closing of %(name)s") % {"name": self.user})
