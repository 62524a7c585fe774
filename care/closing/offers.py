"""What closing an account means for it now: what goes back, what is lost, what is in the way."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

import ledger
from accounts.models import User
from foundation.money import Money, money
from ledger.chart import COIN, DIAMOND
from ledger.models import Account
from live.models import Stream
from payouts.models import Payout
from wallet.models import Dispute, Purchase, Refund
from wallet.prices.diamonds import CreatorsMoney
from wallet.refunds.unused import taken_back

DIAMONDS = ("diamonds", "diamonds_held", "diamonds_frozen")


@dataclass(frozen=True)
class OrderOffer:
    """A paid order with coins left: what goes back of it, or why nothing does."""

    purchase: Purchase
    coins: int
    money: Money
    why_not: StrOrPromise = ""


@dataclass(frozen=True)
class Offer:
    """What closing an account means for it now."""

    orders: list[OrderOffer]
    coins: int
    bonus: int
    diamonds: int
    worth: Money  # of all its diamonds
    blocks: list[StrOrPromise]

    @property
    def returned(self) -> list[OrderOffer]:
        """The orders of which coins go back."""
        return [order for order in self.orders if not order.why_not]

    @property
    def coins_lost(self) -> int:
        """Paid coins that do not go back."""
        return self.coins - sum(order.coins for order in self.returned)

    @property
    def loses(self) -> bool:
        """Whether anything is lost to which the owner must agree."""
        return self.coins_lost > 0 or self.diamonds > 0


def offer_of(user: User) -> Offer:
    """Return what closing an account would mean now."""
    kinds = [
        *((kind, COIN) for kind in ("coins", "bonus_coins")),
        *((k, DIAMOND) for k in DIAMONDS),
    ]
    held = ledger.balances([(kind, unit, user.pk) for kind, unit in kinds])
    amounts = {kind: held[kind, unit, user.pk] for kind, unit in kinds}
    diamonds = sum(amounts[kind] for kind in DIAMONDS)
    return Offer(
        orders=_orders(user),
        coins=amounts["coins"],
        bonus=amounts["bonus_coins"],
        diamonds=diamonds,
        worth=CreatorsMoney(user).worth(diamonds).amount,
        blocks=blocks_of(user),
    )


def _orders(user: User) -> list[OrderOffer]:
    paid = user.purchases.filter(state=Purchase.State.PAID).order_by("-captured_at", "-pk")
    return [offer for order in paid if (offer := _order(order))]


def _order(purchase: Purchase) -> OrderOffer | None:
    worth = taken_back(purchase, 0).unused
    if not worth.coins:
        return None
    amount = money(worth.total_minor, purchase.currency)
    days, paid = settings.CLOSING_REFUND_DAYS, purchase.captured_at
    why: StrOrPromise = ""
    if days and paid and paid < timezone.now() - timedelta(days=days):
        why = _("Older than %(days)s days.") % {"days": days}
    elif not worth.total_minor:
        why = _("Nothing of its price is left.")
    return OrderOffer(purchase, worth.coins, amount, why)


def blocks_of(user: User) -> list[StrOrPromise]:
    """Return what must come to its end before an account can be closed."""
    mine = Payout.objects.filter(creator=user)
    found = {
        _("You work here: a colleague takes your rights away first."): user.is_staff,
        _("You are live. End your stream first."): Stream.objects.on_air()
        .filter(creator=user)
        .exists(),
        _("An order is waiting to be paid. Pay or cancel it first."): user.purchases.filter(
            state__in=Purchase.OPEN
        ).exists(),
        _("Your bank is deciding about a payment. Wait for its decision."): Dispute.objects.open()
        .filter(purchase__user=user)
        .exists(),
        _("A payout is on its way. Wait until it has arrived."): mine.under_way().exists(),
        _("A payout came back. Send it again first."): has_cash(user),
    }
    return [sentence for sentence, so in found.items() if so]


def waits_for(user: User) -> bool:
    """Return whether something has not ended yet that closing has to wait for."""
    under_way = Refund.objects.filter(purchase__user=user, state__in=Refund.UNDER_WAY)
    return under_way.exists() or bool(blocks_of(user))


def has_cash(user: User) -> bool:
    """Return whether money of the person lies here."""
    accounts = Account.objects.filter(owner=user, kind__in=("cash", "cash_reserve"))
    return any(ledger.balance(one.kind, one.unit, user.pk) for one in accounts)
