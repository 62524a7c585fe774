"""Keys to the API: made and shown once, found by their digest, gone when they are revoked."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey, Scope, User
from foundation.crypto import digest
from foundation.errors import DomainError
from foundation.texts import clean

MOST_KEYS = 20
PREFIX = "gift_"  # leaked keys are found by it
BYTES = 32
USE_NOTED_EVERY = timedelta(hours=1)


class TooManyKeys(DomainError):
    """The person has as many keys as one may have."""

    code = "too_many_keys"
    message = _("You have %(most)s API keys. Revoke one you no longer use first.")


class KeyWithoutName(DomainError):
    """The name has nothing that a reader sees."""

    code = "key_without_name"
    status = 422
    message = _("Give the key a name, so that you know later what uses it.")
    field = "name"


@transaction.atomic
def make(*, user: User, name: str, scopes: Sequence[Scope], days: int) -> str:
    """Return a new key. Its text is kept nowhere. Raises `KeyWithoutName`, `TooManyKeys`."""
    name = clean(name)
    if not name:
        raise KeyWithoutName
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two presses see each other's key
    if user.api_keys.count() >= MOST_KEYS:
        raise TooManyKeys(most=MOST_KEYS)
    key = PREFIX + secrets.token_urlsafe(BYTES)
    now = timezone.now()
    user.api_keys.create(
        name=name,
        digest=digest(key.encode()),
        ending=key[-4:],
        scopes=sorted(set(scopes), key=Scope.values.index),
        created_at=now,
        ends_at=now + timedelta(days=days),
    )
    return key


def find(text: str) -> ApiKey | None:
    """Return the key with this text, with its person, if both are in force; note its use."""
    now = timezone.now()
    in_force = ApiKey.objects.filter(user__is_active=True, ends_at__gt=now)
    key = in_force.select_related("user").filter(digest=digest(text.encode())).first()
    if key is not None:
        _note_use(key)
    return key


def _note_use(key: ApiKey) -> None:
    """Write down that the key is used: once an hour, and not with every request."""
    now = timezone.now()
    old = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - USE_NOTED_EVERY:
        ApiKey.objects.filter(old, pk=key.pk).update(last_used_at=now)
