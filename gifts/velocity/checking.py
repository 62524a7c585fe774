"""Asking the rules about creators' income, in the worker."""

import logging

from django.utils import timezone

from gifts.velocity import creators as income
from wallet.models import VelocityRule
from wallet.velocity import creators
from wallet.velocity.rules import in_force

Action = VelocityRule.Action
log = logging.getLogger(__name__)


def check_creators() -> int:
    """Ask about every creator with diamonds on hold; return how many hits were written."""
    written = 0
    for creator in income.with_income():
        for rule in in_force(creator, actions=[Action.FLAG, Action.HOLD], of_creators=True):
            tally = income.tally(rule, creator, timezone.now())
            if tally.counted > rule.threshold and creators.found(rule, tally, creator):
                written += 1
    if written:
        log.info("Rules against fraud found %s creators to look at.", written)
    return written
