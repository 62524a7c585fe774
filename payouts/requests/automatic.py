"""Payouts' work without a request: checks, the weekly payout, notes to staff. Rows say what is
due.
"""

import uuid
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

import ledger
from foundation.errors import DomainError
from payouts import refusals
from payouts.holds import held_creators, waits_for_decision
from payouts.methods import bank_accounts
from payouts.methods.fitness import unfit
from payouts.models import Payout, PayoutEvent, PayoutMethod, PayoutPolicy
from payouts.pause import paused
from payouts.requests import quotes, services
from wallet.models import RateCard

AT_ONCE = 200
CHECK_AGAIN_AFTER = timedelta(minutes=5)


def check_requested(*, at_once: int = AT_ONCE) -> int:
    """Check requested payouts that are due and move the sound ones to the queue. Returns how many
    were checked.
    """
    seen = 0
    while seen < at_once and _check_next():
        seen += 1
    return seen


def ask_weekly(*, at_once: int = AT_ONCE) -> int:
    """Request the weekly payout for those who chose it and whose day has come. Returns how many
    were checked.
    """
    seen = 0
    while seen < at_once and _ask_next():
        seen += 1
    return seen


def send_again(*, at_once: int = AT_ONCE) -> int:
    """Put the money of payouts that failed by our own fault into the queue again. Returns how many
    were due.
    """
    due = Payout.objects.filter(state=Payout.State.RETURNED, due_at__lte=Now())
    payouts = list(due.select_related("creator").order_by("due_at")[:at_once])
    for payout in payouts:
        key, later = uuid.uuid5(payout.public_id, "again"), None
        try:  # another worker at the same moment comes with the same key
            services.pay_again(creator=payout.creator, payout=payout, key=key)
        except (refusals.MethodFrozen, refusals.PayoutsPaused, refusals.PayoutHeld):
            later = timezone.now() + CHECK_AGAIN_AFTER
        except DomainError:
            pass  # the creator enters a bank account, or has sent it again already
        Payout.objects.filter(pk=payout.pk).update(due_at=later)
    return len(payouts)


def flag_late_payouts() -> int:
    """Mark payouts that the bank has not answered for too long, so that staff see them. Returns how
    many.
    """
    days = PayoutPolicy.current().in_transit_days
    left = PayoutEvent.objects.filter(
        state=Payout.State.SENT, created_at__lt=Now() - timedelta(days=days)
    )
    late = Payout.objects.filter(
        state=Payout.State.SENT, needs_attention="", pk__in=left.values("payout")
    )
    return late.update(
        needs_attention=_("No answer from the bank for %(days)s days.") % {"days": days}
    )


@transaction.atomic
def _check_next() -> bool:
    """Claim one due payout and decide. Another worker at the same moment takes the next
    one.
    """
    due = Payout.objects.filter(state=Payout.State.REQUESTED, due_at__lte=Now())
    payout = (
        due.select_for_update(of=("self",), skip_locked=True)
        .select_related("method", "creator")
        .order_by("due_at")
        .first()
    )
    if payout is None:
        return False
    if obstacle := _obstacle(payout):
        Payout.objects.filter(pk=payout.pk).update(
            due_at=Now() + CHECK_AGAIN_AFTER, attempts=payout.attempts + 1, needs_attention=obstacle
        )
    else:
        payout.move(Payout.State.READY, due_at=None, needs_attention="")
    return True


def _obstacle(payout: Payout) -> str:
    """Return why a payout may not go to the queue now, in words for staff; nothing if it may."""
    cash = ledger.balance("cash", payout.currency, payout.creator_id)
    if paused():
        return _("Waiting: the latest ledger check found a problem.")
    if not payout.creator.is_active:
        return _("Waiting: the creator's account is closed.")
    if payout.method.locked:
        return _("Waiting: the bank account is locked until it is entered again.")
    if payout.method.frozen:
        return _("Waiting: the bank account was changed recently.")
    if cash < payout.amount_minor:
        return _("Waiting: the creator's cash balance is too low.")
    reason = unfit(payout.method) or waits_for_decision(payout, held_creators([payout]))
    return _("Waiting: %(reason)s") % {"reason": reason} if reason else ""


@transaction.atomic
def _ask_next() -> bool:
    """Claim one creator whose day has come. Below the minimum nothing happens until next week."""
    due = PayoutMethod.objects.in_use().filter(auto_weekly=True, next_auto_at__lte=Now())
    # The creator's row is the claim, because a change of a bank account locks it first: with
    # the account's own row as the claim the two could wait for each other.
    free = due.select_for_update(of=("creator",), no_key=True, skip_locked=True)
    claimed = free.select_related("creator").order_by("next_auto_at").first()
    if claimed is None:
        return False
    method = due.filter(pk=claimed.pk).first()  # as it is now, under the lock
    if method is None or method.next_auto_at is None:
        return True
    day, method.next_auto_at = method.next_auto_at, bank_accounts.next_monday()
    method.save(update_fields=["next_auto_at"])
    most = quotes.most_today(method.creator, RateCard.objects.current())
    # Too little this week, or paused: the balance stays and next Monday asks again.
    with suppress(DomainError):
        services.request_payout(
            creator=method.creator, diamonds=most, key=uuid.uuid5(method.public_id, day.isoformat())
        )
    return True
