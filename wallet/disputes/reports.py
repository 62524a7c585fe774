"""What the provider says of an order's disputes, booked once, in whichever order it is told.

All of it runs inside the transaction that settles the order, under the order's lock.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from foundation.jobs import nudge
from foundation.money import money
from wallet.coins.locks import lock_coins
from wallet.disputes import booking
from wallet.models import Dispute, DisputePolicy, Purchase
from wallet.providers.base import DisputeStatus, ProviderDispute
from wallet.refunds.amounts import Shares
from wallet.refunds.unused import unused_coins

State = Dispute.State
STATE = {
    DisputeStatus.NEEDS_RESPONSE: State.NEEDS_RESPONSE,
    DisputeStatus.UNDER_REVIEW: State.UNDER_REVIEW,
    DisputeStatus.WON: State.WON,
    DisputeStatus.LOST: State.LOST,
}
FOLLOW_GIFTS = "gifts.tasks.follow_disputes"  # a layer above: woken by its name


def reported(purchase: Purchase, disputes: Iterable[ProviderDispute]) -> None:
    """Bring a paid order's disputes to where the provider says that they stand."""
    for theirs in disputes:
        lock_coins(purchase.user_id)
        ours = _known(purchase, theirs) or _opened(purchase, theirs)
        if ours is not None:
            _follow(ours, theirs)
            nudge(FOLLOW_GIFTS)


def ended(purchase: Purchase, disputes: Iterable[ProviderDispute]) -> None:
    """Settle the known disputes that have ended, before anything else of the order is booked.

    What they held is free again for a refund that came in the same answer.
    """
    over = (DisputeStatus.WON, DisputeStatus.LOST)
    reported(purchase, [d for d in disputes if d.status in over and _known(purchase, d)])


def differs(purchase: Purchase, disputes: Iterable[ProviderDispute]) -> bool:
    """Return whether the provider knows of a dispute that stands elsewhere with us."""
    for theirs in disputes:
        ours = _known(purchase, theirs)
        if ours is None:
            return theirs.currency == purchase.currency
        if ours.fee_minor != theirs.fee_minor:
            return True
        if ours.is_open and (STATE[theirs.status], _is_inquiry(theirs)) != (
            ours.state,
            ours.inquiry,
        ):
            return True
    return False


def _known(purchase: Purchase, theirs: ProviderDispute) -> Dispute | None:
    found = Dispute.objects.filter(provider_reference=theirs.reference, purchase=purchase)
    return found.select_related("purchase").first()


def _is_inquiry(theirs: ProviderDispute) -> bool:
    # What is lost has cost money, whatever it is called.
    return theirs.inquiry and theirs.status != DisputeStatus.LOST


def _opened(purchase: Purchase, theirs: ProviderDispute) -> Dispute | None:
    """Write a dispute that we hear of for the first time; none for one that cannot be booked."""
    if theirs.currency != purchase.currency or theirs.amount_minor <= 0:
        why = _("The payment service reports a dispute of %(money)s, which does not fit the order.")
        said = why % {"money": money(theirs.amount_minor, theirs.currency)}
        Purchase.objects.filter(pk=purchase.pk).update(needs_attention=said[:200])
        return None
    rules = DisputePolicy.current()
    dispute = Dispute(
        purchase=purchase,
        provider=purchase.provider,
        provider_reference=theirs.reference,
        state=State.NEEDS_RESPONSE,
        inquiry=True,  # until its money is booked
        reason=theirs.reason[:60],
        currency=theirs.currency,
        amount_minor=theirs.amount_minor,
        evidence_due_at=theirs.evidence_due_at,
        bearer=rules.bearer,
        tax_back=rules.tax_back,
    )
    _measure(dispute)
    dispute.save(force_insert=True)
    return dispute


def _measure(dispute: Dispute) -> None:
    """Note how much of its order a dispute is about: refunded and disputed are within its price."""
    purchase = Purchase.objects.get(pk=dispute.purchase_id)
    left = Shares(purchase, without=dispute).left_minor
    covered = min(dispute.amount_minor, left)
    dispute.uncovered_minor = dispute.amount_minor - covered
    coins = -(-purchase.coins * covered // purchase.total_minor)
    gone = purchase.returned_coins + purchase.held_coins - dispute.held_coins
    dispute.coins = max(dispute.held_coins, min(coins, purchase.coins - gone))
    if dispute.uncovered_minor:
        why = _("%(money)s more is disputed than this order has left. If lost, the site bears it.")
        over = money(dispute.uncovered_minor, dispute.currency)
        dispute.needs_attention = why % {"money": over}


def _follow(dispute: Dispute, theirs: ProviderDispute) -> None:
    """Book what is new. What is decided stays decided: another word is for staff to look at."""
    to = STATE[theirs.status]
    if not dispute.is_open:
        _charge(dispute, theirs)
        if to in {State.WON, State.LOST} and to != dispute.state:
            _tell_staff(
                dispute, _("The payment service now says: %(state)s.") % {"state": to.label}
            )
        return
    if theirs.amount_minor != dispute.amount_minor:
        _remeasure(dispute, theirs)
    _freeze(dispute)
    if dispute.inquiry and not _is_inquiry(theirs):
        booking.take(dispute)
    _charge(dispute, theirs)
    if to == State.WON:
        booking.win(dispute)
    elif to == State.LOST:
        booking.lose(dispute)
    else:
        if to != dispute.state:
            dispute.move(to)
        Dispute.objects.filter(pk=dispute.pk).update(
            evidence_due_at=theirs.evidence_due_at, reason=theirs.reason[:60]
        )


def _remeasure(dispute: Dispute, theirs: ProviderDispute) -> None:
    """Take over another amount of an inquiry; once money moved, its amount counts as it was."""
    if dispute.inquiry:
        dispute.amount_minor = theirs.amount_minor
        _measure(dispute)
        dispute.save()
        return
    said = money(theirs.amount_minor, theirs.currency)
    why = _("The payment service now says that it is about %(money)s.")
    _tell_staff(dispute, why % {"money": said})


def _charge(dispute: Dispute, theirs: ProviderDispute) -> None:
    if theirs.fee_minor != dispute.fee_minor:
        booking.charge(dispute, theirs.fee_minor)


def _freeze(dispute: Dispute) -> None:
    """Put what is unspent of the disputed coins on hold, as far as it is not already."""
    purchase = Purchase.objects.get(pk=dispute.purchase_id)
    coins = min(unused_coins(purchase), dispute.coins - dispute.held_coins)
    if coins > 0:
        booking.hold(dispute, coins)


def _tell_staff(dispute: Dispute, why: str) -> None:
    Dispute.objects.filter(pk=dispute.pk).update(needs_attention=why[:200])
