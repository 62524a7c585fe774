"""Stream keys: made and shown once, found by their digest, replaced by one press.

The secret is random and as long as the digest that finds it. No secret is ever compared byte by
byte, so the time that an answer takes tells nothing about a key.
"""

import secrets

from django.db import transaction
from django.utils import timezone

from accounts.creators import require_creator
from accounts.models import User
from foundation.crypto import digest
from video.broadcasts import lose
from video.models import Broadcast, StreamKey
from video.troubles import Trouble

PREFIX = "live_"  # leaked keys are found by it
BYTES = 32


@transaction.atomic
def rotate(*, creator: User) -> str:
    """Return a new key; the one before no longer works, and what comes in with it is cut off.

    Its text is kept nowhere. Raises `NotACreator`.
    """
    require_creator(creator)
    User.objects.select_for_update(no_key=True).get(pk=creator.pk)
    key = PREFIX + secrets.token_urlsafe(BYTES)
    facts = {"digest": digest(key.encode()), "ending": key[-4:], "made_at": timezone.now()}
    StreamKey.objects.update_or_create(creator=creator, defaults={**facts, "used_at": None})
    _cut_off(creator)
    return key


@transaction.atomic
def revoke(*, creator: User) -> None:
    """Take the key away, and cut off what comes in. Repeating this changes nothing."""
    User.objects.select_for_update(no_key=True).get(pk=creator.pk)
    StreamKey.objects.filter(creator=creator).delete()
    _cut_off(creator)


def _cut_off(creator: User) -> None:
    for broadcast in Broadcast.objects.own().incoming().filter(creator=creator):
        lose(broadcast=broadcast, trouble=Trouble.KEY_CHANGED)


def use(text: str) -> StreamKey | None:
    """Return the key with this text, if its creator may go live; note its use."""
    key = (
        StreamKey.objects.select_related("creator")
        .filter(creator__is_active=True, creator__is_creator=True, digest=digest(text.encode()))
        .first()
    )
    if key is not None:
        StreamKey.objects.filter(pk=key.pk).update(used_at=timezone.now())
    return key
