"""What the provider says of an order's refunds, booked once: ours and those made on its own site.

All of it runs inside the transaction that settles the order, under the order's lock.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models.functions import Now
from django.utils.translation import gettext as _

import ledger
from foundation.jobs import nudge
from foundation.money import money
from foundation.texts import clean
from wallet.coins.locks import lock_coins
from wallet.models import Purchase, Refund
from wallet.models.refunds import NOBODY
from wallet.providers.base import ProviderRefund, RefundStatus
from wallet.refunds import booking
from wallet.refunds.amounts import Shares
from wallet.refunds.requests import FOLLOW_GIFTS, place
from wallet.refunds.unused import unused_coins

State = Refund.State
STATE = {
    RefundStatus.PENDING: State.SENT,
    RefundStatus.DONE: State.DONE,
    RefundStatus.FAILED: State.FAILED,
}
LOOK_AGAIN = timedelta(hours=6)


def reported(purchase: Purchase, refunds: Iterable[ProviderRefund]) -> None:
    """Bring an order's refunds to where the provider says that they stand."""
    refunds = list(refunds)
    if not refunds:
        return
    lock_coins(purchase.user_id)
    for theirs in refunds:
        purchase.refresh_from_db()
        if ours := _known(purchase, theirs):
            answered(ours, theirs)
        elif theirs.status != RefundStatus.FAILED:
            _made_there(purchase, theirs)


def differs(purchase: Purchase, refunds: Iterable[ProviderRefund]) -> bool:
    """Return whether the provider knows of a refund that stands elsewhere with us."""
    for theirs in refunds:
        ours = _known(purchase, theirs)
        if ours is None and theirs.status != RefundStatus.FAILED:
            return True
        if ours and STATE[theirs.status] != ours.state:
            return True
    return False


def answered(refund: Refund, theirs: ProviderRefund) -> None:
    """Move a refund to what the provider answered and book it. Runs under its order's lock."""
    if (theirs.amount_minor, theirs.currency) != (refund.total_minor, refund.currency):
        _tell_staff(refund, _differs(refund, theirs))
        return
    before, to = State(refund.state), STATE[theirs.status]
    if refund.by_hand:
        _beside_by_hand(refund, to)
    if to not in refund.NEXT[before]:
        return
    refund.provider_reference = theirs.reference
    refund.save(update_fields=["provider_reference"])
    changes: dict[str, object] = {
        "due_at": Now() + LOOK_AGAIN if to == State.SENT else None,
        "attempts": 0,
        "needs_attention": "",
    }
    if to == State.DONE:
        changes["done_at"] = ledger.moment_of(booking.complete(refund))
    elif to == State.FAILED:
        if before == State.DONE:
            booking.undo(refund)
        booking.release(refund)
        why = clean(theirs.why)[:100] or _("no reason given")
        changes["needs_attention"] = _("The payment service refused it: %(why)s.") % {"why": why}
        # A guardian is told by the case.
        guardian = refund.reason == Refund.Reason.GUARDIAN
        changes["notify_at"] = None if guardian else Now()
    refund.move(to, **changes)
    if refund.takes_gifts:
        nudge(FOLLOW_GIFTS)


def _beside_by_hand(refund: Refund, to: State) -> None:
    """Deal with a provider that gave back what goes back by hand as well."""
    if refund.state == State.DONE and to != State.FAILED:
        _tell_staff(refund, _("The payment service gave it back too: it was paid twice."))
    if refund.state == State.HELD:  # not yet by hand, so what was proposed is void
        Refund.objects.filter(pk=refund.pk).update(**NOBODY)
        refund.refresh_from_db()


def _known(purchase: Purchase, theirs: ProviderRefund) -> Refund | None:
    mine = purchase.refunds.select_related("purchase", "purchase__user")
    found = mine.filter(provider_reference=theirs.reference).first()
    if found is None and (name := _uuid(theirs.refund)):
        found = mine.filter(public_id=name).first()
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _made_there(purchase: Purchase, theirs: ProviderRefund) -> None:
    """Book a refund that somebody made on the provider's site: the money is on its way.

    Unused coins go for it; what they do not cover was spent and is the site's loss.
    """
    shares = Shares(purchase)
    if theirs.currency != purchase.currency or not 0 < theirs.amount_minor <= shares.left_minor:
        why = _("A refund of %(money)s at the payment service is more than this order has left.")
        said = money(theirs.amount_minor, theirs.currency)
        Purchase.objects.filter(pk=purchase.pk).update(needs_attention=why % {"money": said})
        return
    share = shares.within(theirs.amount_minor, unused_coins(purchase))
    made = Refund(
        purchase=purchase,
        key=uuid5(NAMESPACE_URL, theirs.reference),
        reason=Refund.Reason.PROVIDER,
    )
    loss_minor = theirs.amount_minor - share.total_minor
    answered(place(made, share, loss_minor=loss_minor), theirs)


def _differs(refund: Refund, theirs: ProviderRefund) -> str:
    return _("The payment service refunded %(theirs)s, but we asked for %(ours)s.") % {
        "theirs": money(theirs.amount_minor, theirs.currency),
        "ours": refund.total,
    }


def _tell_staff(refund: Refund, why: str) -> None:
    Refund.objects.filter(pk=refund.pk).update(needs_attention=why[:200], due_at=None)
