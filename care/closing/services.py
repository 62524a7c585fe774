"""Closing an account: asked for once, kept by signing in, ended by a worker."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts import suspension
from accounts.models import User
from care.closing import refusals
from care.closing.offers import OrderOffer, offer_of
from care.models import Closing
from foundation.jobs import nudge
from video import stream_keys
from wallet.coins.locks import lock_coins
from wallet.models import Refund
from wallet.refunds import requests

REFUND_SWEEP = "wallet.tasks.sweep"
TELL = "care.tasks.sweep"


@transaction.atomic
def ask(*, user: User, gives_up: bool = False) -> Closing:
    """Close an account: its unused coins go back at once, all browsers and keys are signed out,
    and it ends after the days in which its owner can keep it. Asking twice is asking once.

    Raises `ClosingBlocked`, `MustGiveUp`.
    """
    locked = _locked(user)
    if earlier := Closing.objects.under_way().filter(user=locked).first():
        return earlier
    offer = offer_of(locked)
    if offer.blocks:
        raise refusals.ClosingBlocked(why=offer.blocks[0])
    if offer.loses and not gives_up:
        raise refusals.MustGiveUp
    now = timezone.now()
    ends = now + timedelta(days=settings.CLOSING_GRACE_DAYS)
    closing = Closing.objects.create(
        user=locked, gives_up=gives_up, asked_at=now, closes_at=ends, due_at=ends, notify_at=now
    )
    give_back(closing, offer.returned)
    suspension.sign_out_everywhere(locked)
    stream_keys.revoke(creator=locked)
    nudge(REFUND_SWEEP)
    nudge(TELL)
    return closing


@transaction.atomic
def keep(*, user: User) -> bool:
    """Keep an account that was to close, and say whether it was. Refunds go on."""
    mine = Closing.objects.under_way().filter(user=user)
    return bool(mine.update(undone_at=Now(), due_at=None, notify_at=Now(), needs_attention=""))


def give_back(closing: Closing, orders: list[OrderOffer]) -> list[Refund]:
    """Ask for the refund of each order's unused coins, once for each order and closing."""
    return [
        requests.close_out(purchase=one.purchase, key=key_of(closing, one.purchase.pk))
        for one in sorted(orders, key=lambda one: one.purchase.pk)
    ]


def key_of(closing: Closing, purchase_id: int) -> UUID:
    """Return the key of the refund of an order in a closing."""
    return uuid5(NAMESPACE_URL, f"closing:{closing.pk}:{purchase_id}")


def _locked(user: User) -> User:
    """Return the person, with their orders and coins locked in the order in which all do."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    list(locked.purchases.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    lock_coins(locked.pk)
    return locked
