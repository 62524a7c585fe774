"""The version of the reference data."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class ReferenceVersion(models.Model):
    """One row that says which version the reference data has (`accounts/reference_data.py`)."""

    version = models.UUIDField(default=uuid.uuid4)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_reference_version"),)

    def __str__(self) -> str:
        return str(self.version)
