"""The jobs of gifts: releases, and forgetting the keys of old ones."""

import logging

from celery import shared_task
from django.conf import settings

from gifts.earnings import release as hold
from gifts.sending import pruning

log = logging.getLogger(__name__)


@shared_task(name="gifts.tasks.release")
def release() -> int:
    """Release what has served its hold; returns the diamonds that moved."""
    return hold.release_due()


@shared_task(name="gifts.tasks.prune_keys")
def prune_keys() -> None:
    """Forget the keys of old gifts, where the operator wants it."""
    if days := settings.KEEP_GIFT_KEYS_DAYS:
        pruned = pruning.prune_keys(older_than_days=days)
        log.info("Keys of gifts older than %s days forgotten: %s.", days, pruned)
