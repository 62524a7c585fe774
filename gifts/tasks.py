"""The jobs of gifts: releases, disputed payments, uploads to draw, keys to forget."""

import logging

from celery import shared_task
from django.conf import settings

from gifts.clawback import emails
from gifts.clawback import follow as clawback
from gifts.earnings import bonus_cost
from gifts.earnings import release as hold
from gifts.sending import pruning
from gifts.stage.rendering import queue
from gifts.velocity import checking

log = logging.getLogger(__name__)


@shared_task(name="gifts.tasks.release")
def release() -> int:
    """Release what has served its hold; returns the diamonds that moved."""
    return hold.release_due()


@shared_task(name="gifts.tasks.follow_disputes")
def follow_disputes() -> int:
    """Freeze gifts of disputed payments, and settle those that the bank decided."""
    followed = clawback.follow_disputes()
    emails.send_due()
    return followed


@shared_task(name="gifts.tasks.book_bonus_cost")
def book_bonus_cost() -> int:
    """Book what creators were paid for bonus coins as the site's cost; returns the postings."""
    return bonus_cost.book()


@shared_task(name="gifts.tasks.draw_uploads")
def draw_uploads() -> int:
    """Draw what staff uploaded; returns how many uploads are settled."""
    return queue.draw_due()


@shared_task(name="gifts.tasks.check_creators")
def check_creators() -> int:
    """Ask the rules against fraud about creators' income; returns how many hits there were."""
    return checking.check_creators()


@shared_task(name="gifts.tasks.prune_keys")
def prune_keys() -> None:
    """Forget the keys of old gifts, where the operator wants it."""
    if days := settings.KEEP_GIFT_KEYS_DAYS:
        pruned = pruning.prune_keys(older_than_days=days)
        log.info("Keys of gifts older than %s days forgotten: %s.", days, pruned)
