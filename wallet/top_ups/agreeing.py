"""Turning auto top-up on: what the fan agrees to, and the card that it is charged to."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.pauses import paused_until
from foundation.figures import figure
from foundation.money import money
from wallet.agreements.turning_off import turn_off
from wallet.disputes.refusals import refuse_while_disputed
from wallet.limits.spending import refuse_over_limit
from wallet.models import Bundle, SavedMethod, TopUp
from wallet.prices.quotes import Quote
from wallet.providers import registry
from wallet.purchases import buying
from wallet.top_ups import consent, refusals

FIRST_INSPECTION = timedelta(seconds=30)
State = TopUp.State


@dataclass(frozen=True)
class Wish:
    """What a fan asks for. `total_minor` is the price that they saw, `version` the sentence's."""

    bundle: Bundle
    below_coins: int
    month_minor: int
    total_minor: int
    version: str


@transaction.atomic
def agree(*, user: User, wish: Wish) -> TopUp:
    """Keep what a fan agrees to: in force at once with a card they saved, else once one is.

    Raises what a purchase of the pack would raise now, and the refusals of auto top-up.
    """
    offer = buying.quote(user=user, bundle=wish.bundle)
    found = registry.saving(country=offer.country, amount_minor=offer.total_minor)
    if found is None:
        raise refusals.NoSavedMethods
    _refuse_wish(wish, offer)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    refuse_while_disputed(user)
    refuse_over_limit(user, offer.coins)
    provider, method = found
    for waiting in user.top_ups.filter(state=State.WAITING):
        turn_off(top_up=waiting, reason=TopUp.Reason.CHANGED)
    saved = SavedMethod.objects.filter(
        user=user, provider=provider.name, state=SavedMethod.State.SAVED
    ).first()
    top_up = TopUp.objects.create(
        user=user,
        saved_method=saved
        or SavedMethod.objects.create(
            user=user, provider=provider.name, method=method.slug, due_at=Now() + FIRST_INSPECTION
        ),
        below_coins=wish.below_coins,
        bundle=wish.bundle,
        coins=offer.coins,
        currency=offer.currency,
        total_minor=offer.total_minor,
        month_minor=wish.month_minor,
        consent=sentence_of(offer, wish),
        consent_version=consent.VERSION,
        consented_at=Now(),
    )
    if saved:
        _turn_on(top_up)
    top_up.refresh_from_db()
    return top_up


def sentence_of(offer: Quote, wish: Wish) -> str:
    """Return the sentence of a wish."""
    return consent.sentence(
        total=offer.total,
        coins=offer.coins,
        below=wish.below_coins,
        month=money(wish.month_minor, offer.currency),
    )


def _refuse_wish(wish: Wish, offer: Quote) -> None:
    if wish.total_minor != offer.total_minor:
        raise buying.PriceChanged(price=offer.total)
    if wish.version != consent.VERSION:
        raise refusals.ConsentOutdated
    if not 0 < wish.below_coins <= offer.coins:
        raise refusals.TopUpTooHigh(most=figure(offer.coins))
    if wish.month_minor < offer.total_minor:
        raise refusals.MonthTooLow(price=offer.total)


def _turn_on(top_up: TopUp) -> None:
    """Put an agreement in force, in the place of an earlier one. The fan's row is locked."""
    for earlier in top_up.user.top_ups.filter(state=State.ON):
        turn_off(top_up=earlier, reason=TopUp.Reason.CHANGED)
        if earlier.saved_method_id != top_up.saved_method_id:
            SavedMethod.objects.filter(
                pk=earlier.saved_method_id, state=SavedMethod.State.SAVED
            ).update(state=SavedMethod.State.REMOVING, due_at=Now())
    top_up.move(State.ON, on_at=Now())


@transaction.atomic
def saved(method: SavedMethod, names: dict[str, str]) -> None:
    """Keep that a card was saved; its agreement is in force now. Without one, the card goes again.

    `names` are the card's references, brand and last digits, as the provider has them.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=method.user_id)
    locked = SavedMethod.objects.select_for_update(no_key=True).get(pk=method.pk)
    if locked.state != SavedMethod.State.WAITING:
        return
    locked.move(SavedMethod.State.SAVED, due_at=None, attempts=0, needs_attention="", **names)
    top_up = locked.top_ups.filter(state=State.WAITING).first()
    if top_up and not paused_until(user):
        _turn_on(top_up)
        return
    if top_up:
        turn_off(top_up=top_up, reason=TopUp.Reason.NOT_SAVED)
    else:
        locked.move(SavedMethod.State.REMOVING, due_at=Now())


@transaction.atomic
def not_saved(method: SavedMethod) -> None:
    """Keep that no card was saved; what was agreed with it never came into force."""
    locked = SavedMethod.objects.select_for_update(no_key=True).get(pk=method.pk)
    if locked.state == SavedMethod.State.WAITING:
        locked.move(SavedMethod.State.REMOVED, due_at=None, attempts=0, needs_attention="")
        for top_up in locked.top_ups.filter(state=State.WAITING):
            turn_off(top_up=top_up, reason=TopUp.Reason.NOT_SAVED)
