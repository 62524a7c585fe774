"""The worker's part: an order for each fan whose coins ran low, while they agree to it."""

import logging
import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.pauses import SpendingPaused, until_words
from foundation.errors import DomainError
from wallet.agreements import rules
from wallet.agreements.turning_off import turn_off
from wallet.models import Purchase, TopUp
from wallet.providers.base import Unreachable
from wallet.purchases import buying, settlement

log = logging.getLogger(__name__)
BATCH = 50
# The fan is buying the same coins at this moment.
RESTS = timedelta(minutes=1)
Reason = TopUp.Reason


def run() -> int:
    """Place the orders that agreements ask for, charge them, and return how many were placed."""
    stop_paused()
    placed = 0
    for top_up in rules.low().select_related("user", "bundle__region", "saved_method"):
        # Those who sent no gift since stay here for long: they take no place from the others.
        if placed == BATCH:
            break
        if top_up.on_at is None or not rules.spent_since(top_up.user, top_up.on_at):
            continue
        purchase = _place(top_up)
        if purchase is None:
            continue
        placed += 1
        try:
            settlement.inspect(purchase)
        except Exception as trouble:  # it is due: the sweep goes on with it
            log.warning("Auto top-up %s: %s", purchase.public_id, trouble)
    return placed


def _place(top_up: TopUp) -> Purchase | None:
    """Place one order; what forbids any purchase turns the agreement off."""
    try:
        return buying.buy_again(top_up=top_up, key=key_of(top_up))
    except rules.NotNow as wait:
        if wait.until:
            TopUp.objects.filter(pk=top_up.pk).update(rests_until=wait.until)
    except buying.OrderOpen:
        TopUp.objects.filter(pk=top_up.pk).update(rests_until=timezone.now() + RESTS)
    except Unreachable:
        pass
    except rules.MoneyAskedBack:
        turn_off(top_up=top_up, reason=Reason.REFUNDED)
    except DomainError as refusal:
        turn_off(top_up=top_up, reason=Reason.REFUSED, note=str(refusal.detail))
    return None


def key_of(top_up: TopUp) -> uuid.UUID:
    """Return the key of an agreement's next order: whoever places it, it is the same one."""
    return uuid.uuid5(top_up.public_id, str(top_up.purchases.count()))


def stop_paused() -> None:
    """Turn off what people agreed to who paused spending, or whose account is closed."""
    in_force = TopUp.objects.filter(state=TopUp.State.ON).select_related("user")
    for top_up in in_force.filter(user__spending_paused_until__gt=timezone.now()):
        until = until_words(top_up.user.spending_paused_until or timezone.now())
        note = str(SpendingPaused(until=until).detail)
        turn_off(top_up=top_up, reason=Reason.REFUSED, note=note)
    for top_up in in_force.filter(user__is_active=False):
        turn_off(top_up=top_up, reason=Reason.FAN)
