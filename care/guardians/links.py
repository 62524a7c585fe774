"""The private way to a case. The database knows a hash; the address is in the guardian's mailbox.

Each email makes a link of its own just before it leaves, so that no secret waits in a table.
"""

import hashlib
import secrets

from django.conf import settings
from django.urls import reverse

from care.models import GuardianCase, GuardianLink

BYTES = 32


def make(case: GuardianCase) -> str:
    """Return a new address of a case's page. Earlier ones still lead there."""
    token = secrets.token_urlsafe(BYTES)
    GuardianLink.objects.create(case=case, token_hash=_hashed(token))
    return settings.PUBLIC_URL.rstrip("/") + reverse("care:case", args=[token])


def case_of(token: str) -> GuardianCase | None:
    """Return the case that an address leads to, if one."""
    link = GuardianLink.objects.select_related("case").filter(token_hash=_hashed(token)).first()
    return link.case if link else None


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
