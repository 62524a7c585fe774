"""From diamonds to money on its way: requesting a payout, cancelling it, sending returned money
again.
"""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

import ledger
from accounts.models import User
from foundation.errors import WrongState
from foundation.figures import figure
from payouts import refusals
from payouts.methods import bank_accounts
from payouts.models import Payout, PayoutPolicy
from payouts.pause import refuse_while_paused
from payouts.postings import facts
from payouts.requests import quotes
from payouts.wakeup import wake_worker
from wallet.prices.diamonds import CreatorsMoney, Quote, available_diamonds, quote


@transaction.atomic
def request_payout(*, creator: User, diamonds: int, key: UUID) -> Payout:
    """Set diamonds aside as money on its way. Nothing leaves the platform yet.

    What a lost dispute left owing is paid with it, in diamonds: `available_diamonds` leaves that
    much over.
    """
    bank_accounts.lock_creator(creator)
    if earlier := Payout.objects.filter(creator=creator, key=key).first():
        return _same(earlier, diamonds=diamonds)
    refuse_while_paused()
    method = bank_accounts.usable_method(creator)
    worth = quote(diamonds=diamonds, currency=method.currency)
    _within_limits(creator, worth)
    payout = Payout.objects.create(
        key=key,
        creator=creator,
        method=method,
        diamonds=diamonds,
        debt_diamonds=ledger.balance("diamonds_owed", "DIAMOND", creator.pk),
        rate_card=worth.card,
        fx_per_usd=worth.fx_per_usd,
        currency=worth.currency,
        amount_minor=worth.amount_minor,
        exact_minor=worth.exact_minor,
        due_at=Now(),
    )
    payout.events.create(state=Payout.State.REQUESTED)
    _convert(payout)
    wake_worker()
    return Payout.objects.get(pk=payout.pk)


@transaction.atomic
def pay_again(*, creator: User, payout: Payout, key: UUID) -> Payout:
    """Send the money of a returned payout once more, to the account in use now. Its worth does
    not change.
    """
    bank_accounts.lock_creator(creator)
    if earlier := Payout.objects.filter(creator=creator, key=key).first():
        if earlier.pays_again_id != payout.pk:
            raise ledger.KeyReused
        return earlier
    refuse_while_paused()
    method = bank_accounts.usable_method(creator)
    # A statement that contradicts this return waits, or is waited for.
    mine = Payout.objects.select_for_update(of=("self",), no_key=True)
    returned = mine.get(pk=payout.pk, creator=creator)
    if returned.state != Payout.State.RETURNED:
        raise WrongState
    if not returned.can_pay_again:
        raise refusals.AlreadyPaidAgain
    if returned.held_reason:
        raise refusals.PayoutHeld(payout=returned.short_id)
    again = Payout.objects.create(
        key=key,
        creator=creator,
        method=method,
        diamonds=0,
        rate_card=returned.rate_card,
        fx_per_usd=returned.fx_per_usd,
        currency=returned.currency,
        amount_minor=returned.amount_minor,
        exact_minor=returned.amount_minor,
        pays_again=returned,
        due_at=Now(),
    )
    again.events.create(state=Payout.State.REQUESTED)
    wake_worker()
    return Payout.objects.get(pk=again.pk)


@transaction.atomic
def cancel(*, payout: Payout, by: User) -> Payout:
    """Cancel a payout before it is in a bank file: its diamonds are available again."""
    payout = Payout.objects.select_for_update().get(pk=payout.pk)
    if not payout.can_cancel:
        raise WrongState
    note = "" if by.pk == payout.creator_id else f"by staff {by}"
    payout.move(Payout.State.CANCELLED, note=note, due_at=None, needs_attention="")
    if payout.diamonds:
        converted = f"payout:{payout.public_id}:convert"
        ledger.post_one(
            key=f"payout:{payout.public_id}:cancelled",
            kind="reversal",
            reverses=converted,
            input=facts([payout.pk])[payout.pk],
        )
    return payout


def _same(earlier: Payout, *, diamonds: int) -> Payout:
    """Return the payout of this key. Raises `KeyReused` if the key came with other diamonds."""
    if earlier.diamonds != diamonds or earlier.pays_again_id is not None:
        raise ledger.KeyReused
    return earlier


def _within_limits(creator: User, worth: Quote) -> None:
    """Refuse too little, too much for a day, and more than there is."""
    smallest = quotes.smallest_payout(worth.card)
    available = available_diamonds(creator)
    if worth.diamonds > max(available, smallest):  # before anything is reckoned with the number
        raise refusals.NotEnoughDiamonds(available=figure(available))
    if worth.diamonds < smallest or worth.amount_minor <= 0:
        least = CreatorsMoney(creator).worth(smallest).amount
        raise refusals.BelowMinimum(minimum=figure(smallest), worth=least)
    if worth.diamonds > available:
        raise refusals.NotEnoughDiamonds(available=figure(available))
    left = quotes.day_left_micro_usd(creator)
    if worth.diamonds * worth.card.diamond_payout_micro_usd > left:
        limit = PayoutPolicy.current().max_per_day_usd_cents * quotes.MICRO_PER_CENT
        theirs = CreatorsMoney(creator).of_dollars
        raise refusals.AboveDayLimit(limit=theirs(limit), left=theirs(left))


def _convert(payout: Payout) -> None:
    """Take the diamonds and owe the money, in one posting, and pay the debt."""
    creator, currency = payout.creator_id, payout.currency
    debt = ledger.Leg(
        "DIAMOND",
        ledger.account_id("diamonds", "DIAMOND", creator),
        ledger.account_id("diamonds_owed", "DIAMOND", creator),
        payout.debt_diamonds,
    )
    ledger.post_one(
        key=f"payout:{payout.public_id}:convert",
        kind="conversion",
        legs=[
            ledger.Leg(
                "DIAMOND",
                ledger.account_id("diamonds", "DIAMOND", creator),
                ledger.account_id("diamonds_converted", "DIAMOND"),
                payout.diamonds,
            ),
            ledger.Leg(
                currency,
                ledger.account_id("creator_cost", currency),
                ledger.account_id("cash", currency, creator),
                payout.amount_minor,
            ),
            *([debt] if debt.amount else []),
        ],
        input=facts([payout.pk])[payout.pk],
    )
