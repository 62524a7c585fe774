"""The rules for paying out."""

from typing import Any

from payouts.models import PayoutPolicy


def load(data: dict[str, Any]) -> None:
    """Create the policy if it is missing; what staff changed stays."""
    PayoutPolicy.objects.get_or_create(pk=1)
