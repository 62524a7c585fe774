"""Batches of codes for the wallet's tests."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Country, User
from conftest import person
from wallet.codes import batches
from wallet.codes.batches import Made
from wallet.models import CodeBatch


def staff() -> User:
    """Return the member of staff who makes codes."""
    return User.objects.filter(handle="olga").first() or person("olga", is_staff=True)


def new_batch(**facts: Any) -> CodeBatch:
    """Return a batch that is not written yet: of bonus coins, or of cards where it has a price."""
    prepaid = "price_minor" in facts
    facts.setdefault("kind", "prepaid" if prepaid else "bonus")
    facts.setdefault("bonus_days", None if prepaid else 30)
    country = facts.pop("country", "DE" if prepaid else None)
    if country:
        facts["region"] = Country.objects.get(code=country).region
    facts.setdefault("valid_until", timezone.now() + timedelta(days=300))
    return CodeBatch(**{"name": "Summer", "coins": 500, **facts})


def made_batch(**facts: Any) -> Made:
    """Return a batch with its codes."""
    return batches.make(batches.propose(new_batch(**facts), by=staff()))
