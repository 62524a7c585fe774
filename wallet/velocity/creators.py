"""Creators whose income a rule finds: flagged, so that their diamonds wait, until a person decides.

What is counted is known to the apps above; this is what follows from it.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Creator, User
from wallet.models import VelocityHit, VelocityRule
from wallet.velocity.counting import Tally
from wallet.velocity.hits import cleared, record

HOLD = VelocityRule.Action.HOLD
Trust = Creator.Trust
# What the creator reads meanwhile. By it a hold is told from a flag that staff set.
REASON = gettext_noop("Automatic checks asked us to look at your gifts. A person will decide.")


@transaction.atomic
def found(rule: VelocityRule, tally: Tally, user: User) -> VelocityHit | None:
    """Write down what a rule found about a creator, and hold their diamonds if it says so.

    Nothing where it is known already, or where a person has lately decided that it is well.
    """
    creator = Creator.objects.select_for_update(no_key=True).get(user=user)
    if cleared(rule, user):
        return None
    flagged = rule.action == HOLD and creator.trust != Trust.FLAGGED
    hit = record(rule, tally, user=user, trust=creator.trust if rule.action == HOLD else "")
    if hit is not None and flagged:
        creator.trust, creator.trust_reason = Trust.FLAGGED, REASON
        creator.save(update_fields=["trust", "trust_reason"])
    return hit


def holding(user: User) -> bool:
    """Return whether an open hit holds a creator's diamonds: no payout of theirs leaves."""
    return bool(held_among([user.pk]))


def held_among(users: Iterable[int]) -> set[int]:
    """Return those of the people whose diamonds an open hit holds."""
    found = VelocityHit.objects.holding().filter(
        user__in=list(users), kind__in=VelocityRule.OF_CREATORS
    )
    return set(found.values_list("user_id", flat=True))


def decided(hit: VelocityHit, *, released: bool) -> None:
    """Lift a creator's hold once its last hit is decided well. Runs in the decision's transaction.

    The trust goes back to what it was before the first of the hits; what staff changed since stays.
    """
    if hit.action != HOLD or not released:
        return
    creator = Creator.objects.select_for_update(no_key=True).get(user=hit.user)
    if holding(hit.user) or creator.trust_reason != REASON:
        return
    creator.trust, creator.trust_reason = _trust_before(hit), ""
    creator.save(update_fields=["trust", "trust_reason"])


def _trust_before(hit: VelocityHit) -> str:
    """Return the trust before the hold began: of hits that overlap only the first one knows it."""
    held = VelocityHit.objects.filter(user=hit.user, action=HOLD, purchase=None)
    known = held.exclude(trust_before=Trust.FLAGGED).order_by("-id").first()
    return known.trust_before if known and known.trust_before else Trust.NEW
