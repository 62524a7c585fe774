"""A person's decision about what a rule found: once, with a reason, and with its effect."""

from typing import TypeAlias
from uuid import uuid5

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from foundation.errors import WrongState
from foundation.texts import reason_in
from wallet.models import HoldEmail, Purchase, VelocityHit, VelocityRule
from wallet.purchases import capturing
from wallet.refunds import requests
from wallet.refunds.amounts import Shares
from wallet.velocity import creators
from wallet.velocity.refusals import DecisionUnfit, OwnDecision, ReasonMissing, StaffAccount

Action = VelocityRule.Action
Decision: TypeAlias = VelocityHit.Decision
State = Purchase.State
LONGEST_NOTE = 200


def choices(hit: VelocityHit) -> list[Decision]:
    """Return what can be decided about a hit that is open."""
    held = hit.action == Action.HOLD
    fine = Decision.RELEASED if held else Decision.DISMISSED
    if hit.purchase is None:
        return [fine, Decision.SUSPENDED]
    return [fine, Decision.REFUNDED, Decision.SUSPENDED]


@transaction.atomic
def decide(*, hit: VelocityHit, decision: str, by: User, note: str) -> VelocityHit:
    """Decide a hit, and with it every other open hit of its order.

    Releasing an order above what one person may refund is proposed by one and confirmed by another.
    Raises `ReasonMissing`, `DecisionUnfit`, `OwnDecision`, `StaffAccount`, and `WrongState` when
    somebody decided it meanwhile.
    """
    if not (said := reason_in(note, LONGEST_NOTE)):
        raise ReasonMissing
    purchase = _locked_order(hit)
    hits = _locked_hits(hit)
    if not hits:
        raise WrongState
    # A held hit among them makes the whole order held: what fits it fits all.
    first = next((each for each in hits if each.action == Action.HOLD), hits[0])
    wanted = _wanted(first, decision)
    if wanted == Decision.SUSPENDED and (hit.user.is_staff or hit.user.is_superuser):
        raise StaffAccount
    if _waits_for_second(first, purchase, wanted, by):
        _write(hits, proposed=wanted, proposed_by=by)
        return VelocityHit.objects.get(pk=hit.pk)
    _write(hits, decision=wanted, decided_by=by, decided_at=Now(), note=said)
    if purchase is not None:
        _settle(purchase, wanted, first, by=by, note=said)
    elif first.of_creator:
        creators.decided(first, released=wanted != Decision.SUSPENDED)
    if wanted == Decision.SUSPENDED:
        _close(hit.user)
    return VelocityHit.objects.get(pk=hit.pk)


def _locked_order(hit: VelocityHit) -> Purchase | None:
    # The order first, its hits next, as settlement takes them.
    orders = Purchase.objects.select_for_update(no_key=True, of=("self",))
    return orders.select_related("user").get(pk=hit.purchase_id) if hit.purchase_id else None


def _locked_hits(hit: VelocityHit) -> list[VelocityHit]:
    """Return the open hits that are decided together, locked; nothing if this one is not open."""
    same = {"purchase": hit.purchase_id} if hit.purchase_id else {"pk": hit.pk}
    found = VelocityHit.objects.open().filter(**same).order_by("pk")
    hits = list(found.select_for_update(of=("self",)))
    return hits if any(each.pk == hit.pk for each in hits) else []


def _wanted(hit: VelocityHit, decision: str) -> Decision:
    if decision not in choices(hit):
        raise DecisionUnfit
    return Decision(decision)


def _waits_for_second(
    hit: VelocityHit, purchase: Purchase | None, wanted: Decision, by: User
) -> bool:
    """Return whether this is one person's proposal so far. Raises `OwnDecision`."""
    if wanted != Decision.RELEASED or purchase is None or not above_alone(purchase):
        return False
    if not hit.proposed:
        return True
    if hit.proposed_by_id == by.pk:
        raise OwnDecision
    return False


def above_alone(purchase: Purchase) -> bool:
    """Return whether an order is above what one person may refund, and so may release."""
    return requests.above_alone([purchase.total])


def _write(hits: list[VelocityHit], **changes: object) -> None:
    VelocityHit.objects.open().filter(pk__in=[hit.pk for hit in hits]).update(**changes)


def _settle(purchase: Purchase, wanted: Decision, hit: VelocityHit, *, by: User, note: str) -> None:
    """Credit a held order; what goes back is credited and taken in the same moment."""
    if purchase.state == State.REVIEW and hit.action == Action.HOLD:
        capturing.capture([purchase])
        HoldEmail.objects.plan(purchase, HoldEmail.About.DECIDED)
        # Whatever happened at the provider meanwhile is read next.
        Purchase.objects.filter(pk=purchase.pk).update(due_at=Now())
    if wanted not in {Decision.REFUNDED, Decision.SUSPENDED} or purchase.captured_at is None:
        return
    if left := Shares(purchase).left_minor:
        key = uuid5(hit.public_id, "refund")
        requests.give_back(purchase=purchase, key=key, amount_minor=left, by=by, note=note)


def _close(user: User) -> None:
    """Close an account: it signs in no more, and no payout of it leaves."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.revoke_api_keys()
    user.sessions.all().delete()
