"""The rights of staff: each that was given or taken, written by the database itself."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class RightsChange(models.Model):
    """A flag, group or permission that a person or a group got or lost (`accounts/sql/rights.sql`).

    Rows outlive the people and groups that they name.
    """

    user = models.ForeignKey(
        User, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    group_number = models.IntegerField(null=True, db_index=True)
    given = models.BooleanField()
    what = models.CharField(max_length=250)
    at = models.DateTimeField(default=timezone.now)
    notify_at = models.DateTimeField(null=True)  # until superusers were told

    class Meta:
        verbose_name = _("change of rights")
        verbose_name_plural = _("changes of rights")
        indexes = (
            models.Index(
                fields=["notify_at"],
                condition=models.Q(notify_at__isnull=False),
                name="rights_to_tell",
            ),
        )

    def __str__(self) -> str:
        return f"{'+' if self.given else '-'} {self.what}"
