"""Asking for a refund: the fan for unused coins, staff for any order with a reason."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.approvers import refuse_new
from accounts.models import User
from foundation.errors import WrongState
from foundation.figures import figure
from foundation.jobs import nudge
from foundation.money import Money, money
from foundation.texts import reason_in
from ledger import KeyReused
from wallet.coins.locks import lock_coins
from wallet.models import DisputePolicy, FxRate, Purchase, Refund, SpendingPolicy
from wallet.refunds import booking, refusals
from wallet.refunds.amounts import Shares, Worth
from wallet.refunds.unused import returnable, taken_back, unused_coins

State = Refund.State
Reason = Refund.Reason
NOTE_LENGTH = 200
_NOTHING = Decimal(0)
CONFIRM_RIGHTS = ("wallet.confirm_refund",)  # what the second person acts by
FOLLOW_GIFTS = "gifts.tasks.follow_disputes"  # a layer above: woken by its name


@transaction.atomic
def withdraw(*, purchase: Purchase, key: UUID, coins: int | None = None) -> Refund:
    """Return unused coins of one's own order, all or so many, once per key.

    Raises `NothingUnused`, `FewerUnused`, `WithdrawalOver`, `PaidByCard`, `KeyReused`,
    `WrongState`.
    """
    locked = _locked(purchase)
    if earlier := _same(locked, key, coins=coins):
        return earlier
    if locked.captured_at is None:
        raise WrongState
    offer = returnable(locked)
    if not offer.runs:
        raise refusals.WithdrawalOver(days=figure(SpendingPolicy.current().withdrawal_days))
    if locked.is_prepaid:
        raise refusals.PaidByCard
    free = offer.unused
    if not free:
        raise refusals.NothingUnused
    wanted = free if coins is None else coins
    if not 0 < wanted <= free:
        raise refusals.FewerUnused(coins=figure(free))
    share = Shares(locked).of(wanted)
    asked = Refund(purchase=locked, key=key, reason=Reason.WITHDRAWAL, asked_by=locked.user)
    return place(asked, share)


@transaction.atomic
def give_back(
    *,
    purchase: Purchase,
    key: UUID,
    amount_minor: int,
    by: User,
    note: str,
    reason: Refund.Reason = Reason.STAFF,
) -> Refund:
    """Refund an amount of an order for a reason, once per key.

    Unused coins go first; what they do not cover is the site's loss, and of a prepaid card's order
    nothing. Above the policy's amount a second person confirms it. Raises `NoteMissing`,
    `AmountOutOfRange`, `KeyReused`, `WrongState`.
    """
    locked = _locked(purchase)
    if earlier := _same(locked, key, total_minor=amount_minor):
        return earlier
    if locked.captured_at is None:
        raise WrongState
    if not (said := reason_in(note, NOTE_LENGTH)):
        raise refusals.NoteMissing
    shares, most = Shares(locked), most_by_staff(locked)
    if not 0 < amount_minor <= most:
        raise refusals.AmountOutOfRange(most=money(most, locked.currency))
    share = shares.within(amount_minor, unused_coins(locked))
    asked = Refund(
        purchase=locked,
        key=key,
        reason=reason,
        asked_by=by,
        note=said,
        needs_second=above_alone([money(amount_minor, locked.currency)]),
    )
    return place(asked, share, loss_minor=amount_minor - share.total_minor)


@transaction.atomic
def take_back(
    *, purchase: Purchase, key: UUID, gift_coins: int, by: User, note: str, needs_second: bool
) -> Refund:
    """Refund what a child bought, once per key: all unused coins of an order, and so many spent
    ones, whose gifts go back as after a lost dispute.

    The caller says whether a second person must confirm it: one decision may be about many orders.
    Raises `NoteMissing`, `NothingUnused`, `FewerSpent`, `KeyReused`, `WrongState`.
    """
    locked = _locked(purchase)
    if earlier := locked.refunds.filter(key=key).first():
        if earlier.gift_coins != gift_coins:
            raise KeyReused
        return earlier
    if locked.captured_at is None:
        raise WrongState
    if not (said := reason_in(note, NOTE_LENGTH)):
        raise refusals.NoteMissing
    worth = taken_back(locked, gift_coins)
    if not worth.total_minor:
        raise refusals.NothingUnused
    asked = Refund(
        purchase=locked,
        key=key,
        reason=Reason.GUARDIAN,
        asked_by=by,
        note=said,
        needs_second=needs_second,
        gift_coins=gift_coins,
        bearer=DisputePolicy.current().bearer if gift_coins else "",
    )
    return place(asked, worth.unused, loss_minor=worth.loss_minor)


@transaction.atomic
def close_out(*, purchase: Purchase, key: UUID) -> Refund:
    """Give back all unused coins of an order whose fan closes the account, once per key; the
    withdrawal period does not matter. Raises `NothingUnused`, `WrongState`.
    """
    locked = _locked(purchase)
    if earlier := locked.refunds.filter(key=key).first():
        return earlier
    if locked.captured_at is None:
        raise WrongState
    share = taken_back(locked, 0).unused
    if not share.total_minor:
        raise refusals.NothingUnused
    asked = Refund(purchase=locked, key=key, reason=Reason.CLOSING, asked_by=locked.user)
    return place(asked, share)


@transaction.atomic
def confirm(*, refund: Refund, by: User) -> Refund:
    """Let a refund go that another person proposed. Raises `WrongState`, `OwnRefund`,
    `ApproverTooNew`.
    """
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if by.pk == refund.asked_by_id:
        raise refusals.OwnRefund
    refuse_new(by, rights=CONFIRM_RIGHTS, since=refund.created_at)
    refund.move(State.HELD, decided_by=by, **on_its_way(refund.purchase))
    return refund


@transaction.atomic
def reject(*, refund: Refund, by: User) -> Refund:
    """Turn down a refund that was not sent: one that is proposed, or of a prepaid card whose money
    did not leave by hand. Its coins are free again. Raises `WrongState`.
    """
    purchase = _locked(refund.purchase)
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if refund.state == State.HELD and (refund.by_hand or not purchase.is_prepaid):
        raise WrongState
    refund.move(State.REJECTED, decided_by=by, needs_attention="")
    booking.release(refund)
    return refund


def _locked(purchase: Purchase) -> Purchase:
    # The order first, the fan's coins next: whoever moves both takes them in this order.
    locked = Purchase.objects.select_for_update(no_key=True).get(pk=purchase.pk)
    lock_coins(locked.user_id)
    return locked


def most_by_staff(purchase: Purchase) -> int:
    """Return how much staff may refund of a paid order, in minor units: all that is left of it, and
    of a prepaid card's what its unused coins are worth. Cards are bought with cash; gifts that they
    paid for would leave as clean money.
    """
    shares = Shares(purchase)
    if purchase.is_prepaid:
        return min(shares.left_minor, shares.of(unused_coins(purchase)).total_minor)
    return shares.left_minor


def on_its_way(purchase: Purchase) -> dict[str, Any]:
    """Return how a refund that may leave does: its provider is asked at once; a prepaid card takes
    no money back, so people give it back by hand.
    """
    if purchase.is_prepaid:
        return {
            "due_at": None,
            "needs_attention": _("A prepaid card takes no money back. Give it back by hand."),
        }
    return {"due_at": timezone.now(), "needs_attention": ""}


def _same(
    purchase: Purchase, key: UUID, *, coins: int | None = None, total_minor: int | None = None
) -> Refund | None:
    """Return the refund this key asked for before, if one. Raises `KeyReused`."""
    earlier = purchase.refunds.filter(key=key).first()
    if earlier and (coins or earlier.coins, total_minor or earlier.total_minor) != (
        earlier.coins,
        earlier.total_minor,
    ):
        raise KeyReused
    return earlier


def place(refund: Refund, share: Worth, *, loss_minor: int = 0) -> Refund:
    """Write a refund of coins and of money that no coins cover, and hold the coins.

    Runs in the caller's transaction, under the lock of the fan's coins.
    """
    refund.coins, refund.loss_minor = share.coins, loss_minor
    refund.net_minor, refund.tax_minor = share.net_minor, share.tax_minor
    refund.currency = refund.purchase.currency
    refund.state = State.PROPOSED if refund.needs_second else State.HELD
    if refund.state == State.HELD:
        for name, value in on_its_way(refund.purchase).items():
            setattr(refund, name, value)
    refund.save(force_insert=True)
    booking.hold(refund)
    if refund.takes_gifts:
        nudge(FOLLOW_GIFTS)
    return refund


def above_alone(amounts: Iterable[Money]) -> bool:
    """Whether amounts that one person decides about together need a second person."""
    usd = sum((one.amount / FxRate.current(one.currency.code).per_usd for one in amounts), _NOTHING)
    return usd > SpendingPolicy.current().refund_alone_usd
